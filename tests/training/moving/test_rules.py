"""Where days go that are moved."""

from __future__ import annotations

from datetime import date, time

from app.calendar.days import Calendar, Holiday, HolidayBasis, HolidayKind
from app.training.conflicts.models import Planned
from app.training.moving.rules import MovedDay, Unit, moved, shifted

MONDAY, TUESDAY, WEDNESDAY, FRIDAY = (date(2026, 12, n) for n in (7, 8, 9, 11))
FEAST = Holiday(date(2026, 12, 14), HolidayKind.FULL, None, "Bayram", "Feast", HolidayBasis.FIXED)
DAYS = Calendar.of([FEAST])


def where(found: list[MovedDay]) -> list[int]:
    return [each.now.day for each in found]


def test_a_week_later_is_the_same_weekday() -> None:
    assert where(shifted([TUESDAY, WEDNESDAY], 1, Unit.WEEKS_LATER, DAYS)) == [15, 16]
    assert where(shifted([TUESDAY, WEDNESDAY], 1, Unit.WEEKS_EARLIER, DAYS)) == [1, 2]


def test_a_day_off_is_skipped_and_said_and_no_two_days_come_to_stand_on_one() -> None:
    found = shifted([MONDAY, TUESDAY], 1, Unit.WEEKS_LATER, DAYS)
    assert where(found) == [15, 16]
    assert [each.skipped for each in found] == [FEAST.date, None]


def test_days_are_working_days() -> None:
    assert where(shifted([FRIDAY], 1, Unit.DAYS_LATER, DAYS)) == [15], "over the weekend and the holiday"
    assert where(shifted([date(2026, 12, 15)], 1, Unit.DAYS_EARLIER, DAYS)) == [11]


def test_what_was_planned_at_a_weekend_stays_there() -> None:
    assert where(shifted([date(2026, 12, 12)], 1, Unit.WEEKS_LATER, DAYS)) == [19]


def test_days_that_stay_are_left_free() -> None:
    assert where(shifted([MONDAY], 1, Unit.DAYS_LATER, DAYS, [TUESDAY])) == [9]


def sitting(day: date, span: str, key: int) -> Planned:
    starts, ends = (time.fromisoformat(part) for part in span.split("-"))
    return Planned(day, starts, ends, 1, (7,), key)


def test_usual_hours_follow_the_weekday_and_others_stay() -> None:
    usual = [sitting(MONDAY, "13:30-15:00", 1), sitting(MONDAY, "15:15-16:45", 2)]
    found = moved(usual, {MONDAY: FRIDAY})
    assert [(each.starts, each.ends) for each in found] == [(time(14), time(15, 30)), (time(15, 45), time(17, 15))]
    assert [(each.room_id, each.trainer_ids, each.sitting_id) for each in found] == [(1, (7,), 1), (1, (7,), 2)]
    assert moved(found, {FRIDAY: MONDAY}) == usual
    own = [sitting(MONDAY, "09:00-12:00", 1)]
    assert moved(own, {MONDAY: FRIDAY})[0].starts == time(9)
