"""A month as its page shows it: weeks of days, what takes place on each and who is off."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.calendar.days import Calendar, HolidayKind
from app.core.clock import today
from app.language import format_month, format_time, gettext, in_language, weekday_names
from app.training.months.queries import DayOfSession
from app.web.parts import NavItem


@dataclass(frozen=True)
class Event:
    title: str
    time: str
    url: str
    tone: str
    state: str


@dataclass(frozen=True)
class MonthDay:
    """`off`: nobody works on it; `note`: the holiday's or off-day's name."""

    date: date
    outside: bool
    today: bool
    off: bool
    note: str
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Month:
    title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[MonthDay, ...], ...]
    previous_url: str
    next_url: str
    today_url: str


def nav(caller: Caller, _: None) -> NavItem | None:
    if not caller.may(Permission.SESSION_READ):
        return None
    return NavItem(gettext("Training calendar"), url_for("months.show_calendar"), "calendar-days", 25)


def chosen_month(text: str) -> date:
    """The first day of a month written 2026-11; of this month where the text is none."""
    year, _, month = text.partition("-")
    written = len(text) == 7 and all(part.isascii() and part.isdigit() for part in (year, month))
    if written and 2000 <= int(year) <= 2100 and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1)
    return today().replace(day=1)


def shown_days(first: date) -> tuple[date, date]:
    """The first day a month's table shows and the day after its last."""
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    return weeks[0][0], weeks[-1][-1] + timedelta(days=1)


def month(first: date, sessions: Sequence[DayOfSession], calendar: Calendar, address: str) -> Month:
    """`address` is the month page's own, to which `month=2026-11` is added."""
    by_day: dict[date, list[Event]] = defaultdict(list)
    hours = {starts: format_time(starts) for starts in {each.starts for each in sessions}}
    states = {status: (status.tone, status.label) for status in {each.status for each in sessions}}
    urls = {key: url_for("sessions.show_session", course_session_id=key) for key in {each.id for each in sessions}}
    for each in sessions:
        title = f"{each.code} {each.name}"
        by_day[each.date].append(Event(title, hours[each.starts], urls[each.id], *states[each.status]))
    now = today()
    joint = "&" if "?" in address else "?"
    following, preceding = (first + timedelta(days=32)).replace(day=1), (first - timedelta(days=1)).replace(day=1)
    return Month(
        format_month(first),
        weekday_names("abbreviated"),
        tuple(
            tuple(_day(day, first, now, calendar, by_day) for day in week)
            for week in Weeks().monthdatescalendar(first.year, first.month)
        ),
        f"{address}{joint}month={preceding:%Y-%m}",
        f"{address}{joint}month={following:%Y-%m}",
        address,
    )


def _day(day: date, first: date, now: date, calendar: Calendar, by_day: dict[date, list[Event]]) -> MonthDay:
    holiday, off_day = calendar.holiday_on(day), calendar.off_day_on(day)
    note = in_language(holiday, "name") if holiday else (off_day.name if off_day else "")
    full = off_day is not None or (holiday is not None and holiday.kind is HolidayKind.FULL)
    return MonthDay(
        day,
        outside=day.month != first.month,
        today=day == now,
        off=full or day.weekday() >= 5,
        note=note,
        events=tuple(by_day.get(day, ())),
    )
