"""Groups: the list, one of them with all that is hers, founding and changing."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext, in_language, pgettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.programme.groups import pages, queries, services
from app.programme.groups.figures import figures
from app.programme.groups.forms import GroupForm
from app.programme.groups.models import ActionGroup
from app.web.door import require, traced
from app.web.render import done, render

bp = Blueprint("groups", __name__)


@bp.get("/programme/groups")
@require(Permission.PROGRAMME_READ)
@traced(Exported)
def show_groups() -> ResponseReturnValue:
    listing = lists.read(GROUPS, by=caller)
    if listing.format:
        return lists.file(GROUPS, listing, by=caller)
    may_write = caller.may(Permission.PROGRAMME_WRITE)
    page = "programme/groups/groups.html"
    return render(page, fragment="list", listing=listing, filters=pages.filters(caller), may_write=may_write)


def _columns() -> Columns:
    return [
        (gettext("Group"), lambda row: in_language(row, "name")),
        (gettext("Province"), lambda row: in_language(row, "province")),
        (gettext("Founded on"), lambda row: row.founded_on),
        (gettext("Members"), lambda row: row.members),
        (gettext("Types of institution"), lambda row: row.kinds),
        (gettext("Meetings held"), lambda row: row.held),
        (gettext("Last meeting"), lambda row: row.last_on),
        (gettext("Next meeting"), lambda row: row.next_on),
        (pgettext("group", "Actions"), lambda row: row.actions),
        (gettext("Overdue actions"), lambda row: row.late),
    ]


GROUPS = ListOf(
    name="action_groups",
    access=Permission.PROGRAMME_READ,
    title=lambda: gettext("Action plan groups"),
    columns=_columns,
    rows=queries.groups,
    sorts=queries.GROUP_SORTS,
    filters=("province", "theme", "active"),
)


@bp.get("/programme/groups/<int:group_id>")
@require(Permission.PROGRAMME_READ)
def show_group(group_id: int) -> ResponseReturnValue:
    group = queries.group(caller.scope_for(Permission.PROGRAMME_READ), group_id)
    writing = caller.scope_for(Permission.PROGRAMME_WRITE)
    return render(
        "programme/groups/group.html",
        group=group,
        themes=queries.themes_of(group),
        members=queries.members_of(group),
        meetings=queries.meetings_of(group),
        actions=queries.actions_of(group),
        figures=figures(group),
        institution=pages.institution,
        may_write=writing.covers_province(group.province_id),
    )


@bp.route("/programme/groups/new", methods=["GET", "POST"])
@require(Permission.PROGRAMME_WRITE)
def add_group() -> ResponseReturnValue:
    scope = caller.scope_for(Permission.PROGRAMME_WRITE)
    form = GroupForm.of(scope)
    if form.sent():
        with form.attempt():
            group = services.add(form.details(), form.theme_ids.chosen, scope=scope, by=caller)
            flash(gettext("The group was added. Add its members now."))
            return done(url_for("groups.show_group", group_id=group.id))
    return _page(form)


def _page(form: GroupForm, group: ActionGroup | None = None) -> ResponseReturnValue:
    return render("programme/groups/group_form.html", fragment="edit", status=form.status, form=form, group=group)


@bp.route("/programme/groups/<int:group_id>/edit", methods=["GET", "POST"])
@require(Permission.PROGRAMME_WRITE)
def edit_group(group_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(Permission.PROGRAMME_WRITE)
    group = queries.writable_group(scope, group_id)
    form = GroupForm.of(scope, group)
    if form.sent():
        with form.attempt():
            form.same_version(group)
            services.change(group, form.details(), form.theme_ids.chosen, scope=scope, by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("groups.show_group", group_id=group.id))
        group = queries.writable_group(scope, group_id)
    return _page(form, group)


@bp.post("/programme/groups/<int:group_id>/resume", defaults={"active": True})
@bp.post("/programme/groups/<int:group_id>/end", defaults={"active": False})
@require(Permission.PROGRAMME_WRITE)
def set_group_active(group_id: int, active: bool) -> ResponseReturnValue:
    group = queries.writable_group(caller.scope_for(Permission.PROGRAMME_WRITE), group_id)
    services.set_active(group, active, by=caller)
    flash(gettext("The group meets again.") if active else gettext("The group meets no more. What it decided stays."))
    return done(url_for("groups.show_group", group_id=group.id))
