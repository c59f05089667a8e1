"""Working days and remarks about dates, checked against the `holidays` package too."""

from __future__ import annotations

import datetime as dt

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.days import Calendar, Holiday, HolidayBasis, HolidayKind, OffDay, RemarkKind
from app.refdata import load

HOLIDAYS = [Holiday.from_row(row) for row in load("holidays")]
CALENDAR = Calendar.of(HOLIDAYS)
dates = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def time(text: str) -> dt.time:
    return dt.time.fromisoformat(text)


def kinds(date: str, start: str, end: str, calendar: Calendar = CALENDAR) -> list[RemarkKind]:
    return [remark.kind for remark in calendar.remarks(day(date), time(start), time(end))]


def test_working_days_leave_out_weekends_holidays_and_off_days_but_not_half_days() -> None:
    calendar = Calendar.of(HOLIDAYS, [OffDay(day("2026-03-18"), "İdari izin")])
    assert not calendar.is_working_day(day("2026-03-18"))
    assert CALENDAR.is_working_day(day("2026-03-18"))
    assert CALENDAR.is_working_day(day("2026-03-19")), "the eve is a half day and counts"
    assert not CALENDAR.is_working_day(day("2026-03-20"))
    assert not CALENDAR.is_working_day(day("2026-03-21")), "a Saturday and a feast"
    assert CALENDAR.is_working_day(day("2026-03-23"))


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-11-24", 0, "2026-11-24"),
        ("2026-11-24", 3, "2026-11-27"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-30", -5, "2026-11-23"),
        ("2026-10-30", -2, "2026-10-27"),
        ("2026-05-25", 2, "2026-06-01"),
        ("2026-11-28", 0, "2026-11-28"),
        ("2026-11-28", -1, "2026-11-27"),
    ],
)
def test_counting_working_days(start: str, n: int, end: str) -> None:
    assert CALENDAR.add_working_days(day(start), n) == day(end)


@given(dates, st.integers(-40, 40))
def test_counting_there_and_measuring_agree(start: dt.date, n: int) -> None:
    end = CALENDAR.add_working_days(start, n)
    assert CALENDAR.working_days_between(start, end) == n
    assert n == 0 or CALENDAR.is_working_day(end)


@given(dates, st.integers(0, 400))
def test_working_days_between_counts_each_once(start: dt.date, length: int) -> None:
    end = start + dt.timedelta(days=length)
    expected = sum(CALENDAR.is_working_day(start + dt.timedelta(days=n + 1)) for n in range(length))
    assert CALENDAR.working_days_between(start, end) == expected


def test_an_ordinary_morning_has_no_remark() -> None:
    assert kinds("2026-11-24", "09:00", "12:00") == []
    assert kinds("2026-11-24", "08:00", "18:00") == []


def test_a_full_holiday_is_named() -> None:
    (remark,) = CALENDAR.remarks(day("2026-10-29"), time("09:00"), time("10:30"))
    assert remark.kind == RemarkKind.HOLIDAY
    assert remark.holiday is not None
    assert remark.holiday.name_tr == "Cumhuriyet Bayramı"


def test_a_half_day_holiday_begins_at_one() -> None:
    assert kinds("2026-10-28", "11:30", "13:00") == []
    assert kinds("2026-10-28", "12:30", "13:01") == [RemarkKind.HALF_HOLIDAY]
    assert kinds("2026-10-28", "13:30", "15:00") == [RemarkKind.HALF_HOLIDAY]


def test_friday_noon_is_half_open() -> None:
    assert kinds("2026-11-27", "10:15", "12:00") == []
    assert kinds("2026-11-27", "14:00", "15:30") == []
    assert kinds("2026-11-27", "13:30", "15:00") == [RemarkKind.FRIDAY_BREAK]
    assert kinds("2026-11-26", "12:00", "14:00") == []


def test_weekends_and_odd_hours() -> None:
    assert kinds("2026-11-28", "07:59", "10:00") == [RemarkKind.WEEKEND, RemarkKind.OUTSIDE_HOURS]
    assert kinds("2026-11-24", "17:00", "18:01") == [RemarkKind.OUTSIDE_HOURS]


def test_an_off_day_is_named() -> None:
    calendar = Calendar.of(HOLIDAYS, [OffDay(day("2026-11-24"), "Kar tatili")])
    (remark,) = calendar.remarks(day("2026-11-24"), time("09:00"), time("10:30"))
    assert remark.kind == RemarkKind.OFF_DAY
    assert remark.off_day == OffDay(day("2026-11-24"), "Kar tatili")


def test_a_year_without_religious_holidays_says_so() -> None:
    assert kinds("2029-11-26", "09:00", "10:30") == [RemarkKind.NO_RELIGIOUS_HOLIDAYS]
    fixed_only = Calendar.of(holiday for holiday in HOLIDAYS if holiday.basis == HolidayBasis.FIXED)
    assert kinds("2026-11-24", "09:00", "10:30", fixed_only) == [RemarkKind.NO_RELIGIOUS_HOLIDAYS]


def test_of_two_holidays_on_a_day_the_longer_one_counts() -> None:
    date = day("2030-10-28")
    half = Holiday(date, HolidayKind.HALF, time("13:00"), "Yarım", "Half", HolidayBasis.FIXED)
    full = Holiday(date, HolidayKind.FULL, None, "Tam", "Full", HolidayBasis.RELIGIOUS)
    for calendar in (Calendar.of([half, full]), Calendar.of([full, half])):
        assert calendar.holiday_on(date) == full
        assert not calendar.is_working_day(date)


def test_calendars_are_values() -> None:
    assert Calendar.of(HOLIDAYS) == Calendar.of(reversed(HOLIDAYS))
    assert hash(Calendar.of(HOLIDAYS)) == hash(CALENDAR)


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_shipped_holidays_agree_with_the_holidays_package(year: int) -> None:
    """Fixed holidays to the day; religious ones within two, for they are announced by sighting."""
    package = {date for date in holidays.country_holidays("TR", years=year) if date.year == year}
    ours = {holiday.date for holiday in HOLIDAYS if holiday.date.year == year and holiday.kind == HolidayKind.FULL}
    fixed = {
        holiday.date
        for holiday in HOLIDAYS
        if holiday.date.year == year and holiday.kind == HolidayKind.FULL and holiday.basis == HolidayBasis.FIXED
    }
    assert fixed <= package
    for date in package - ours:
        assert any(abs((date - known).days) <= 2 for known in ours - fixed), date
    for date in ours - package:
        assert any(abs((date - known).days) <= 2 for known in package), date
