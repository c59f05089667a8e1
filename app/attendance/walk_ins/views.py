"""Somebody is in the room who has no seat: found on the staff list and added on the spot."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance.models import Presence
from app.attendance.pages import joining
from app.attendance.sheets.pages import may_correct, own_sitting
from app.attendance.walk_ins import queries, services
from app.language import gettext
from app.training.models import Sitting
from app.web.door import require
from app.web.forms import Form
from app.web.render import done, render

bp = Blueprint("walk_ins", __name__)


@bp.get("/sittings/<int:sitting_id>/walk-in")
@require(Permission.ATTENDANCE_TAKE)
def show_walk_in(sitting_id: int) -> ResponseReturnValue:
    return _page(own_sitting(sitting_id), Form())


def _page(sitting: Sitting, form: Form, status: int = 200) -> ResponseReturnValue:
    typed = request.values.get("q", "")[:100].strip()
    found = queries.candidates(sitting.course_session, typed)
    return render(
        "attendance/walk_ins/walk_in.html",
        fragment="found",
        status=status,
        sitting=sitting,
        q=typed,
        found=found,
        form=form,
        joining=joining(sitting.course_session, {sitting.id: Presence.PRESENT.value}),
    )


@bp.post("/sittings/<int:sitting_id>/add-walk-in")
@require(Permission.ATTENDANCE_TAKE)
def add_walk_in(sitting_id: int) -> ResponseReturnValue:
    sitting, form = own_sitting(sitting_id), Form()
    if form.sent():
        with form.attempt():
            employee = queries.candidate(sitting.course_session, request.form.get("employee_id", ""))
            runs = may_correct(sitting.course_session)
            services.add(sitting.course_session, sitting, employee, by=caller, runs=runs)
            flash(gettext("%(name)s was added and marked present.", name=employee.name))
            return done(url_for("marks.show_sitting", sitting_id=sitting_id))
    return _page(own_sitting(sitting_id), form, form.status)
