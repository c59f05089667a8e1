"""A finding, an action or a pilot names a competency it needs, and is tied to the row of a plan that gives it."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.catalogue.queries import competencies
from app.language import gettext
from app.programme.asks import queries, services
from app.programme.asks.forms import AskForm, RowForm
from app.web.door import require
from app.web.render import done, form_page

bp = Blueprint("asks", __name__)
WRITE = Permission.PROGRAMME_WRITE


@bp.route("/programme/asks/<kind>/<int:thing_id>/new", methods=["GET", "POST"])
@require(WRITE)
def ask(kind: str, thing_id: int) -> ResponseReturnValue:
    asker, thing = queries.asking(caller.scope_for(WRITE), kind, thing_id)
    offered = {one.id: one for one in competencies()}
    form, url = AskForm.offered(offered.values()), asker.url(thing_id)
    if form.sent():
        with form.attempt():
            services.ask(asker, thing, offered[form.competency.data], form.reason.data, by=caller)
            flash(gettext("The competency is asked for. A row of a training plan is one click away."))
            return done(url)
        asker, thing = queries.asking(caller.scope_for(WRITE), kind, thing_id)
    return form_page("programme/asks/ask.html", form, asker=asker, thing=thing, url=url)


@bp.post("/programme/asks/<key>/withdraw")
@require(WRITE)
def withdraw(key: str) -> ResponseReturnValue:
    wanted = queries.wanted(caller.scope_for(WRITE), key)
    services.withdraw(wanted, by=caller)
    flash(gettext("This competency is no longer asked for."))
    return done(wanted.url)


@bp.route("/programme/asks/<key>/row", methods=["GET", "POST"])
@require(WRITE)
def tie(key: str) -> ResponseReturnValue:
    scope = caller.scope_for(WRITE)
    wanted, rows = queries.wanted(scope, key), queries.rows_for(queries.line(scope, key))
    form = RowForm.of(rows.values())
    if form.sent():
        with form.attempt():
            services.tie(wanted, rows[form.row.data], by=caller)
            flash(gettext("It is tied to this row. The thread leads from here to the row, and back."))
            return done(wanted.url)
        wanted = queries.wanted(scope, key)
    may_plan = caller.may(Permission.PLAN_WRITE)
    return form_page("programme/asks/row.html", form, wanted=wanted, rows=rows, may_plan=may_plan)


@bp.post("/programme/asks/<key>/untie")
@require(WRITE)
def untie(key: str) -> ResponseReturnValue:
    wanted = queries.wanted(caller.scope_for(WRITE), key)
    services.untie(wanted, by=caller)
    flash(gettext("It is no longer tied to this row, which stays in its plan."))
    return done(wanted.url)
