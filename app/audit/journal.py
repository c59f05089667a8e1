"""`record` remembers a change, in its transaction; `trace` remembers a look, whatever the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from flask import Flask

from app.audit.models import AccessEntry, AuditEntry
from app.core.afterwards import afterwards
from app.core.db import db, may_write
from app.core.hooks import Hook


class Actor(Protocol):
    """Whoever did it: a caller, or the system (id None)."""

    @property
    def id(self) -> int | None: ...


@dataclass(frozen=True)
class System:
    """The programme itself: commands and background work nobody in particular asked for."""

    id: int | None = None


SYSTEM = System()


@dataclass(frozen=True)
class Event:
    """Something that happened. A subclass names it and carries its facts: ids, field names, status values."""

    name: ClassVar[str]


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
