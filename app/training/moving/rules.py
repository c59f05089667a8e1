"""Where days and sittings go that are moved: how far, past days nobody works on, at the hours of their new weekday."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.calendar.days import FRIDAY, Calendar
from app.calendar.pattern import Block, blocks_on
from app.core.status import Worded
from app.training.conflicts.models import Planned


class Unit(Worded):
    """A working day is one on which people work: no weekend, no holiday."""

    WEEKS_LATER = "weeks_later", "weeks later"
    DAYS_LATER = "days_later", "working days later"
    WEEKS_EARLIER = "weeks_earlier", "weeks earlier"
    DAYS_EARLIER = "days_earlier", "working days earlier"

    @property
    def sign(self) -> int:
        return 1 if self.value.endswith("later") else -1


@dataclass(frozen=True)
class MovedDay:
    """A day and where it goes; `skipped`: the day off it would have fallen on."""

    was: date
    now: date
    skipped: date | None = None

    @property
    def hours_change(self) -> bool:
        """Whether only one of the two is a Friday, whose usual hours are others."""
        return (self.was.weekday() == FRIDAY) != (self.now.weekday() == FRIDAY)


def shifted(
    days: Collection[date], count: int, unit: Unit, calendar: Calendar, staying: Collection[date] = ()
) -> list[MovedDay]:
    """So many weeks or working days on (or back), in their order. A working day comes to stand on a working day, the
    next one where it would not; no two on one, nor on a day that has sittings which stay (`staying`).
    """
    taken, found = set(staying), list[MovedDay]()
    for was in sorted(days):
        wanted = now = _target(was, unit.sign * count, unit, calendar)
        while now in taken or (calendar.is_working_day(was) and not calendar.is_working_day(now)):
            now += timedelta(days=1)
        taken.add(now)
        off = now != wanted and not calendar.is_working_day(wanted)
        found.append(MovedDay(was, now, wanted if off else None))
    return found


def _target(was: date, count: int, unit: Unit, calendar: Calendar) -> date:
    if unit in (Unit.WEEKS_LATER, Unit.WEEKS_EARLIER):
        return was + timedelta(weeks=count)
    return calendar.add_working_days(was, count)


def moved(planned: Sequence[Planned], days: Mapping[date, date]) -> list[Planned]:
    """The same sittings on other days, at their hours; the usual ones follow the weekday."""
    found = []
    for was in sorted({each.date for each in planned}):
        group = [each for each in planned if each.date == was]
        now = days.get(was, was)
        blocks = [Block(each.starts, each.ends) for each in group]
        there = blocks if now == was else blocks_on(now, blocks)
        found += [
            replace(each, date=now, starts=block.start, ends=block.end)
            for each, block in zip(group, there, strict=True)
        ]
    return found
