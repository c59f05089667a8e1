"""Groups: the list, one of them with all that is hers, founding and changing; its members, each reached through it."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import ListOf
from app.programme.groups import pages, queries, services
from app.programme.groups.forms import GroupForm, MemberForm
from app.programme.groups.models import ActionGroup, GroupMember
from app.web.door import require, traced
from app.web.render import done, form_page, render

bp = Blueprint("groups", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE


@bp.get("/programme/groups")
@require(READ)
@traced(Exported)
def show_groups() -> ResponseReturnValue:
    page, may_write = "programme/groups/groups.html", caller.may(WRITE)
    return lists.answer(GROUPS, page, by=caller, filters=pages.filters(caller), may_write=may_write)


GROUPS = ListOf(
    name="action_groups",
    access=READ,
    title=lambda: gettext("Action plan groups"),
    columns=pages.columns,
    rows=queries.groups,
    sorts=queries.GROUP_SORTS,
    filters=("province", "theme", "active"),
)


def _writable(group_id: int) -> ActionGroup:
    return queries.group(pages.runs(caller), group_id)


def _there(group_id: int, member: GroupMember | None = None) -> ResponseReturnValue:
    return done(url_for("groups.show_group", group_id=group_id, _anchor=f"member-{member.id}" if member else None))


@bp.get("/programme/groups/<int:group_id>")
@require(READ)
def show_group(group_id: int) -> ResponseReturnValue:
    group = queries.group(caller.scope_for(READ), group_id)
    return render(
        "programme/groups/group.html",
        group=group,
        themes=queries.themes_of(group),
        members=queries.members_of(group),
        meetings=queries.meetings_of(group),
        actions=queries.actions_of(group),
        figures=queries.figures(group),
        may_write=caller.scope_for(WRITE).covers_province(group.province_id),
    )


@bp.route("/programme/groups/new", methods=["GET", "POST"])
@require(WRITE)
def add_group() -> ResponseReturnValue:
    scope = caller.scope_for(WRITE)
    form = GroupForm.of(scope)
    if form.sent():
        with form.attempt():
            group = services.add(*form.group(), scope=scope, by=caller)
            flash(gettext("The group was added. Add its members now."))
            return _there(group.id)
    return form_page("programme/groups/group_form.html", form, group=None)


@bp.route("/programme/groups/<int:group_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_group(group_id: int) -> ResponseReturnValue:
    scope, group = caller.scope_for(WRITE), _writable(group_id)
    form = GroupForm.of(scope, group)
    if form.sent():
        with form.attempt():
            form.same_version(group)
            services.change(group, *form.group(), scope=scope, by=caller)
            flash(gettext("Changes saved."))
            return _there(group_id)
        group = _writable(group_id)
    return form_page("programme/groups/group_form.html", form, group=group)


@bp.post("/programme/groups/<int:group_id>/resume", defaults={"active": True})
@bp.post("/programme/groups/<int:group_id>/end", defaults={"active": False})
@require(WRITE)
def set_group_active(group_id: int, active: bool) -> ResponseReturnValue:
    services.set_active(_writable(group_id), active, by=caller)
    flash(gettext("The group meets again.") if active else gettext("The group meets no more. What it decided stays."))
    return _there(group_id)


# --- members ----------------------------------------------------------------------------------------------


def _form(group: ActionGroup, member: GroupMember | None = None) -> MemberForm:
    return MemberForm.of(caller.scope_for(Permission.PERSON_READ), group, member)


@bp.route("/programme/groups/<int:group_id>/members/new", methods=["GET", "POST"])
@require(WRITE)
def add_member(group_id: int) -> ResponseReturnValue:
    group = _writable(group_id)
    form = _form(group)
    if form.sent():
        with form.attempt():
            member = services.add_member(group, form.member(), by=caller)
            flash(gettext("The member was added."))
            if not queries.twins(group, queries.member(group, member.id)):
                return _there(group_id, member)
            # asked where the two can be made one
            return done(url_for("groups.edit_member", group_id=group_id, member_id=member.id))
        group = _writable(group_id)
    return form_page("programme/groups/member_form.html", form, group=group, member=None, twins=())


@bp.route("/programme/groups/<int:group_id>/members/<int:member_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_member(group_id: int, member_id: int) -> ResponseReturnValue:
    group = _writable(group_id)
    member = queries.member(group, member_id)
    form = _form(group, member)
    if form.sent():
        with form.attempt():
            form.same_version(member)
            services.change_member(group, member, form.member(), by=caller)
            flash(gettext("Changes saved."))
            return _there(group_id, member)
        group = _writable(group_id)
        member = queries.member(group, member_id)
    twins = queries.twins(group, member, form.employee_id)
    return form_page("programme/groups/member_form.html", form, group=group, member=member, twins=twins)


@bp.post("/programme/groups/<int:group_id>/members/<int:member_id>/join/<int:twin_id>")
@require(WRITE)
def join_members(group_id: int, member_id: int, twin_id: int) -> ResponseReturnValue:
    """Two members who are one person."""
    group = _writable(group_id)
    kept = services.join(group, queries.member(group, member_id), queries.member(group, twin_id), by=caller)
    flash(gettext("The two members are one now."))
    return _there(group_id, kept)
