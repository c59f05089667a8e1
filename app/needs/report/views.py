"""Asking for a report."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.errors import Missing
from app.core.paging import ListQuery
from app.needs.groups.queries import select_group
from app.needs.report import services
from app.web.door import require
from app.web.render import done

bp = Blueprint("report", __name__)
FILTERS = ("round", "province", "organisation", "unit", "title")


@bp.post("/needs/report")
@require(Permission.NEED_READ)
def ask_report() -> ResponseReturnValue:
    format = request.form.get("format", "")
    filters = {name: request.form[name][:200] for name in FILTERS if request.form.get(name)}
    selection = select_group(caller.scope_for(Permission.NEED_READ), ListQuery(filters=filters))
    if selection is None or format not in services.FORMATS:
        raise Missing
    named = selection.group_filters | {"round": str(selection.round.id)}
    return done(url_for("jobs.show", job_id=services.ask(named, format, by=caller).id))
