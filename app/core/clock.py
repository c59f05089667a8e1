"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date on the wall in the four provinces, whatever zone the server runs in."""
    return now().astimezone(ISTANBUL).date()


def local(moment: datetime) -> datetime:
    """The same moment as Europe/Istanbul shows it."""
    return moment.astimezone(ISTANBUL)


def at(day: date, wall: time) -> datetime:
    """The aware UTC moment of a wall time in Europe/Istanbul."""
    return datetime.combine(day, wall, ISTANBUL).astimezone(UTC)
