"""Actions: the list, one of them with its history, its steps."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.core.db import typed_id
from app.language import gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import ListOf
from app.programme.asks.queries import asks_of
from app.programme.groups import queries as groups
from app.programme.groups.actions import pages, queries, services
from app.programme.groups.actions.forms import ActionForm, StepForm
from app.programme.groups.models import GroupAction
from app.programme.groups.pages import runs
from app.programme.uploads import REQUEST, kept
from app.web.door import reads_first, require, takes, traced
from app.web.listing import download
from app.web.render import done, form_page, render

bp = Blueprint("actions", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE


@bp.get("/programme/actions")
@require(READ)
@traced(Exported)
def show_actions() -> ResponseReturnValue:
    return lists.answer(ACTIONS, "programme/groups/actions.html", by=caller, filters=pages.filters(caller))


ACTIONS = ListOf(
    name="group_actions",
    access=READ,
    title=lambda: gettext("Actions of the groups"),
    columns=pages.columns,
    rows=queries.actions,
    sorts=queries.ACTION_SORTS,
    filters=("province", "group", "theme", "goal", "state", "year", "owner"),
)


def _action(action_id: int) -> GroupAction:
    return queries.action(runs(caller), action_id)


def _there(action_id: int) -> ResponseReturnValue:
    return done(url_for("actions.show_action", action_id=action_id))


@bp.get("/programme/actions/<int:action_id>")
@require(READ)
def show_action(action_id: int) -> ResponseReturnValue:
    action = queries.action(caller.scope_for(READ), action_id)
    return render(
        "programme/groups/action.html",
        action=action,
        changes=queries.changes(action),
        asks=asks_of("action", action),
        sections=slots.collect("programme.thread", caller, ("action", action_id)),
        may_write=caller.scope_for(WRITE).covers_province(action.group.province_id),
        may_plan=caller.may(Permission.PLAN_WRITE),
    )


@bp.route("/programme/groups/<int:group_id>/actions/new", methods=["GET", "POST"])
@require(WRITE)
def add_action(group_id: int) -> ResponseReturnValue:
    group = groups.group(runs(caller), group_id)
    form = ActionForm.of(group, meeting_id=typed_id(request.args.get("meeting", "")))
    if form.sent():
        with form.attempt():
            action = services.add(group, form.values(), by=caller)
            flash(gettext("The action was added."))
            return _there(action.id)
        group = groups.group(runs(caller), group_id)
    return form_page("programme/groups/action_form.html", form, group=group, action=None)


@bp.route("/programme/actions/<int:action_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_action(action_id: int) -> ResponseReturnValue:
    action = _action(action_id)
    form = ActionForm.of(action.group, action)
    if form.sent():
        with form.attempt():
            form.same_version(action)
            services.change(action, form.values(), by=caller)
            flash(gettext("Changes saved."))
            return _there(action_id)
        action = _action(action_id)
    return form_page("programme/groups/action_form.html", form, group=action.group, action=action)


@bp.route("/programme/actions/<int:action_id>/progress", methods=["GET", "POST"])
@require(WRITE)
@takes(REQUEST)
@reads_first
def move_action(action_id: int) -> ResponseReturnValue:
    action = _action(action_id)
    form = StepForm.of(action)
    if form.sent():
        with form.attempt():
            step, upload = form.typed()
            action = _action(action_id)
            form.same_version(action)
            services.move(action, step, upload, by=caller)
            flash(gettext("Changes saved."))
            return _there(action_id)
        action = _action(action_id)
    return form_page("programme/groups/step.html", form, action=action)


@bp.get("/programme/actions/<int:action_id>/evidence")
@require(READ)
def evidence(action_id: int) -> ResponseReturnValue:
    document = kept(queries.action(caller.scope_for(READ), action_id).document_id)
    return download(document.content, document.media_type, document.filename)
