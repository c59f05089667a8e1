"""The one place that asks what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
_still: ContextVar[bool] = ContextVar("still", default=False)


def now() -> datetime:
    """This moment, aware, in UTC."""
    if _still.get():
        raise RuntimeError("What is kept cannot hold a moment: core.tables.written reads it late.")
    return datetime.now(UTC)


@contextmanager
def standing_still() -> Iterator[None]:
    """While something is made that is kept for other moments, nobody reads the clock."""
    before = _still.set(True)
    try:
        yield
    finally:
        _still.reset(before)


def today() -> date:
    """The date on the wall in the four provinces, whatever zone the server runs in."""
    return now().astimezone(ISTANBUL).date()


def local(moment: datetime) -> datetime:
    """The same moment as Europe/Istanbul shows it."""
    return moment.astimezone(ISTANBUL)


def at(day: date, wall: time) -> datetime:
    """The aware UTC moment of a wall time in Europe/Istanbul."""
    return datetime.combine(day, wall, ISTANBUL).astimezone(UTC)
