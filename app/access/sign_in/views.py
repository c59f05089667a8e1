"""Signing in and out, setting a password, one's own devices. Users and their roles: `app.users`."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from app.access.current import caller, caller_or_none, visitor_token
from app.access.models import OneTimeLink, User
from app.access.scope import EVERYWHERE
from app.access.sign_in import devices, pages, queries, secrets, services
from app.access.sign_in.forms import NewPasswordForm, SignInForm
from app.core import slots
from app.core.afterwards import afterwards
from app.core.errors import Missing
from app.language import gettext
from app.web.door import public, reads_first, signed_in
from app.web.edge.transaction import write
from app.web.render import done, render

bp = Blueprint("sign_in", __name__)


@bp.get("/sign-in")
@public
def show_sign_in() -> ResponseReturnValue:
    if caller_or_none() is not None:
        return redirect(pages.wanted())
    return render("access/sign_in/sign_in.html", form=SignInForm(), kept=queries.kept_form(visitor_token()))


@bp.post("/sign-in")
@public
@reads_first
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.sent():
        found = services.check_sign_in(form.email.data or "", form.password.data or "", request.remote_addr or "")
        if found is not None:
            return _welcome(form, *found)
        form.form_errors.append(gettext("Incorrect e-mail or password."))
    kept = queries.kept_form(visitor_token())
    return render("access/sign_in/sign_in.html", form=form, kept=kept, status=form.status)


def _welcome(form: SignInForm, user_id: int, wants_rehash: bool) -> ResponseReturnValue:
    renewed = secrets.hash_password(form.password.data or "") if wants_rehash else None
    write()
    user = EVERYWHERE.get(User, user_id)  # their password was right
    if renewed:
        user.password_hash = renewed
    for step in slots.collect("sign_in.steps", None, user):
        return done(step)
    return pages.signed_in(user)


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    services.sign_out(visitor_token() or "", by=caller)
    logout_user()
    language = session.get("language")
    session.clear()
    if language:
        session["language"], session["left"] = language, (caller.id, language)
    response = done(url_for("sign_in.show_sign_in"))
    # not "storage": marks that wait there are for whoever made them, at their next sign-in
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/resume")
@signed_in
def resume() -> ResponseReturnValue:
    """What was typed before the sign-in expired, to be looked at and sent again."""
    token = visitor_token() or ""
    kept = queries.kept_form(token)
    if kept is None:
        return redirect(url_for("home.show_home"))
    afterwards(lambda: services.forget_form(token))
    return render("access/sign_in/resume.html", path=kept.path, typed=kept.typed)


@bp.get("/welcome/<token>")
@public
def show_welcome(token: str) -> ResponseReturnValue:
    """The page a one-time link opens; looking at it uses nothing up."""
    link = queries.one_time_link(token)
    return render(
        "access/sign_in/welcome.html", form=NewPasswordForm(), link=link, token=token, status=200 if link else 404
    )


@bp.post("/welcome/<token>")
@public
@reads_first
def set_password(token: str) -> ResponseReturnValue:
    link, form = _link(token), NewPasswordForm()
    if form.sent():
        with form.attempt():
            hashed = pages.hashed(form, link.user)
            write()
            services.set_password(_link(token), hashed)
            flash(gettext("Your password is set. You can sign in now."))
            return done(url_for("sign_in.show_sign_in"))
    again = queries.one_time_link(token)
    return render("access/sign_in/welcome.html", form=form, link=again, token=token, status=form.status)


def _link(token: str) -> OneTimeLink:
    found = queries.one_time_link(token)
    if found is None:
        raise Missing
    return found


@bp.get("/devices")
@signed_in
def show_devices() -> ResponseReturnValue:
    return render(
        "access/sign_in/devices.html",
        devices=devices.devices(caller, secrets.digest(visitor_token() or "")),
    )


@bp.post("/devices/end-all")
@signed_in
def end_other_sign_ins() -> ResponseReturnValue:
    services.end_other_sign_ins(visitor_token() or "", by=caller)
    flash(gettext("You are signed out everywhere else."))
    return done(url_for("sign_in.show_devices"))
