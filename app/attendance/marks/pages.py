"""The rolls that pages show: of a sitting, of a person; one's own marks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from flask import url_for

from app.access.caller import Caller
from app.attendance import queries as attendance
from app.attendance.marks import queries
from app.attendance.marks.forms import Roll, Row
from app.attendance.models import Presence
from app.attendance.sheets.queries import Sheet, phases
from app.calendar.days import Calendar
from app.language import format_date, format_date_long, format_time, gettext, in_language, in_turkish
from app.web.parts import Stored


def choices() -> list[tuple[str, str, str]]:
    """The big buttons of a row, in the reader's language; the last clears it."""
    return [*((kind.value, kind.label, kind.icon) for kind in Presence), ("", gettext("Not marked"), "circle-dashed")]


def roll_of_sitting(sheet: Sheet, *, may_correct: bool, calendar: Calendar | None = None) -> Roll:
    """The roll of one sitting, its sheet read through the caller's scope: a row for each person."""
    base = url_for("marks.show_attendance", course_session_id=sheet.course_session_id)
    found = {(sheet.id, each.person.enrolment_id): each for each in attendance.roll_call(sheet)}
    rows = [
        Row(
            key,
            each.person.name,
            in_turkish(each.person.organisation),
            f"{base}/{key[1]}",
            gettext("All sittings"),
            before=each.before,
        )
        for key, each in found.items()
    ]
    return Roll(
        {sheet.id: sheet},
        rows,
        may_correct,
        phases([sheet], sheet.lock_days, calendar=calendar),
        {key: each.word for key, each in found.items()},
        {key: each.by_id for key, each in found.items()},
    ).settle()


def roll_of_person(sheets: Mapping[int, Sheet], enrolment_id: int, *, may_correct: bool) -> Roll:
    """The roll of one person: a row for each sheet, read with what their cell says, and its history."""
    history = queries.changes(enrolment_id, sheets)
    every = list(sheets.values())
    return Roll(
        sheets,
        [
            Row(
                (sheet.id, enrolment_id),
                format_date_long(sheet.date) if sheet.date else gettext("No date yet"),
                f"{format_time(sheet.starts)}–{format_time(sheet.ends)}",
                url_for("marks.show_sitting", sitting_id=sheet.id),
                gettext("Everyone at this sitting"),
                changes=history.get(sheet.id, ()),
                tells_shut=True,
                before=sheet.before(sheet.given),
            )
            for sheet in every
        ],
        may_correct,
        phases(every, every[0].lock_days),
        {(sheet.id, enrolment_id): sheet.was for sheet in every},
        {(sheet.id, enrolment_id): sheet.by_id for sheet in every},
    ).settle()


def roll_of_grid(every: Sequence[Sheet], *, may_correct: bool) -> Roll:
    """Which sittings of a grid may be marked; its cells are no rows of this roll."""
    shown = {sheet.id: sheet for sheet in every}
    open_ones = phases(every, every[0].lock_days) if every else {}
    return Roll(shown, [], may_correct, open_ones, {}, {})


def kept_sittings(caller: Caller, sitting_ids: Collection[int]) -> list[int]:
    """Those with a mark keep their date when sittings are postponed."""
    return sorted({sitting_id for sitting_id, _ in attendance.marks(sitting_ids)})


def own_data(caller: Caller, _: object) -> Stored:
    """How whoever asks was marked at each sitting."""
    rows = tuple(
        (
            f"{course.code}/{session.ordinal} {in_language(course, 'name')}",
            format_date(sitting.date),
            f"{format_time(sitting.starts)}–{format_time(sitting.ends)}",
            mark.kind.label,
            str(mark.minutes or ""),
        )
        for session, course, sitting, mark in queries.own(caller.id)
    )
    heads = (
        gettext("Course session"),
        gettext("Date"),
        gettext("Time"),
        gettext("Attendance"),
        gettext("Minutes missed"),
    )
    return Stored(gettext("Attendance"), heads, rows, order=22)
