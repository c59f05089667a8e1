"""Cells of the grid as they are typed, and the grid as a file, out and in."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance import queries as attendance
from app.attendance.grid import pages
from app.attendance.grid.forms import BringForm, brought_cells, read_cells
from app.attendance.grid.pages import Answer
from app.attendance.grid.workbook import read_table
from app.attendance.marks import services
from app.attendance.marks.forms import MarksForm
from app.attendance.marks.pages import roll_of_grid
from app.attendance.marks.queries import grid
from app.attendance.models import MarkSource
from app.attendance.sheets import queries as sheets
from app.attendance.sheets.pages import may_correct
from app.core.clock import now
from app.core.errors import Refused
from app.files.workbook import TABLE_REQUEST
from app.language import gettext, ngettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.training.models import CourseSession
from app.training.pages import layout
from app.web.door import reads_first, require, takes, traced
from app.web.listing import Listing
from app.web.render import done, render

bp = Blueprint("grid", __name__)


@bp.post("/sessions/<int:course_session_id>/attendance/cells")
@require(Permission.ATTENDANCE_TAKE)
def save_cells(course_session_id: int) -> ResponseReturnValue:
    """Each is saved or refused for itself. Where `preview` is sent, they are read and nothing is saved."""
    scope, form = caller.scope_for(Permission.ATTENDANCE_TAKE), MarksForm()
    course_session = attendance.session_of_own(scope, course_session_id)
    if not form.sent():
        raise Refused(gettext("Nothing was changed. Copy what you typed and load the page again."))
    typed, wrong = read_cells(request.form, sheets.sheets(scope, course_session), now())
    answer, wanted = Answer.of(typed), {cell.key: cell.spelled for cell in typed}
    if "preview" not in request.form:
        may, reason = may_correct(course_session), form.reason.data or ""
        told = services.mark_each(course_session_id, typed, by=caller, may_correct=may, reason=reason)
        wrong |= told.refused
        if attendance.runs(scope, course_session):
            answer.add_up(course_session, {cell.enrolment_id for cell in typed})
    answer.refuse(wrong, wanted)
    return jsonify(asdict(answer))


# --- as a file ---------------------------------------------------------------------------------------------


@bp.get("/sessions/<int:course_session_id>/attendance/file")
@require(Permission.ATTENDANCE_READ)
@traced(Exported)
def take_out(course_session_id: int) -> ResponseReturnValue:
    scope, listing = caller.scope_for(Permission.ATTENDANCE_READ), Listing.read()
    course_session = attendance.session_of_own(scope, course_session_id)
    listing.format = listing.format or "xlsx"
    shown = grid(scope, course_session, now())
    title = gettext("Attendance %(code)s", code=course_session.code.replace("/", "-"))
    return lists.file_of("attendance", listing, title, pages.columns(shown), shown.rows, by=caller)


@bp.route("/sessions/<int:course_session_id>/attendance/import", methods=["GET", "POST"])
@require(Permission.ATTENDANCE_TAKE)
@takes(TABLE_REQUEST)
@reads_first
def bring(course_session_id: int) -> ResponseReturnValue:
    """A file is read and shown; its cells are saved by `save_brought`."""
    scope, form = caller.scope_for(Permission.ATTENDANCE_TAKE), BringForm()
    course_session = attendance.session_of_own(scope, course_session_id)
    every = sheets.sheets(scope, course_session)
    shown: dict[str, Any] = {}
    if form.sent():
        with form.attempt():
            found = attendance.marked_people(course_session)
            people, standing = [one[0] for one in found], {one[0].enrolment_id: one[1] for one in found}
            brought = read_table(*form.file.brought(), people, pages.headings(every))
            typed, wrong = brought_cells(brought, standing, every, now())
            roll = roll_of_grid(list(every.values()), may_correct=may_correct(course_session))
            lines = pages.changes(typed, wrong, people, roll)
            shown = {"typed": typed, "lines": lines, "problems": brought.problems, "roll": roll}
    return _bring_page(course_session, form, shown)


def _bring_page(course_session: CourseSession, form: BringForm, shown: dict[str, Any]) -> ResponseReturnValue:
    context = {"form": form, "marks": MarksForm(formdata=None), "typed": (), "lines": (), "problems": (), **shown}
    status = 200 if shown else form.status
    return render("attendance/grid/import.html", status=status, **layout(course_session, "attendance"), **context)


@bp.post("/sessions/<int:course_session_id>/attendance/import/save")
@require(Permission.ATTENDANCE_TAKE)
def save_brought(course_session_id: int) -> ResponseReturnValue:
    """What was shown is saved, each cell for itself; what is refused is told."""
    scope, form = caller.scope_for(Permission.ATTENDANCE_TAKE), MarksForm()
    course_session = attendance.session_of_own(scope, course_session_id)
    if not form.sent():
        raise Refused(gettext("Nothing was changed. Copy what you typed and load the page again."))
    typed, wrong = read_cells(request.form, sheets.sheets(scope, course_session), now())
    may, reason = may_correct(course_session), form.reason.data or ""
    source = MarkSource.IMPORT
    told = services.mark_each(course_session_id, typed, by=caller, may_correct=may, reason=reason, source=source)
    flash(ngettext("%(num)s mark saved.", "%(num)s marks saved.", len(told.saved)))
    if left := pages.refusals(wrong | told.refused):
        flash(left, "error")
    return done(url_for("marks.show_attendance", course_session_id=course_session_id))
