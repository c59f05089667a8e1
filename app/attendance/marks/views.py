"""Calling the roll: the grid of a session, the roll of a sitting, the roll of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance import queries as attendance
from app.attendance.marks import forms, pages, queries, services
from app.attendance.marks.forms import MarksForm, Roll, SittingStateForm
from app.attendance.marks.pages import choices
from app.attendance.marks.queries import grid
from app.attendance.marks.services import Typed
from app.attendance.models import Key, Presence
from app.attendance.sheets import queries as sheets
from app.attendance.sheets import services as sheet_services
from app.attendance.sheets.pages import may_correct, own_sheet, own_sitting
from app.attendance.sheets.queries import Sheet
from app.core.clock import now
from app.core.errors import Missing
from app.enrolment import queries as enrolment
from app.enrolment.models import Enrolment
from app.language import format_percent, gettext, lazy_pgettext, ngettext, pgettext
from app.settings import queries as settings
from app.training import queries as training
from app.training.models import SittingState
from app.training.pages import layout
from app.training.sittings import services as sittings
from app.web.door import require
from app.web.render import done, render

bp = Blueprint("marks", __name__)
LETTERS = {
    "present": "",
    "late": "l",
    "left_early": "e",
    "absent": "a",
    "excused": "x",
    "exempt": "o",
    "none": "n",
    "later": "f",
    "before": "f",
    "off": "c",
}
"""How the stylesheet names what a cell of the grid says; present, which most are, needs no name."""
KEYS = {
    "present": lazy_pgettext("key", "P"),
    "absent": lazy_pgettext("key", "A"),
    "late": lazy_pgettext("key", "L"),
    "left_early": lazy_pgettext("key", "E"),
    "excused": lazy_pgettext("key", "X"),
    "exempt": lazy_pgettext("key", "O"),
}
"""With which key a cell of the grid is marked so."""
ICONS = {kind.value: kind.icon for kind in Presence}


def drawn(cells: Sequence[str], pictures: Mapping[str, Markup]) -> Markup:
    """The cells in a row of the grid, each as `pictures` has it: four hundred are joined, not drawn."""
    return Markup("".join(map(pictures.__getitem__, cells)))  # noqa: S704  # markup already, each of them


def cell_words() -> dict[str, str]:
    """What the cells of the grid say to whoever hears them: the shortest word there is, four hundred times."""
    return {
        "present": pgettext("cell", "Present"),
        "late": pgettext("cell", "Late"),
        "left_early": pgettext("cell", "Left early"),
        "absent": pgettext("cell", "Absent"),
        "excused": Presence.EXCUSED.label,
        "exempt": Presence.EXEMPT.label,
        "none": pgettext("cell", "Unmarked"),
        "later": pgettext("cell", "Later"),
        "before": gettext("Before enrolment"),
        "off": gettext("Not held"),
    }


# --- the grid --------------------------------------------------------------------------------------------


@bp.get("/sessions/<int:course_session_id>/attendance")
@require(Permission.ATTENDANCE_READ)
def show_attendance(course_session_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(Permission.ATTENDANCE_READ)
    course_session = training.course_session(scope, course_session_id)
    shown = grid(scope, course_session, now())
    roll = pages.roll_of_grid(shown.sittings, may_correct=may_correct(course_session))
    return render(
        "attendance/marks/grid.html",
        **layout(course_session, "attendance"),
        grid=shown,
        drawn=drawn,
        words=cell_words(),
        letters=LETTERS,
        percents={tenths: format_percent(tenths) for tenths in shown.tenths},
        minutes=gettext("%(minutes)s min"),
        keys=KEYS,
        icons=ICONS,
        form=MarksForm(formdata=None),
        roll=roll if roll.open_columns and caller.may(Permission.ATTENDANCE_TAKE) else None,
        runs=attendance.runs(scope, course_session),
    )


# --- the roll of a sitting -------------------------------------------------------------------------------


def _sitting_roll(sitting_id: int) -> Roll:
    sheet = own_sheet(sitting_id)
    return pages.roll_of_sitting(sheet, may_correct=may_correct(sheet))


def _sitting_page(
    sitting_id: int, form: MarksForm, roll: Roll | None = None, state: SittingStateForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page of a sitting; `roll` where something typed into it was refused."""
    scope = caller.scope_for(Permission.ATTENDANCE_TAKE)
    sitting = training.sitting(scope, sitting_id)
    place, days = sheets.place(scope, sitting), settings.calendar()
    return render(
        "attendance/marks/sitting.html",
        status=status,
        form=form,
        sitting=sitting,
        choices=choices(),
        place=place,
        window=sheets.window_of(place.sheet, days),
        state=state or SittingStateForm.of(sitting),
        clock=now(),
        roll=roll or pages.roll_of_sitting(place.sheet, may_correct=may_correct(place.sheet), calendar=days),
    )


@bp.get("/sittings/<int:sitting_id>")
@require(Permission.ATTENDANCE_TAKE)
def show_sitting(sitting_id: int) -> ResponseReturnValue:
    return _sitting_page(sitting_id, MarksForm())


def _save(roll: Roll, typed: Sequence[Typed], form: MarksForm) -> list[Key]:
    return services.mark(
        next(iter(roll.sheets.values())).course_session_id,
        typed,
        by=caller,
        may_correct=roll.may_correct,
        reason=form.reason.data or "",
    )


def _take(load: Callable[[], Roll], form: MarksForm) -> Roll:
    """Save what was typed into a roll; the roll as it stands then, with what went wrong where."""
    roll = load()
    typed = roll.read(request.form, now())
    if form.sent() and not any(row.error for row in roll.rows):
        with form.attempt():
            roll.saved(typed, _save(roll, typed, form))
            return roll
    again = load()
    again.keep(roll, request.form)
    return again


@bp.post("/sittings/<int:sitting_id>/save")
@require(Permission.ATTENDANCE_TAKE)
def save_sheet(sitting_id: int) -> ResponseReturnValue:
    form = MarksForm()
    roll = _take(lambda: _sitting_roll(sitting_id), form)
    if roll.failed:
        return _sitting_page(sitting_id, form, roll, status=form.status)
    _say_saved(len(roll.changed))
    return done(url_for("marks.show_sitting", sitting_id=sitting_id))


def _say_saved(count: int) -> None:
    if count:
        flash(ngettext("%(num)s mark saved.", "%(num)s marks saved.", count))
    else:
        flash(gettext("Nothing had changed."), "info")


@bp.post("/sittings/<int:sitting_id>/mark-all-present")
@require(Permission.ATTENDANCE_TAKE)
def mark_all_present(sitting_id: int) -> ResponseReturnValue:
    sheet, form = own_sheet(sitting_id), MarksForm()
    if form.sent():
        with form.attempt():
            reason = form.reason.data or ""
            count = services.mark_all_present(sheet, by=caller, may_correct=may_correct(sheet), reason=reason)
            _say_saved(count)
            return done(url_for("marks.show_sitting", sitting_id=sitting_id))
    return _sitting_page(sitting_id, form, status=form.status)


@bp.post("/sittings/<int:sitting_id>/state")
@require(Permission.ATTENDANCE_TAKE)
def set_state(sitting_id: int) -> ResponseReturnValue:
    sitting = own_sitting(sitting_id)
    form = SittingStateForm.of(sitting)
    if form.sent():
        with form.attempt():
            form.same_version(sitting)
            sheet_services.check_settled(sitting, may_correct=may_correct(sitting.course_session))
            state, reason = SittingState(form.state.data), form.reason.data or ""
            sittings.set_state(sitting, state, form.effective_minutes.data, reason, by=caller)
            flash(gettext("The state of the sitting was saved: %(state)s.", state=state.label))
            return done(url_for("marks.show_sitting", sitting_id=sitting_id))
    return _sitting_page(sitting_id, MarksForm(formdata=None), state=form, status=form.status)


# --- the roll of a person --------------------------------------------------------------------------------


def _person(course_session_id: int, enrolment_id: int) -> tuple[Enrolment, dict[int, Sheet]]:
    """An enrolment of this session and those of its sheets whose roll the caller may call; neither may lack."""
    scope = caller.scope_for(Permission.ATTENDANCE_TAKE)
    found = enrolment.enrolment(scope, enrolment_id)
    if found.course_session_id != course_session_id:
        raise Missing
    shown = sheets.sheets_of(scope, found.course_session, found.id)
    if not shown:
        raise Missing
    return found, shown


def _person_roll(course_session_id: int, enrolment_id: int) -> Roll:
    found, shown = _person(course_session_id, enrolment_id)
    return pages.roll_of_person(shown, found.id, may_correct=may_correct(found.course_session))


def _person_page(
    course_session_id: int, enrolment_id: int, form: MarksForm, roll: Roll | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page of a person; `roll` where something typed into it was refused."""
    found, shown = _person(course_session_id, enrolment_id)
    session = found.course_session
    read, take = (caller.scope_for(p) for p in (Permission.ATTENDANCE_READ, Permission.ATTENDANCE_TAKE))
    whole = attendance.runs(read, session) and attendance.runs(take, session)
    return render(
        "attendance/marks/person.html",
        status=status,
        **layout(session, "attendance"),
        enrolment=found,
        standing=queries.standing_of(session, shown, found.id) if whole else None,
        roll=roll or pages.roll_of_person(shown, found.id, may_correct=may_correct(session)),
        form=form,
        choices=choices(),
        describe=forms.describe,
    )


@bp.get("/sessions/<int:course_session_id>/attendance/<int:enrolment_id>")
@require(Permission.ATTENDANCE_TAKE)
def show_person_attendance(course_session_id: int, enrolment_id: int) -> ResponseReturnValue:
    return _person_page(course_session_id, enrolment_id, MarksForm())


@bp.post("/sessions/<int:course_session_id>/attendance/<int:enrolment_id>/save")
@require(Permission.ATTENDANCE_TAKE)
def save_person(course_session_id: int, enrolment_id: int) -> ResponseReturnValue:
    form = MarksForm()
    roll = _take(lambda: _person_roll(course_session_id, enrolment_id), form)
    if roll.failed:
        return _person_page(course_session_id, enrolment_id, form, roll, form.status)
    _say_saved(len(roll.changed))
    back = url_for("marks.show_person_attendance", course_session_id=course_session_id, enrolment_id=enrolment_id)
    return done(back)
