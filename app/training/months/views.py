"""The month page."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.access.queries import provinces
from app.core.db import typed_id
from app.settings.queries import calendar
from app.training.months import pages, queries
from app.web.door import require
from app.web.forms import by_name
from app.web.render import render

bp = Blueprint("months", __name__)


@bp.get("/sessions/calendar")
@require(Permission.SESSION_READ)
def show_calendar() -> ResponseReturnValue:
    scope = caller.scope_for(Permission.SESSION_READ)
    first = pages.chosen_month(request.args.get("month", ""))
    province_id = typed_id(request.args.get("province", ""))
    rows = queries.days_of_sessions(scope, *pages.shown_days(first), province_id)
    here = url_for("months.show_calendar", province=province_id)
    return render(
        "training/months/month.html",
        month=pages.month(first, rows, calendar(), here),
        first=first,
        provinces=by_name(provinces()),
        province_id=province_id,
        may_make=caller.may(Permission.SESSION_WRITE),
    )
