"""The members of a group, each reached through it."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.programme.groups import queries
from app.programme.groups.members import services
from app.programme.groups.members.forms import MemberForm
from app.programme.groups.members.queries import institutions
from app.programme.groups.models import ActionGroup, GroupMember
from app.web.door import require
from app.web.render import done, render

bp = Blueprint("members", __name__)


def _group(group_id: int) -> ActionGroup:
    return queries.writable_group(caller.scope_for(Permission.PROGRAMME_WRITE), group_id)


def _form(group: ActionGroup, member: GroupMember | None = None) -> MemberForm:
    return MemberForm.of(caller.scope_for(Permission.PERSON_READ), institutions(group, member), member)


def _page(form: MemberForm, group: ActionGroup, member: GroupMember | None = None) -> ResponseReturnValue:
    shown = {"form": form, "group": group, "member": member}
    return render("programme/groups/member_form.html", fragment="edit", status=form.status, **shown)


@bp.route("/programme/groups/<int:group_id>/members/new", methods=["GET", "POST"])
@require(Permission.PROGRAMME_WRITE)
def add_member(group_id: int) -> ResponseReturnValue:
    group = _group(group_id)
    form = _form(group)
    if form.sent():
        with form.attempt():
            member = services.add(group, form.details(), by=caller)
            flash(gettext("The member was added."))
            return done(url_for("groups.show_group", group_id=group_id, _anchor=f"member-{member.id}"))
        group = _group(group_id)
    return _page(form, group)


@bp.route("/programme/groups/<int:group_id>/members/<int:member_id>/edit", methods=["GET", "POST"])
@require(Permission.PROGRAMME_WRITE)
def edit_member(group_id: int, member_id: int) -> ResponseReturnValue:
    group = _group(group_id)
    member = queries.member(group, member_id)
    form = _form(group, member)
    if form.sent():
        with form.attempt():
            form.same_version(member)
            services.change(group, member, form.details(), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("groups.show_group", group_id=group_id, _anchor=f"member-{member_id}"))
        group = _group(group_id)
        member = queries.member(group, member_id)
    return _page(form, group, member)
