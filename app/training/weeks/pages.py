"""Some weeks of a room or a trainer, on their own pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import request, url_for

from app.access.caller import Caller
from app.access.current import caller
from app.access.permissions import Permission
from app.core.clock import today
from app.language import format_time, gettext, in_language, weekday_names
from app.settings.queries import calendar
from app.trainers.absences import queries as absences
from app.trainers.models import Trainer
from app.training import queries as training
from app.training.conflicts import queries as conflicts
from app.training.conflicts.models import Occupied
from app.training.sittings.rules import day_of
from app.venues.models import Room
from app.web.parts import Section

WEEKS = 5


@dataclass(frozen=True)
class Held:
    """A session on a day; a link where the caller may open it."""

    code: str
    time: str
    url: str
    draft: bool


@dataclass(frozen=True)
class WeekDay:
    """`free_url`: where a session is planned on it; "" where it is taken, over or nobody works."""

    date: date
    note: str
    off: bool
    held: tuple[Held, ...]
    free_url: str


@dataclass(frozen=True)
class Weeks:
    weekdays: Sequence[str]
    rows: Sequence[Sequence[WeekDay]]
    earlier_url: str
    later_url: str


def of_room(who: Caller, room: Room) -> Section | None:
    """Needs its venue loaded."""
    if not who.may(Permission.SESSION_WRITE) or not room.active or room.venue.online:
        return None
    province = room.venue.province_id
    plans = who.scope_for(Permission.SESSION_WRITE).covers_province(province)

    def new(day: date) -> str:
        return url_for("planning.make_session", day=day.isoformat(), room=room.id, province=province) if plans else ""

    days = _days()
    held = conflicts.of_rooms([room.id], days, leaving_out=())
    return Section(gettext("Weeks"), "training/weeks/weeks.html", _weeks(days, held, {}, new), order=-10)


def of_trainer(trainer: Trainer) -> Weeks:
    """On a page of their own, and from there on the trainer's."""

    def new(day: date) -> str:
        return url_for("planning.make_session", day=day.isoformat(), trainer=trainer.id) if trainer.active else ""

    days = _days()
    away = {
        day: gettext("not available")
        for _, first, last in absences.away([trainer.id], days[0], days[-1])
        for day in days
        if first <= day <= last
    }
    return _weeks(days, conflicts.of_trainers([trainer.id], days, leaving_out=()), away, new)


def to_weeks(who: Caller, trainer: Trainer) -> Section | None:
    """These weeks, on the trainer's page: they come after it, as they cost as much again; and the way to the hours."""
    if not who.may(Permission.SESSION_WRITE):
        return None
    return Section(gettext("Weeks and hours"), "training/weeks/links.html", trainer, order=-10)


def _days() -> list[date]:
    """Those of the weeks from `?week=` (any day of the first) on, else from this one on."""
    day = day_of(request.args.get("week", "")) or today()
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7 * WEEKS)]


def _weeks(days: Sequence[date], held: Sequence[Occupied], away: dict[date, str], new: Callable[[date], str]) -> Weeks:
    known, now = calendar(), today()
    keys = {each.course_session_id for each in held}
    seen = training.seen(caller.scope_for(Permission.SESSION_READ), keys)
    by_day: dict[date, dict[int, list[Occupied]]] = {}
    for each in held:
        by_day.setdefault(each.date, {}).setdefault(each.course_session_id, []).append(each)

    def cell(day: date) -> WeekDay:
        holiday, off = known.holiday_on(day), not known.is_working_day(day)
        note = away.get(day, "") or (in_language(holiday, "name") if holiday else "")
        found = tuple(_held(each, seen) for each in by_day.get(day, {}).values())
        free = day >= now and not (off or found or day in away)
        return WeekDay(day, note, off, found, new(day) if free else "")

    rows = [[cell(day) for day in days[n : n + 7]] for n in range(0, len(days), 7)]
    step = timedelta(weeks=WEEKS)
    return Weeks(weekday_names("abbreviated"), rows, _at(days[0] - step), _at(days[0] + step))


def _held(sittings: Sequence[Occupied], seen: set[int]) -> Held:
    first = sittings[0]
    key = first.course_session_id
    url = url_for("sessions.show_session", course_session_id=key) if key in seen else ""
    hours = f"{format_time(first.starts)}–{format_time(sittings[-1].ends)}"
    return Held(first.code, hours, url, first.draft)


def _at(monday: date) -> str:
    return f"{request.path}?week={monday.isoformat()}"
