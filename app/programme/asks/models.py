from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.access.scope import Scope
from app.audit.journal import Actor
from app.catalogue.models import Competency
from app.core.clock import now
from app.core.db import points_to
from app.core.errors import Text
from app.core.hooks import Hook
from app.plans.models import Origin, PlanItem


class AskMove(StrEnum):
    """What becomes of an ask."""

    ASKED = "asked"
    WITHDRAWN = "withdrawn"
    TIED = "tied"
    UNTIED = "untied"


class Asks:
    """A row that asks for a competency, beside the pointer to what asks. `plan_item_id`: the row of a plan that rests
    on it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = points_to("competencies.id")
    reason: Mapped[str] = mapped_column(sa.String(500))
    plan_item_id: Mapped[int | None] = points_to("plan_items.id")
    asked_at: Mapped[datetime] = mapped_column(default=now)

    @declared_attr
    def competency(self) -> Mapped[Competency]:
        return relationship(Competency, lazy="raise_on_sql")

    @declared_attr
    def plan_item(self) -> Mapped[PlanItem | None]:
        return relationship(PlanItem, lazy="raise_on_sql")


@dataclass(frozen=True)
class Asker:
    """A kind of thing that asks, by its `key`: "finding", say.

    `model`: its table of asks, whose column `pointer` leads to `thing`, which is called what its columns `name` say
    (behind its `code`). `owned`: the model that has a `province_id` and by whose rule all of it is seen; `joins` lead
    from the thing to it (model, on). `written`: the thing with an id as a scope writes it, or Missing. `shown` and
    `withdrawn` are conditions: whether what asks is for other eyes than its writers' at all, and whether it was taken
    back though a row rests on it. `label`: what such a thing is called; `url`: its page, by its id. `heard` is told
    what becomes of an ask, before it does, and may refuse.
    """

    key: str
    label: Text
    origin: Origin
    model: Any
    pointer: Any
    thing: Any
    name: str
    owned: Any
    url: Callable[[int], str]
    written: Callable[[Scope, int], Any]
    code: Any = None
    joins: tuple[tuple[Any, Any], ...] = ()
    shown: Any = None
    withdrawn: Any = None
    heard: Callable[[Any, AskMove, str, Actor], None] | None = None

    def title(self, language: str) -> Any:
        """The column of what it is called, in a language."""
        named = getattr(self.thing, f"{self.name}_{language}")
        return named if self.code is None else self.code + " " + named


@dataclass(frozen=True)
class Wanted:
    """An ask as whoever writes it has it, with the thing that asks."""

    asker: Asker
    thing: Any
    ask: Any

    @property
    def key(self) -> str:
        return f"{self.asker.key}-{self.ask.id}"

    @property
    def url(self) -> str:
        return self.asker.url(self.thing.id)


ASKERS: Hook[dict[str, Asker]] = Hook("askers", dict)
"""All kinds of things that ask, in the order they came."""


class Line(NamedTuple):
    """An ask as it is read anywhere: who asks, for which competency, and the row that rests on it. What stands first in
    a row of `queries.lines`.
    """

    kind: str
    id: int
    thing_id: int
    title_tr: str
    title_en: str
    province_id: int | None
    competency_id: int
    reason: str
    plan_item_id: int | None
    withdrawn: bool

    @classmethod
    def of(cls, row: Any) -> Line:
        return cls(*row[: len(cls._fields)])

    @property
    def asker(self) -> Asker:
        return ASKERS.here[self.kind]

    @property
    def key(self) -> str:
        """How an address and the journal name it."""
        return f"{self.kind}-{self.id}"

    @property
    def url(self) -> str:
        return self.asker.url(self.thing_id)
