"""The one place that asks what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
_still: ContextVar[bool] = ContextVar("still", default=False)
_day: ContextVar[date | None] = ContextVar("day", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    if _still.get():
        raise RuntimeError("What is kept cannot hold a moment: core.tables.written reads it late.")
    return datetime.now(UTC)


@contextmanager
def standing_still(day: date | None = None) -> Iterator[None]:
    """While something is made that is kept for other moments, nobody reads the clock; of what is kept for a day alone
    that day may be known.
    """
    before, known = _still.set(True), _day.set(day)
    try:
        yield
    finally:
        _day.reset(known)
        _still.reset(before)


def stands_still() -> bool:
    return _still.get()


def today() -> date:
    """The date on the wall in the four provinces, whatever zone the server runs in."""
    if (day := _day.get()) is not None:
        return day
    return now().astimezone(ISTANBUL).date()


def local(moment: datetime) -> datetime:
    """The same moment as Europe/Istanbul shows it."""
    return moment.astimezone(ISTANBUL)


def at(day: date, wall: time) -> datetime:
    """The aware UTC moment of a wall time in Europe/Istanbul."""
    return datetime.combine(day, wall, ISTANBUL).astimezone(UTC)
