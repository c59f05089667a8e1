"""What is common to the things the programme keeps lists of; what is done with them stands in `reference`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column


@dataclass(frozen=True)
class Name:
    """What something was called until a day."""

    name_tr: str
    name_en: str
    until: date


class Term:
    """One of a list the programme keeps itself: titles here, themes and competencies in the catalogue.

    `former`: its earlier names, oldest first, as {"tr", "en", "until"}. No longer `active` it is not offered any more
    and stays where it is used; so does what became part of another one, under the name it had.
    """

    name_tr: Mapped[str]
    name_en: Mapped[str]
    former: Mapped[list[Any]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
    merged_into_id: Mapped[int | None]
    version: Mapped[int]

    @classmethod
    def offered(cls, *kept: int | None) -> sa.ColumnElement[bool]:
        """What a form offers: what is in use, and what the thing has already."""
        model: Any = cls
        return sa.or_(model.active.is_(True), model.id.in_([key for key in kept if key is not None]))

    @property
    def former_names(self) -> list[Name]:
        return [Name(one["tr"], one["en"], date.fromisoformat(one["until"])) for one in self.former or ()]

    @property
    def names(self) -> list[str]:
        """All it ever went by, today's names last."""
        return names_of(self)

    def called_on(self, day: date) -> Name | None:
        """What it was called on a day, where that is not what it is called now."""
        then = next((one for one in self.former_names if day < one.until), None)
        return None if then is not None and then.name_tr == self.name_tr else then


def names_of(thing: Any) -> list[str]:
    """The same of a row that has its names."""
    pairs = [*((one["tr"], one["en"]) for one in thing.former or ()), (thing.name_tr, thing.name_en)]
    return [name for tr, en in pairs for name in (en, tr) if name]


T = TypeVar("T")


def families(terms: Iterable[T]) -> dict[int, list[T]]:
    """Things (or rows of them) with what became part of each, by the id of what stands for all of them today, which
    comes last.
    """
    found: dict[int, list[T]] = defaultdict(list)
    for term in sorted(cast("Iterable[Any]", terms), key=lambda term: term.merged_into_id is None):
        found[term.merged_into_id or term.id].append(term)
    return found
