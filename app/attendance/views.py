"""Calling the roll: the grid of a session, the roll of a sitting, the roll of a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance import queries, rolls, services
from app.attendance.forms import MarksForm, SittingStateForm
from app.attendance.grid import grid
from app.attendance.models import Presence
from app.attendance.queries import Key
from app.attendance.rolls import Roll
from app.attendance.services import Typed
from app.core.clock import now
from app.core.errors import Missing
from app.enrolment import queries as enrolment
from app.enrolment.models import Enrolment
from app.language import gettext, ngettext
from app.training import queries as training
from app.training import sitting_services
from app.training.layout import layout
from app.training.models import CourseSession, Sitting, SittingState
from app.web.door import reads_first, require
from app.web.render import done, render
from app.web.transaction import write

bp = Blueprint("attendance", __name__)
LETTERS = dict(zip((*(kind.value for kind in Presence), "none", "later", "off"), "pleaxonfc", strict=True))
"""How the stylesheet names what a cell of the grid says."""


def choices() -> list[tuple[str, str, str]]:
    """The big buttons of a row, in the reader's language."""
    return [(kind.value, kind.label, kind.icon) for kind in Presence]


def may_correct(course_session: CourseSession) -> bool:
    return queries.runs(caller.scope_for(Permission.ATTENDANCE_CORRECT), course_session)


def own_sitting(sitting_id: int) -> Sitting:
    """A sitting whose roll the caller may call, with its session, course and room."""
    scope = caller.scope_for(Permission.ATTENDANCE_TAKE)
    sitting = training.sitting(scope, sitting_id)
    queries.check_own(scope, sitting)
    return sitting


# --- the grid --------------------------------------------------------------------------------------------


@bp.get("/sessions/<int:course_session_id>/attendance")
@require(Permission.ATTENDANCE_READ)
def show_attendance(course_session_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(Permission.ATTENDANCE_READ)
    course_session = training.course_session(scope, course_session_id)
    shown = grid(scope, course_session, now())
    words = {kind.value: kind.label for kind in Presence}
    words |= {"none": gettext("Not marked"), "later": gettext("Still to come"), "off": gettext("Not held")}
    return render(
        "attendance/grid.html",
        **layout(course_session, "attendance"),
        grid=shown,
        words=words,
        letters=LETTERS,
        kinds=list(Presence),
        runs=queries.runs(scope, course_session),
    )


# --- the roll of a sitting -------------------------------------------------------------------------------


def _sitting_roll(sitting_id: int) -> Roll:
    sitting = own_sitting(sitting_id)
    return rolls.of_sitting(sitting, may_correct=may_correct(sitting.course_session))


def _sitting_page(
    roll: Roll, form: MarksForm, state: SittingStateForm | None = None, status: int = 200
) -> ResponseReturnValue:
    sitting = next(iter(roll.sittings.values()))
    scope = caller.scope_for(Permission.ATTENDANCE_TAKE)
    before, after = queries.neighbours(scope, sitting)
    context: dict[str, Any] = {"before": before, "after": after, "window": queries.window_of(sitting)}
    context["state"] = state or SittingStateForm.of(sitting)
    return render(
        "attendance/sitting.html", status=status, roll=roll, form=form, sitting=sitting, choices=choices(), **context
    )


@bp.get("/sittings/<int:sitting_id>")
@require(Permission.ATTENDANCE_TAKE)
def show_sitting(sitting_id: int) -> ResponseReturnValue:
    return _sitting_page(_sitting_roll(sitting_id), MarksForm())


def _mark(roll: Roll, typed: Sequence[Typed], form: MarksForm, *, hurried: bool) -> list[Key]:
    """Save typed cells. A tap was read without the write lock: it is taken here, and what the rules look at is
    loaded again.
    """
    if hurried:
        write()
        roll.sittings = {sitting_id: own_sitting(sitting_id) for sitting_id in roll.sittings}
        roll.course_session = next(iter(roll.sittings.values())).course_session
    return services.mark(
        roll.course_session,
        roll.sittings,
        typed,
        by=caller,
        may_correct=roll.may_correct,
        reason=form.reason.data or "",
        hurried=hurried,
    )


def _take(load: Callable[[], Roll], form: MarksForm, *, hurried: bool = False) -> Roll:
    """Save what was typed into a roll; the roll as it stands then, with what went wrong where."""
    roll = load()
    typed = roll.read(request.form, now())
    if form.sent() and not any(row.error for row in roll.rows):
        with form.attempt():
            roll.saved(typed, _mark(roll, typed, form, hurried=hurried))
            return roll
    again = load()
    again.keep(roll, request.form)
    return again


@bp.post("/sittings/<int:sitting_id>/mark")
@require(Permission.ATTENDANCE_TAKE)
@reads_first
def mark_one(sitting_id: int) -> ResponseReturnValue:
    """A tap, answered with the rows it changed. Carries the whole sheet: a tap that was lost comes with the next."""
    form = MarksForm()
    roll = _take(lambda: _sitting_roll(sitting_id), form, hurried=True)
    status = form.status if roll.failed else 200
    sitting = roll.sittings[sitting_id]
    return render(
        "attendance/tapped.html",
        fragment="tally",
        status=status,
        roll=roll,
        form=form,
        sitting=sitting,
        choices=choices(),
    )


@bp.post("/sittings/<int:sitting_id>/save")
@require(Permission.ATTENDANCE_TAKE)
def save_sheet(sitting_id: int) -> ResponseReturnValue:
    form = MarksForm()
    roll = _take(lambda: _sitting_roll(sitting_id), form)
    if roll.failed:
        return _sitting_page(roll, form, status=form.status)
    _say_saved(len(roll.changed))
    return done(url_for("attendance.show_sitting", sitting_id=sitting_id))


def _say_saved(count: int) -> None:
    if count:
        flash(ngettext("%(num)s mark saved.", "%(num)s marks saved.", count))
    else:
        flash(gettext("Nothing had changed."), "info")


@bp.post("/sittings/<int:sitting_id>/mark-all-present")
@require(Permission.ATTENDANCE_TAKE)
def mark_all_present(sitting_id: int) -> ResponseReturnValue:
    roll, form = _sitting_roll(sitting_id), MarksForm()
    if form.sent():
        with form.attempt():
            count = services.mark_all_present(
                roll.course_session,
                roll.sittings[sitting_id],
                by=caller,
                may_correct=roll.may_correct,
                reason=form.reason.data or "",
            )
            _say_saved(count)
            return done(url_for("attendance.show_sitting", sitting_id=sitting_id))
    return _sitting_page(_sitting_roll(sitting_id), form, status=form.status)


@bp.post("/sittings/<int:sitting_id>/state")
@require(Permission.ATTENDANCE_TAKE)
def set_state(sitting_id: int) -> ResponseReturnValue:
    sitting = own_sitting(sitting_id)
    form = SittingStateForm.of(sitting)
    if form.sent():
        with form.attempt():
            form.same_version(sitting)
            services.check_settled(sitting, may_correct=may_correct(sitting.course_session))
            state, reason = SittingState(form.state.data), form.reason.data or ""
            sitting_services.set_sitting_state(sitting, state, form.effective_minutes.data, reason, by=caller)
            flash(gettext("Saved: %(state)s.", state=state.label))
            return done(url_for("attendance.show_sitting", sitting_id=sitting_id))
    return _sitting_page(_sitting_roll(sitting_id), MarksForm(formdata=None), form, status=form.status)


@bp.post("/sittings/<int:sitting_id>/close")
@require(Permission.ATTENDANCE_TAKE)
def close_sheet(sitting_id: int) -> ResponseReturnValue:
    sitting = own_sitting(sitting_id)
    services.close_sheet(sitting.course_session, sitting, by=caller)
    flash(gettext("The attendance of this sitting is closed."))
    return done(url_for("attendance.show_sitting", sitting_id=sitting_id))


@bp.post("/sittings/<int:sitting_id>/reopen")
@require(Permission.ATTENDANCE_CORRECT)
def reopen_sheet(sitting_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(Permission.ATTENDANCE_CORRECT)
    sitting = training.sitting(scope, sitting_id)
    queries.check_own(scope, sitting)
    services.reopen_sheet(sitting.course_session, sitting, by=caller)
    flash(gettext("The attendance of this sitting is open again."))
    return done(url_for("attendance.show_sitting", sitting_id=sitting_id))


# --- the roll of a person --------------------------------------------------------------------------------


def _person(course_session_id: int, enrolment_id: int) -> tuple[Enrolment, list[Sitting]]:
    """An enrolment of this session and those of its sittings whose roll the caller may call; neither may lack."""
    scope = caller.scope_for(Permission.ATTENDANCE_TAKE)
    found = enrolment.enrolment(scope, enrolment_id)
    if found.course_session_id != course_session_id:
        raise Missing
    own = {row.id for row in queries.sittings(found.course_session, scope)}
    shown = [sitting for sitting in training.sittings(found.course_session) if sitting.id in own]
    if not shown:
        raise Missing
    return found, shown


def _person_roll(course_session_id: int, enrolment_id: int) -> Roll:
    found, shown = _person(course_session_id, enrolment_id)
    session = found.course_session
    return rolls.of_person(session, shown, found.id, may_correct=may_correct(session))


def _person_page(course_session_id: int, enrolment_id: int, roll: Roll, form: MarksForm, status: int = 200) -> Any:
    found, _ = _person(course_session_id, enrolment_id)
    whole = queries.runs(caller.scope_for(Permission.ATTENDANCE_READ), found.course_session)
    standing = queries.standings(found.course_session, [found.id])[found.id] if whole else None
    return render(
        "attendance/person.html",
        status=status,
        **layout(found.course_session, "attendance"),
        enrolment=found,
        standing=standing,
        roll=roll,
        form=form,
        choices=choices(),
        describe=rolls.describe,
    )


@bp.get("/sessions/<int:course_session_id>/attendance/<int:enrolment_id>")
@require(Permission.ATTENDANCE_TAKE)
def show_person_attendance(course_session_id: int, enrolment_id: int) -> ResponseReturnValue:
    roll = _person_roll(course_session_id, enrolment_id)
    page: ResponseReturnValue = _person_page(course_session_id, enrolment_id, roll, MarksForm())
    return page


@bp.post("/sessions/<int:course_session_id>/attendance/<int:enrolment_id>/save")
@require(Permission.ATTENDANCE_TAKE)
def save_person(course_session_id: int, enrolment_id: int) -> ResponseReturnValue:
    form = MarksForm()
    roll = _take(lambda: _person_roll(course_session_id, enrolment_id), form)
    if roll.failed:
        page: ResponseReturnValue = _person_page(course_session_id, enrolment_id, roll, form, form.status)
        return page
    _say_saved(len(roll.changed))
    back = url_for("attendance.show_person_attendance", course_session_id=course_session_id, enrolment_id=enrolment_id)
    return done(back)
