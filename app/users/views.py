"""Accounts: the list, one account, its roles, its one-time link."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.models import Grant, User
from app.access.permissions import Permission, Role
from app.access.second_factor.queries import second_factor
from app.core import slots
from app.core.errors import Missing
from app.language import format_datetime, gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.users import one_time, queries, services
from app.users.forms import EditUserForm, GrantForm, NewUserForm
from app.web.door import require, traced
from app.web.forms import Form
from app.web.render import done, render

bp = Blueprint("users", __name__)


@bp.get("/users")
@require(Permission.USER_READ)
@traced(Exported)
def show_users() -> ResponseReturnValue:
    return lists.answer(USERS, "users/users.html", by=caller, roles=list(Role), place=place)


def place(grant: Grant) -> str:
    """Where a role holds, in words."""
    where = grant.organisation or grant.province
    return in_language(where, "name") if where is not None else gettext("Whole programme")


def _columns() -> Columns:
    return [
        (gettext("Name"), lambda row: row.name),
        (gettext("E-mail"), lambda row: row.email),
        (gettext("Roles"), lambda row: "; ".join(f"{held.role.label} ({place(held)})" for held in row.grants)),
        (gettext("Last seen"), lambda row: format_datetime(row.last_seen_at)),
        (gettext("Active"), lambda row: gettext("Yes") if row.active else gettext("No")),
    ]


USERS = ListOf(
    name="users",
    access=Permission.USER_READ,
    title=lambda: gettext("Users"),
    columns=_columns,
    rows=queries.users,
    sorts=queries.USER_SORTS,
    filters=("role", "active"),
)


@bp.route("/users/new", methods=["GET", "POST"])
@require(Permission.USER_WRITE)
def create_user() -> ResponseReturnValue:
    form = NewUserForm.of(caller)
    if form.sent():
        with form.attempt():
            role = Role(form.role.data)
            user = services.create_user(form.person(), role, form.place(), by=caller)
            if form.by_mail.data:
                services.invite(user, by=caller)
                flash(gettext("The account was made. The link goes to %(email)s.", email=user.email))
            else:
                one_time.keep(user.id, services.make_one_time_link(user, by=caller))
                flash(gettext("The account was made. Give them the link below."))
            return done(url_for("users.show_user", user_id=user.id))
    return _form_page(form)


def _form_page(form: Form, user: User | None = None) -> ResponseReturnValue:
    return render("users/user_form.html", status=form.status, form=form, user=user)


def _user(user_id: int, permission: Permission = Permission.USER_WRITE) -> User:
    return queries.user(caller.scope_for(permission), user_id)


@bp.get("/users/<int:user_id>")
@require(Permission.USER_READ)
def show_user(user_id: int) -> ResponseReturnValue:
    return _page(_user(user_id, Permission.USER_READ), GrantForm.of(caller), link=one_time.shown(user_id))


def _page(user: User, form: Form, *, link: str | None = None) -> ResponseReturnValue:
    held = queries.grants(user)
    return render(
        "users/user.html",
        status=form.status,
        user=user,
        grants=held,
        takeable={g.id for g in held if services.may_grant(caller, g.role, services.place_of(g))},
        may_manage=services.may_manage(caller, held),
        herself=user.id == caller.id,
        resettable=caller.is_a(Role.ADMINISTRATOR) and user.id != caller.id and second_factor(user) is not None,
        form=form,
        link=link,
        place=place,
    )


@bp.route("/users/<int:user_id>/edit", methods=["GET", "POST"])
@require(Permission.USER_WRITE)
def edit_user(user_id: int) -> ResponseReturnValue:
    user = _user(user_id)
    form = EditUserForm.of(user)
    if form.sent():
        with form.attempt():
            form.same_version(user)
            services.change_user(user, form.person(), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("users.show_user", user_id=user_id))
        user = _user(user_id)
    return _form_page(form, user)


@bp.post("/users/<int:user_id>/grants/add")
@require(Permission.USER_WRITE)
def grant_role(user_id: int) -> ResponseReturnValue:
    user = _user(user_id)
    form = GrantForm.of(caller)
    if form.sent():
        with form.attempt():
            services.grant_role(user, Role(form.role.data), form.place(), by=caller)
            flash(gettext("The role was given. They must sign in again."))
            return done(url_for("users.show_user", user_id=user_id))
        user = _user(user_id)
    return _page(user, form)


@bp.post("/users/<int:user_id>/grants/<int:grant_id>/take")
@require(Permission.USER_WRITE)
def take_role(user_id: int, grant_id: int) -> ResponseReturnValue:
    user = _user(user_id)
    services.take_role(user, queries.grant(user, grant_id), by=caller)
    flash(gettext("The role was taken away. They must sign in again."))
    try:
        _user(user_id)
    except Missing:  # it was the role that made the account visible here
        return done(url_for("users.show_users"))
    return done(url_for("users.show_user", user_id=user_id))


@bp.post("/users/<int:user_id>/activate")
@require(Permission.USER_WRITE)
def activate_user(user_id: int) -> ResponseReturnValue:
    services.set_active(_user(user_id), True, by=caller)
    flash(gettext("The account is active again."))
    return done(url_for("users.show_user", user_id=user_id))


@bp.get("/users/<int:user_id>/deactivate")
@require(Permission.USER_WRITE)
def show_deactivate_user(user_id: int) -> ResponseReturnValue:
    """What hangs on the account, and the button."""
    user = _user(user_id)
    if not user.active or user.id == caller.id or not services.may_manage(caller, queries.grants(user)):
        return redirect(url_for("users.show_user", user_id=user_id))
    found = slots.collect("user.leaving", caller, user)
    return render("users/deactivate.html", user=user, consequences=found, form=Form())


@bp.post("/users/<int:user_id>/deactivate")
@require(Permission.USER_WRITE)
def deactivate_user(user_id: int) -> ResponseReturnValue:
    services.set_active(_user(user_id), False, by=caller)
    flash(gettext("The account is no longer active; its sign-ins have ended."))
    return done(url_for("users.show_user", user_id=user_id))


@bp.post("/users/<int:user_id>/link")
@require(Permission.USER_WRITE)
def make_link(user_id: int) -> ResponseReturnValue:
    one_time.keep(user_id, services.make_one_time_link(_user(user_id), by=caller))
    return done(url_for("users.show_user", user_id=user_id))


@bp.post("/users/<int:user_id>/second-factor/reset")
@require(Permission.USER_WRITE)
def reset_second_factor(user_id: int) -> ResponseReturnValue:
    services.reset_second_factor(_user(user_id), by=caller)
    flash(gettext("The second factor was reset; their sign-ins have ended."))
    return done(url_for("users.show_user", user_id=user_id))


# --- who was invited -----------------------------------------------------------------------------------


@bp.get("/invitations")
@require(Permission.ACCESS_GIVE)
@traced(Exported)
def show_invitations() -> ResponseReturnValue:
    return lists.answer(INVITATIONS, "users/invitations.html", by=caller)


def _invitation_columns() -> Columns:
    return [
        (gettext("Name"), lambda row: row.user.name),
        (gettext("E-mail"), lambda row: row.user.email),
        (gettext("Invited on"), lambda row: format_datetime(row.invited_at)),
        (gettext("Letters"), lambda row: row.times),
        (gettext("Password set"), lambda row: format_datetime(row.accepted_at) if row.accepted_at else ""),
    ]


INVITATIONS = ListOf(
    name="invitations",
    access=Permission.ACCESS_GIVE,
    title=lambda: gettext("Invitations"),
    columns=_invitation_columns,
    rows=queries.invitations,
    sorts=queries.INVITATION_SORTS,
    descending=True,
    filters=("accepted",),
)


@bp.post("/users/<int:user_id>/invite")
@require(Permission.ACCESS_GIVE)
def invite(user_id: int) -> ResponseReturnValue:
    user = _user(user_id, Permission.ACCESS_GIVE)
    if services.invite(user, by=caller):
        flash(gettext("The link goes to %(email)s.", email=user.email))
    else:
        flash(gettext("A letter was written less than an hour ago; no other one was sent."), "info")
    return done(url_for("users.show_invitations"))
