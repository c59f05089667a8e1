"""What a plan would be, before anything is saved: its days, what stands in the way, and how its hours add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.access.current import caller
from app.calendar.days import Calendar
from app.core import slots
from app.core.clock import now
from app.core.errors import Refused, Text
from app.settings.queries import calendar
from app.training.conflicts import queries, rules, services
from app.training.conflicts.models import Conflict, Planned, Setting
from app.training.models import CourseSession, Sitting


@dataclass(frozen=True)
class PlannedDay:
    date: date
    sittings: tuple[Planned, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class Preview:
    """`general` conflicts concern no day in particular. Minutes: planned in all, and those the course asks for.

    `problem`: why there is no plan to look at.
    """

    days: tuple[PlannedDay, ...]
    general: tuple[Conflict, ...]
    minutes: int
    wanted: int
    known: frozenset[tuple[str, str]] = frozenset()
    problem: Text | None = None

    @property
    def conflicts(self) -> list[Conflict]:
        return [*self.general, *(conflict for day in self.days for conflict in day.conflicts)]

    @property
    def blocked(self) -> bool:
        return any(conflict.blocking for conflict in self.conflicts)

    @property
    def asks_reason(self) -> bool:
        """Whether somebody has to say why they go ahead: a warning nobody has answered yet."""
        return any((each.kind.value, each.detail) not in self.known for each in self.conflicts if not each.blocking)

    @property
    def minutes_off(self) -> int:
        return self.minutes - self.wanted


def preview(
    planned: Sequence[Planned],
    found: Sequence[Conflict],
    *,
    wanted: int,
    already: int = 0,
    known: frozenset[tuple[str, str]] = frozenset(),
    problem: Text | None = None,
) -> Preview:
    """`already`: minutes of the session's other sittings; `known`: conflicts answered with a reason before."""
    numbered = sorted(enumerate(planned), key=lambda pair: (pair[1].date, pair[1].starts))
    days = []
    for day, group in groupby(numbered, key=lambda pair: pair[1].date):
        members = list(group)
        indexes = {index for index, _ in members}
        days.append(
            PlannedDay(
                day,
                tuple(each for _, each in members),
                tuple(sorted(_once(c for c in found if c.index in indexes), key=lambda c: not c.blocking)),
            )
        )
    return Preview(
        tuple(days),
        tuple(conflict for conflict in found if conflict.index is None),
        already + sum(each.minutes for each in planned),
        wanted,
        known,
        problem,
    )


def _once(found: Iterable[Conflict]) -> list[Conflict]:
    """The same sentence of several sittings of a day is said once."""
    return list({conflict.sentence: conflict for conflict in found}.values())


def also(course_session: CourseSession, planned: Sequence[Planned]) -> list[Conflict]:
    """The conflicts upper rooms know of."""
    if not planned:
        return []
    return slots.collect("course_session.conflicts", caller, (course_session, planned))


def look(
    course_session: CourseSession,
    sittings: Sequence[Sitting],
    plan: Callable[[Calendar], list[Planned]],
    *,
    opening: bool = False,
) -> Preview:
    """What a plan for some of a session's `sittings` would be, or (`opening`) offering them as they are."""
    days = calendar()
    wanted = course_session.course.hours * 60
    try:
        planned = plan(days)
    except Refused as refusal:
        return preview((), (), wanted=wanted, problem=refusal.message)
    changed = {each.sitting_id for each in planned}
    standing = () if opening else sittings
    first = opening and course_session.threshold is None
    own = services.look(course_session, planned, days, standing=standing, opening=first)
    found = [*own, *also(course_session, planned)]
    return preview(
        planned,
        found,
        wanted=wanted,
        already=sum(each.minutes for each in sittings if each.id not in changed),
        known=queries.overridden(course_session) if found else frozenset(),
    )


def look_new(setting: Setting, wanted: int, plan: Callable[[Calendar], list[Planned]]) -> Preview:
    """The same for a session that is not saved yet; `wanted`: minutes of the course."""
    try:
        planned = plan(setting.calendar)
    except Refused as refusal:
        return preview((), (), wanted=wanted, problem=refusal.message)
    return preview(planned, [*queries.find(planned, setting), *rules.past(planned, now())], wanted=wanted)
