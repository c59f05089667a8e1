"""Sittings from a pattern: days times blocks.

The default day has four blocks of 90 minutes (6 hours of 60 minutes); on Fridays they leave the noon prayer free.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.calendar.days import FRIDAY, SATURDAY, Calendar


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """A stretch of a day, half-open, in wall times. The end comes after the start, else ValueError."""

    start: dt.time
    end: dt.time

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a block ends after it starts")

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute


@dataclass(frozen=True, slots=True, order=True)
class PlannedSitting:
    """One dated block: what a sitting is made from."""

    date: dt.date
    start: dt.time
    end: dt.time

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return Block(self.start, self.end).minutes


def _blocks(*times: str) -> tuple[Block, ...]:
    return tuple(Block(*map(dt.time.fromisoformat, span.split("-"))) for span in times)


NORMAL_BLOCKS = _blocks("09:00-10:30", "10:45-12:15", "13:30-15:00", "15:15-16:45")
FRIDAY_BLOCKS = _blocks("08:30-10:00", "10:15-11:45", "14:00-15:30", "15:45-17:15")


def default_blocks(date: dt.date) -> tuple[Block, ...]:
    """Return the blocks of an ordinary training day on `date`."""
    return FRIDAY_BLOCKS if date.weekday() == FRIDAY else NORMAL_BLOCKS


def blocks_on(date: dt.date, blocks: Sequence[Block]) -> list[Block]:
    """Return blocks of another day as they are on `date`: usual ones follow the weekday, others stay as they are."""
    for usual in (NORMAL_BLOCKS, FRIDAY_BLOCKS):
        if set(blocks) <= set(usual):
            return [default_blocks(date)[usual.index(each)] for each in blocks]
    return list(blocks)


def sittings_from_pattern(days: Iterable[dt.date], blocks: Sequence[Block] | None = None) -> list[PlannedSitting]:
    """Return one sitting for each block of each day, in order of time.

    Without `blocks` each day takes the default ones of its weekday; a day named twice counts once. Blocks that
    overlap raise ValueError.
    """
    if blocks is not None:
        blocks = sorted(blocks)
        if any(later.start < earlier.end for earlier, later in pairwise(blocks)):
            raise ValueError("blocks of one day overlap")
    return [
        PlannedSitting(day, block.start, block.end)
        for day in sorted(set(days))
        for block in (default_blocks(day) if blocks is None else blocks)
    ]


def days_for(start: dt.date, count: int, calendar: Calendar, weekdays: Collection[int] | None = None) -> list[dt.date]:
    """Return the first `count` working days from `start` on, which may be the first of them itself.

    `weekdays` (Monday 0 to Friday 4) keeps only those days of the week; without a weekday that is ever worked the
    search could not end, so that raises ValueError.
    """
    allowed = set(range(SATURDAY)) if weekdays is None else set(weekdays) & set(range(SATURDAY))
    if not allowed:
        raise ValueError("no weekday left to teach on")
    days: list[dt.date] = []
    day = start
    while len(days) < count:
        if day.weekday() in allowed and calendar.is_working_day(day):
            days.append(day)
        day += dt.timedelta(days=1)
    return days


def planned_minutes(sittings: Iterable[PlannedSitting | Block]) -> int:
    """Return the sum of the minutes."""
    return sum(sitting.minutes for sitting in sittings)


def minutes_off(sittings: Iterable[PlannedSitting | Block], course_hours: int) -> int:
    """Return by how many minutes the plan differs from the course's hours of 60 minutes; positive is too long."""
    return planned_minutes(sittings) - course_hours * 60
