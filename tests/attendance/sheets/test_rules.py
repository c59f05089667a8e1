"""When a sitting may be marked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from app.attendance.sheets.rules import Phase, surely_open, window
from app.calendar.days import Calendar

FRIDAY = date(2026, 11, 20)
NINE = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
"""Nine o'clock in Gaziantep."""
DAYS = Calendar()


def test_it_opens_half_an_hour_before_and_locks_after_whole_working_days() -> None:
    found = window(FRIDAY, time(9), 3, DAYS)
    assert found.phase(NINE - timedelta(minutes=30, seconds=1)) is Phase.EARLY
    assert found.phase(NINE - timedelta(minutes=30)) is Phase.OPEN
    assert found.last_day == date(2026, 11, 25), "the weekend is no working day"
    assert found.phase(found.locks_at - timedelta(seconds=1)) is Phase.OPEN
    assert found.phase(found.locks_at) is Phase.LOCKED


def test_what_is_surely_open_is_open_whatever_the_holidays_are() -> None:
    found = window(FRIDAY, time(9), 3, DAYS)
    hours = [NINE + timedelta(hours=n) for n in range(-48, 24 * 8)]
    sure = [hour for hour in hours if surely_open(FRIDAY, time(9), 3, hour)]
    assert sure
    assert all(found.phase(hour) is Phase.OPEN for hour in sure)
