"""One sheet is carried over to the others of its day."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance.sheets import queries as sheets
from app.attendance.sheets.pages import own_sheet, own_sitting
from app.attendance.whole_days import services
from app.language import gettext, ngettext
from app.web.door import require
from app.web.render import done

bp = Blueprint("whole_days", __name__)


@bp.post("/sittings/<int:sitting_id>/whole-day")
@require(Permission.ATTENDANCE_TAKE)
def mark_whole_day(sitting_id: int) -> ResponseReturnValue:
    scope, sheet = caller.scope_for(Permission.ATTENDANCE_TAKE), own_sheet(sitting_id)
    every = sheets.sheets(scope, own_sitting(sitting_id).course_session)
    count = services.carry_over(sheet, every.values(), by=caller)
    if count:
        flash(ngettext("%(num)s mark of the day saved.", "%(num)s marks of the day saved.", count))
    else:
        flash(gettext("No other sheet of the day is open with somebody unmarked."), "info")
    return done(url_for("marks.show_sitting", sitting_id=sitting_id))
