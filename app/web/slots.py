"""Where a lower room's page shows what an upper room knows.

An upper room adds a provider in its `init_app`; the lower page collects. A provider takes (caller, object)
and returns something to show, or nothing.

| slot | object | a provider returns |
|---|---|---|
| `nav` | None | `NavItem`s |
| `home.tasks` | None | `Task`s |
| `me.sections` | None | `Section`s of one's own page |
| `search.results` | the typed text | `Hits` |
| `person.sections` | Employee | `Section` |
| `person.leaving` | people.leaving.Leaving | `Consequence`s: what hangs on them, and what becomes of it |
| `user.leaving` | User | `Consequence`s of an account that is deactivated |
| `course.sections` | Course | `Section` |
| `trainer.sections` | Trainer | `Section` |
| `venue.sections` | Venue | `Section` |
| `room.sections` | Room | `Section` |
| `settings.affected_sittings` | a date | `Section`: what is planned on that day |
| `plan.sessions` | ids of plan items | `plans.queries.PlannedSession`s opened from them |
| `course_session.tabs` | CourseSession | `Tab` |
| `course_session.moves` | CourseSession | `Move`s: transitions served by upper rooms |
| `course_session.opening` | CourseSession | sentences: what opening it to applications sets off |
| `course_session.conflicts` | (CourseSession, planned sittings) | `training.conflicts.Conflict`s |
| `enrolment.joining` | CourseSession | sentences for whoever is about to get a seat in it |
| `training.kept_sittings` | ids of sittings | those whose date a postponement keeps |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Provider = Callable[[Any, Any], Any]
_providers: dict[str, list[Provider]] = defaultdict(list)


@dataclass(frozen=True)
class NavItem:
    """A place in the menu. `order` sorts; `place` is True for the four of the phone's bottom bar;
    `covers`: other addresses whose pages belong to it.
    """

    label: str
    url: str
    icon: str
    order: int
    place: bool = False
    current: bool = False
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    order: int = 0
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Move:
    """A transition another room serves: a link to the page where it is done."""

    label: str
    url: str
    icon: str = "circle-check"


@dataclass(frozen=True)
class Section:
    """A part of a page drawn by another room: its template gets `content` as `section`."""

    title: str
    template: str
    content: Any
    order: int = 0


@dataclass(frozen=True)
class Hit:
    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Hits:
    title: str
    hits: tuple[Hit, ...]
    more_url: str | None = None
    order: int = 0


@dataclass(frozen=True)
class Consequence:
    """What hangs on somebody, and what becomes of it. `choice`: the value of its tick where it can be kept.
    `stays`: nothing becomes of it, it is only said.
    """

    what: str
    becomes: str
    url: str = ""
    choice: str = ""
    order: int = 0
    stays: bool = False


@dataclass(frozen=True)
class Action:
    """What can be done about a task where it stands: a button that posts to `url`, or a link there."""

    label: str
    url: str
    icon: str
    posts: bool = False


@dataclass(frozen=True)
class Task:
    """Something that waits for somebody, one click from being done."""

    label: str
    url: str
    detail: str = ""
    icon: str = "bell"
    urgent: bool = False
    order: int = field(default=0)
    actions: tuple[Action, ...] = ()


def add(slot: str, provider: Provider) -> None:
    if provider not in _providers[slot]:
        _providers[slot].append(provider)


def collect(slot: str, caller: Any, thing: Any = None) -> list[Any]:
    """Everything the providers of a slot have to show, flattened, in their `order`."""
    found: list[Any] = []
    for provider in _providers[slot]:
        given = provider(caller, thing)
        if given is not None:
            found += list(given) if isinstance(given, Iterable) else [given]
    return sorted(found, key=lambda item: getattr(item, "order", 0))
