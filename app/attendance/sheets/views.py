"""A sheet is closed and opened again."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance.sheets import queries, services
from app.attendance.sheets.pages import own_sitting
from app.language import gettext
from app.training import queries as training
from app.web.door import require
from app.web.render import done

bp = Blueprint("sheets", __name__)


@bp.post("/sittings/<int:sitting_id>/close")
@require(Permission.ATTENDANCE_TAKE)
def close_sheet(sitting_id: int) -> ResponseReturnValue:
    sitting = own_sitting(sitting_id)
    try:
        services.close(sitting.course_session, sitting, by=caller)
    except services.Unmarked as refusal:  # to the first of them, where the rest can be marked in one step
        flash(str(refusal.message), "warn")
        return done(url_for("marks.show_sitting", sitting_id=sitting_id, _anchor=f"r-{sitting_id}-{refusal.first}"))
    flash(gettext("The attendance of this sitting is closed."))
    return done(url_for("marks.show_sitting", sitting_id=sitting_id))


@bp.post("/sittings/<int:sitting_id>/reopen")
@require(Permission.ATTENDANCE_CORRECT)
def reopen_sheet(sitting_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(Permission.ATTENDANCE_CORRECT)
    sitting = training.sitting(scope, queries.sheet(scope, sitting_id).id)
    services.reopen(sitting.course_session, sitting, by=caller)
    flash(gettext("The attendance of this sitting is open again."))
    return done(url_for("marks.show_sitting", sitting_id=sitting_id))
