"""What may stand between a person and a seat, and which hours meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from app.core.errors import Text


class Kind(StrEnum):
    INACTIVE = "inactive"
    TRAINER = "trainer"
    SAME_COURSE = "same_course"
    PREREQUISITE = "prerequisite"
    COMPLETED = "completed"
    CLASH = "clash"


@dataclass(frozen=True)
class Obstacle:
    """One sentence with its kind. Whatever passes can be overridden with a reason, or waits on the list:
    a clash, and having completed the course already.
    """

    kind: Kind
    sentence: Text

    @property
    def passes(self) -> bool:
        return self.kind in (Kind.CLASH, Kind.COMPLETED)


@dataclass(frozen=True)
class Block:
    """A stretch of time on a day, half-open."""

    day: date
    starts: time
    ends: time

    def meets(self, other: Block) -> bool:
        return self.day == other.day and self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True)
class Busy:
    """A sitting of another session somebody holds a seat in."""

    employee_id: int
    course_session_id: int
    code: str
    block: Block


def quarter(day: date) -> tuple[date, date]:
    """The first day of a day's quarter, and of the one after."""
    first = day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    return first, first.replace(year=first.year + 1, month=1) if first.month == 10 else first.replace(
        month=first.month + 3
    )
