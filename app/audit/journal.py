"""`record` remembers a change, in its transaction; `trace` remembers a look, whatever the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Protocol, TypeVar, dataclass_transform

from flask import Flask

from app.audit.models import AccessEntry, AuditEntry
from app.core.afterwards import afterwards
from app.core.db import db, may_write
from app.core.errors import Text
from app.core.hooks import Hook
from app.core.status import Worded
from app.language import lazy_pgettext


class Actor(Protocol):
    """Whoever did it: a caller, or the system (id None)."""

    @property
    def id(self) -> int | None: ...


@dataclass(frozen=True)
class System:
    """The programme itself: commands and background work nobody in particular asked for."""

    id: int | None = None


SYSTEM = System()


@dataclass_transform(frozen_default=True)
@dataclass(frozen=True, eq=False, repr=False)
class Event:
    """Something that happened. A subclass names it and carries its facts as fields: ids, field names, status values.

    The journal holds codes; what the reader of the activity log sees instead stands beside them here.
    """

    name: ClassVar[str]
    said: ClassVar[Text]
    """What it is called."""
    words: ClassVar[Mapping[str, Text]] = {
        "active": lazy_pgettext("fact", "Active"),
        "fields": lazy_pgettext("fact", "Fields"),
        "kind": lazy_pgettext("fact", "Kind"),
        "kinds": lazy_pgettext("fact", "Kinds"),
        "now": lazy_pgettext("fact", "Now"),
        "was": lazy_pgettext("fact", "Before"),
    }
    """What its facts and the fields it may name are called: the same everywhere, so that one event says it for all."""
    values: ClassVar[Mapping[str, type[Worded] | type[date]]] = {}
    """Which of its facts are states, and which are days."""
    ids_of: ClassVar[str | None] = None
    """The kind of thing (oversight/things.py) that kept_id, merged_id, from_id and to_id point at."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, eq=False, repr=False)(cls)


def kinds() -> dict[str, type[Event]]:
    """Every kind of event there is, by its name."""
    return {kind.name: kind for kind in Event.__subclasses__()}


E = TypeVar("E", bound=Event)
LISTENERS: Hook[dict[type[Event], list[Callable[[Any, Actor], None]]]] = Hook("listeners", lambda: defaultdict(list))


def on(app: Flask, kind: type[E], listener: Callable[[E, Actor], None]) -> None:
    """What must happen when `kind` is recorded: in the same transaction, and it may raise Refused."""
    LISTENERS.on(app)[kind].append(listener)


def record(event: Event, *, by: Actor) -> None:
    """Remember a change, and tell those who listen."""
    if not may_write():
        raise RuntimeError(f"{event.name} recorded while answering a request that must change nothing")
    db.session.flush()
    db.session.add(AuditEntry(actor_id=by.id, event=event.name, facts=asdict(event)))
    for listener in LISTENERS.here[type(event)]:
        listener(event, by)


def trace(event: Event, *, by: Actor, required: bool = False) -> None:
    """Remember a look, an export, a refusal. `required`: the answer may not leave without it."""
    actor_id = by.id

    def write() -> None:
        db.session.add(AccessEntry(actor_id=actor_id, event=event.name, facts=asdict(event)))

    afterwards(write, required=required)
