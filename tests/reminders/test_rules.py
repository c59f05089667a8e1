from __future__ import annotations

from datetime import date

from app.calendar.days import Calendar, OffDay
from app.reminders.rules import before, just_over

FEAST = Calendar.of([], [OffDay(date(2026, 11, 26))])


def test_working_days_are_counted() -> None:
    monday = date(2026, 11, 30)
    assert before(monday, date(2026, 11, 27), FEAST) == "day"
    assert before(monday, date(2026, 11, 18), FEAST) == "week", "the 26th and the weekends do not count"
    assert before(monday, date(2026, 11, 19), FEAST) == ""
    assert before(monday, date(2026, 11, 28), FEAST) == ""


def test_what_took_place_on_days_off_is_over_on_the_next_working_day() -> None:
    assert just_over(date(2026, 11, 25), FEAST) == [date(2026, 11, 24)]
    assert just_over(date(2026, 11, 26), FEAST) == []
    assert just_over(date(2026, 11, 27), FEAST) == [date(2026, 11, 26), date(2026, 11, 25)]
    assert just_over(date(2026, 11, 30), FEAST) == [date(2026, 11, 29), date(2026, 11, 28), date(2026, 11, 27)]
