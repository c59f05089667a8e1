"""Cells of the grid as they are typed, or as they would be saved."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance import queries as attendance
from app.attendance.grid.forms import read_cells
from app.attendance.grid.pages import Answer
from app.attendance.marks import services
from app.attendance.marks.forms import MarksForm
from app.attendance.sheets import queries as sheets
from app.attendance.sheets.pages import may_correct
from app.core.clock import now
from app.core.errors import Refused
from app.language import gettext
from app.training import queries as training
from app.web.door import require

bp = Blueprint("grid", __name__)


@bp.post("/sessions/<int:course_session_id>/attendance/cells")
@require(Permission.ATTENDANCE_TAKE)
def save_cells(course_session_id: int) -> ResponseReturnValue:
    """Each is saved or refused for itself. Where `preview` is sent, they are read and nothing is saved."""
    scope, form = caller.scope_for(Permission.ATTENDANCE_TAKE), MarksForm()
    course_session = training.course_session(scope, course_session_id)
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
