"""Sittings from days and blocks."""

from __future__ import annotations

import datetime as dt

import pytest

from app.calendar.days import Calendar, Holiday
from app.calendar.pattern import (
    FRIDAY_BLOCKS,
    NORMAL_BLOCKS,
    Block,
    PlannedSitting,
    days_for,
    minutes_off,
    planned_minutes,
    sittings_from_pattern,
)
from app.refdata import load

CALENDAR = Calendar.of(Holiday.from_row(row) for row in load("holidays"))
THURSDAY, FRIDAY = dt.date(2026, 11, 26), dt.date(2026, 11, 27)


def test_an_ordinary_day_and_a_friday_are_six_hours_each() -> None:
    assert planned_minutes(NORMAL_BLOCKS) == planned_minutes(FRIDAY_BLOCKS) == 360
    sittings = sittings_from_pattern([FRIDAY, THURSDAY, FRIDAY])
    assert len(sittings) == 8
    assert sittings[0] == PlannedSitting(THURSDAY, dt.time(9), dt.time(10, 30))
    assert sittings[-1] == PlannedSitting(FRIDAY, dt.time(15, 45), dt.time(17, 15))
    assert planned_minutes(sittings) == 720
    assert minutes_off(sittings, 12) == 0
    assert minutes_off(sittings, 18) == -360


def test_default_blocks_cause_no_remark() -> None:
    for sitting in sittings_from_pattern([THURSDAY, FRIDAY]):
        assert CALENDAR.remarks(sitting.date, sitting.start, sitting.end) == []


def test_own_blocks_hold_for_every_day_and_may_not_overlap() -> None:
    morning = Block(dt.time(9), dt.time(12, 15))
    assert [sitting.minutes for sitting in sittings_from_pattern([THURSDAY, FRIDAY], [morning])] == [195, 195]
    with pytest.raises(ValueError, match="overlap"):
        sittings_from_pattern([THURSDAY], [Block(dt.time(12), dt.time(13)), morning])
    with pytest.raises(ValueError, match="ends after"):
        Block(dt.time(12), dt.time(12))


def test_days_skip_what_is_not_worked() -> None:
    assert days_for(dt.date(2026, 10, 28), 3, CALENDAR) == [
        dt.date(2026, 10, 28),
        dt.date(2026, 10, 30),
        dt.date(2026, 11, 2),
    ]
    assert days_for(dt.date(2026, 11, 28), 2, CALENDAR, weekdays={1, 3}) == [
        dt.date(2026, 12, 1),
        dt.date(2026, 12, 3),
    ]
    assert days_for(THURSDAY, 0, CALENDAR) == []
    with pytest.raises(ValueError, match="weekday"):
        days_for(THURSDAY, 1, CALENDAR, weekdays=[5, 6])
