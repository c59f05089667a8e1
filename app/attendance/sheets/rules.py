"""When a sitting may be marked: from half an hour before it until some working days after it.

Whoever runs the session may correct later, and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol

from app.calendar.days import Calendar
from app.core.clock import at, local

OPENS_BEFORE = timedelta(minutes=30)


class Phase(StrEnum):
    UNDATED = "undated"
    EARLY = "early"
    OPEN = "open"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Window:
    """Both moments are aware; the sheet is open from `opens_at` up to but not including `locks_at`."""

    opens_at: datetime
    locks_at: datetime

    def phase(self, moment: datetime) -> Phase:
        if moment < self.opens_at:
            return Phase.EARLY
        return Phase.OPEN if moment < self.locks_at else Phase.LOCKED

    @property
    def last_day(self) -> date:
        """The last day on which it may be marked."""
        return local(self.locks_at).date() - timedelta(days=1)


def window(day: date, starts: time, lock_days: int, calendar: Calendar) -> Window:
    """The window of a sitting on `day`: the whole of the last working day belongs to it."""
    last = calendar.add_working_days(day, lock_days)
    return Window(at(day, starts) - OPENS_BEFORE, at(last + timedelta(days=1), time.min))


def surely_open(day: date, starts: time, lock_days: int, moment: datetime) -> bool:
    """Open whatever the holidays are: spares a question to the calendar while a roll is being called."""
    return at(day, starts) - OPENS_BEFORE <= moment < at(day + timedelta(days=lock_days + 1), time.min)


class Dated(Protocol):
    """A sitting, as far as it matters here: the entity or its sheet."""

    @property
    def id(self) -> int: ...
    @property
    def date(self) -> Any: ...
    @property
    def starts(self) -> Any: ...
