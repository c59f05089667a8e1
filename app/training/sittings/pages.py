"""Sittings by day, their tab, those that need somebody; what a form about them offers: days, rooms, trainers."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.calendar.days import FRIDAY, SATURDAY, Calendar
from app.core.clock import today
from app.language import (
    format_date_long,
    format_date_short,
    format_hours,
    format_month,
    gettext,
    in_language,
    weekday_names,
)
from app.training.assignments.pages import when
from app.training.assignments.queries import TrainerChoice
from app.training.conflicts import queries as conflicts
from app.training.conflicts.board import standing
from app.training.conflicts.models import Planned, RoomRow, Setting
from app.training.models import CourseSession, Sitting, TrainerAssignment
from app.training.sittings import queries, rules
from app.training.sittings.forms import DatesFields, PlaceFields
from app.web.parts import Tab, Task


def tab(_: Caller, course_session: CourseSession) -> Tab:
    return Tab(gettext("Sittings"), url_for("sittings.list_sittings", course_session_id=course_session.id), 10)


def troubles(caller: Caller, _: None) -> Iterator[Task]:
    """Sittings of one's sessions that nobody gives, without a room or date, or on a day nobody works; and, for the
    administrator, roles of people who left.
    """
    if not caller.may(Permission.SESSION_WRITE):
        return
    for each in queries.troubles(caller.scope_for(Permission.SESSION_WRITE)):
        about = each.about
        url = url_for("sittings.list_sittings", course_session_id=about.course_session_id)
        name = f"{about.code} {in_language(about, 'name')}"
        if each.kind == "declined":
            label = gettext("A trainer has declined: %(session)s", session=name)
            yield Task(label, url, when(about), "user-x", urgent=True, order=15)
        elif each.kind == "gone":
            label = gettext("A trainer is no longer active: %(session)s", session=name)
            yield Task(label, url, when(about), "user-x", urgent=True, order=15)
        elif each.kind == "closed":
            label = gettext("A room is no longer used: %(session)s", session=name)
            yield Task(label, url, when(about), "building-2", urgent=True, order=15)
        elif each.kind == "unsettled":
            roles = " · ".join(str(Role(role).label) for role in about.name_en.split())
            label = gettext("Left the institution, roles to decide on: %(name)s", name=about.name_tr)
            person = url_for("employees.show_person", employee_id=about.course_session_id)
            yield Task(label, person, roles, "user-x", urgent=True, order=12)
        elif each.kind == "dateless":
            label = gettext("New dates are needed: %(session)s", session=name)
            dates = url_for("sittings.redate_sittings", course_session_id=about.course_session_id)
            yield Task(label, dates, when(about), "calendar-clock", urgent=True, order=16)
        elif about.day is not None:
            label = gettext("Planned on a day off: %(session)s", session=name)
            yield Task(label, url_for("days.show_day", day=about.day), when(about), "calendar-x", order=17)


def by_day(
    sittings: Sequence[Sitting], assignments: Sequence[TrainerAssignment]
) -> list[tuple[Any, list[tuple[Sitting, list[TrainerAssignment]]]]]:
    """(date or None, its sittings with who gives each), in time."""
    giving: dict[int, list[TrainerAssignment]] = {}
    for assignment in assignments:
        giving.setdefault(assignment.sitting_id, []).append(assignment)
    days: dict[Any, list[tuple[Sitting, list[TrainerAssignment]]]] = {}
    for each in sittings:
        days.setdefault(each.date, []).append((each, giving.get(each.id, [])))
    return list(days.items())


@dataclass(frozen=True)
class Offer:
    """A room or a trainer one could take: what there is to know (`notes`), and what holds it (`taken`)."""

    id: int
    label: str
    notes: tuple[str, ...]
    taken: tuple[str, ...]
    chosen: bool

    @property
    def free(self) -> bool:
        return not self.taken


@dataclass(frozen=True)
class Offers:
    """Those that are free first. `planned`: whether there are days to be free on."""

    rooms: Sequence[Offer]
    experts: Sequence[Offer]
    others: Sequence[Offer]
    planned: bool


def offers(form: PlaceFields, planned: Sequence[Planned], setting: Setting) -> Offers:
    """What a form offers, with whatever holds it at the hours of a plan."""
    days = {each.date for each in planned}
    own = {each.sitting_id for each in planned if each.sitting_id is not None}
    rooms, trainers = [each.id for each in form.rooms], [each.id for each in form.trainers]
    held = conflicts.of_rooms(rooms, days, leaving_out=own) if days and rooms else []
    lessons = conflicts.of_trainers(trainers, days, leaving_out=own) if days else []
    away = conflicts.away(trainers, min(days), max(days)) if days else []
    meeting: dict[tuple[str, int], dict[str, None]] = {}
    for kind, key, other in [*(("r", o.room_id or 0, o) for o in held), *(("t", o.trainer_id, o) for o in lessons)]:
        if any(each.meets(other) for each in planned):
            meeting.setdefault((kind, key), {})[f"{format_date_short(other.date)} {other.code}"] = None
    for key, first, last in away:
        if any(first <= day <= last for day in days):
            meeting.setdefault(("t", key), {})[gettext("not available")] = None
    ticked = set(form.trainer_ids.chosen)
    found = [
        Offer(o.id, o.name, _trainer_notes(o, setting), tuple(meeting.get(("t", o.id), ())), o.id in ticked)
        for o in form.trainers
    ]
    places = [
        Offer(
            o.id,
            o.label,
            _room_notes(o, setting),
            () if o.online else tuple(meeting.get(("r", o.id), ())),
            o.id == form.room_id.data,
        )
        for o in form.rooms
    ]
    experts = sorted(found[: form.experts], key=lambda each: not each.free)
    others = sorted(found[form.experts :], key=lambda each: not each.free)
    return Offers(sorted(places, key=lambda each: (not each.free, len(each.notes))), experts, others, bool(days))


def _room_notes(room: RoomRow, setting: Setting) -> tuple[str, ...]:
    small = gettext("too small") if room.capacity < setting.capacity else ""
    steps = gettext("not step-free") if setting.step_free_needed and not room.step_free else ""
    return tuple(filter(None, (small, steps)))


def _trainer_notes(trainer: TrainerChoice, setting: Setting) -> tuple[str, ...]:
    elsewhere = trainer.province_id != setting.province_id and trainer.province_tr
    load = gettext("%(hours)s hours in 90 days", hours=format_hours(trainer.minutes)) if trainer.minutes else ""
    return tuple(filter(None, (in_language(trainer, "province") if elsewhere else "", load)))


@dataclass(frozen=True)
class PickerDay:
    """A day one could tick. `note`: the holiday it is; `taken`: what holds the chosen room and trainers."""

    date: date
    outside: bool
    off: bool
    past: bool
    note: str
    taken: tuple[str, ...]
    ticked: bool

    @property
    def called(self) -> str:
        """All of it, to be read aloud."""
        over = gettext("In the past") if self.past else ""
        return ", ".join(filter(None, (format_date_long(self.date), self.note, over, *self.taken)))


@dataclass(frozen=True)
class Picker:
    """A month of days to tick; `hidden`: days that are ticked in other months."""

    months: Sequence[tuple[str, str]]
    month: str
    weekdays: Sequence[str]
    weeks: Sequence[Sequence[PickerDay]]
    hidden: Sequence[str]
    ticked: Sequence[date]
    skipped: Sequence[date]

    @property
    def fridays(self) -> bool:
        return any(each.weekday() == FRIDAY for each in self.ticked)


MONTHS_AHEAD = 15


def around(form: PlaceFields, planned: Sequence[Planned], own: int | None = None) -> AbstractContextManager[None]:
    """While the page is drawn: all that holds what a form offers is read once, for the days of a plan and of the month
    its calendar shows.
    """
    if not (planned or form.room_id.data or form.trainer_ids.chosen):
        return nullcontext()
    days = {each.date for each in planned}
    if isinstance(form, DatesFields):
        begin = _month_of(form.month.data, sorted(days))
        days |= {day for week in Weeks().monthdatescalendar(begin.year, begin.month) for day in week}
    names = {each.id: each.name for each in form.trainers}
    return standing(conflicts.board(form.rooms, names, days, own))


def picker(form: DatesFields, calendar: Calendar) -> Picker:
    """The month of a form's calendar, with what is taken of the room and the trainers chosen in it."""
    ticked = sorted({day for each in form.picked.chosen if (day := rules.day_of(each)) is not None})
    begin = _month_of(form.month.data, ticked)
    weeks = Weeks().monthdatescalendar(begin.year, begin.month)
    shown = [day for week in weeks for day in week]
    taken = _taken(form, shown)
    names, on = {each.id: each.name for each in form.trainers}, set(ticked)
    marks: dict[date, dict[str, None]] = {}
    for day, key, code in taken:
        marks.setdefault(day, {})[f"{names.get(key) or gettext('Room')}: {code}"] = None
    days = [[_picker_day(day, begin, calendar, tuple(marks.get(day, ())), day in on) for day in week] for week in weeks]
    first = min(begin, today().replace(day=1))
    months = [_later(first, n) for n in range(MONTHS_AHEAD + (begin.year - first.year) * 12)]
    return Picker(
        [(f"{each:%Y-%m}", format_month(each)) for each in months],
        f"{begin:%Y-%m}",
        weekday_names("abbreviated"),
        days,
        [str(day) for day in ticked if day not in shown],
        ticked,
        _skipped(ticked, calendar),
    )


def _month_of(typed: str | None, ticked: Sequence[date]) -> date:
    chosen = rules.day_of(f"{typed}-01") if typed else None
    return chosen or (ticked[0] if ticked else today()).replace(day=1)


def _later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _skipped(ticked: Sequence[date], calendar: Calendar) -> list[date]:
    """Weekdays between the first and the last day on which nobody works."""
    if not ticked:
        return []
    between = [ticked[0] + timedelta(days=n) for n in range(min((ticked[-1] - ticked[0]).days, 400))]
    return [each for each in between if each.weekday() < SATURDAY and not calendar.is_working_day(each)]


def _taken(form: DatesFields, days: Sequence[date]) -> list[tuple[date, int, str]]:
    """(day, trainer or 0 for the room, what holds them) of the room and the trainers chosen in a form."""
    chosen = form.trainer_ids.chosen
    online = {each.id for each in form.rooms if each.online}
    room = form.room_id.data if form.room_id.data not in online else None
    held = [(o.date, 0, o.code) for o in conflicts.of_rooms([room], days, leaving_out=())] if room else []
    held += [(o.date, o.trainer_id, o.code) for o in conflicts.of_trainers(chosen, days, leaving_out=())]
    for key, first, last in conflicts.away(chosen, days[0], days[-1]):
        held += [(day, key, gettext("not available")) for day in days if first <= day <= last]
    return held


def _picker_day(day: date, begin: date, calendar: Calendar, taken: tuple[str, ...], ticked: bool) -> PickerDay:
    holiday, off_day = calendar.holiday_on(day), calendar.off_day_on(day)
    note = in_language(holiday, "name") if holiday else (off_day.name if off_day else "")
    return PickerDay(
        day,
        outside=day.month != begin.month,
        off=not calendar.is_working_day(day),
        past=day < today(),
        note=note,
        taken=taken,
        ticked=ticked,
    )
