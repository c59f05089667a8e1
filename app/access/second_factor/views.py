"""The code after the password; one's own second factor, recovery codes and known devices."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import limits
from app.access.current import caller, visitor_token
from app.access.models import User
from app.access.queries import own_user
from app.access.second_factor import pages, queries, secrets, services
from app.access.second_factor.forms import CodeForm, OwnPasswordForm, OwnSetUpForm, SetUpForm
from app.access.sign_in import devices
from app.access.sign_in.pages import wanted
from app.access.sign_in.services import own_password
from app.core.errors import Missing
from app.language import gettext
from app.web.door import public, reads_first, signed_in
from app.web.edge.transaction import write
from app.web.listing import download
from app.web.render import done, render

bp = Blueprint("second_factor", __name__)


# --- between the password and the sign-in ---------------------------------------------------------------


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
@reads_first
def ask_code() -> ResponseReturnValue:
    user, form = pages.awaited(), CodeForm()
    if user is None or queries.second_factor(user) is None:
        return pages.begin_again()
    if form.sent():
        with form.attempt():
            proof = services.check(user, form.code.data or "")
            write()
            user = _still_awaited()
            services.use(user, proof)
            return pages.opened(user, remember=form.remember.data)
    return render("access/second_factor/code.html", status=form.status, form=form)


def _still_awaited(*, first: bool = False) -> User:
    """Loaded anew; `first`: still without a second factor."""
    user = pages.awaited()
    if user is None or (first and queries.second_factor(user) is not None):
        raise Missing
    return user


@bp.route("/sign-in/second-factor", methods=["GET", "POST"])
@public
@reads_first
def enrol() -> ResponseReturnValue:
    """For whom a password alone is not enough, and who has nothing else yet. Whoever has is asked for that."""
    user, form = pages.awaited(), SetUpForm()
    if user is None or queries.second_factor(user) is not None:
        return pages.begin_again()
    if form.sent():
        with form.attempt():
            chosen = services.chosen(pages.secret(user), form.code.data or "")
            write()
            user = _still_awaited(first=True)
            services.set_up(user, chosen)
            pages.opened(user)
            pages.keep_codes(chosen.codes)
            return done(url_for("second_factor.recovery_codes", next=request.args.get("next")))
        user = _still_awaited(first=True)
    return render("access/second_factor/enrol.html", status=form.status, form=form, **pages.shown(user))


# --- one's own ------------------------------------------------------------------------------------------


@bp.get("/account/second-factor")
@signed_in
def show_second_factor() -> ResponseReturnValue:
    user = own_user(caller)
    return render(
        "access/second_factor/second_factor.html",
        factor=queries.second_factor(user),
        codes=len(queries.unused_codes(user)),
        devices=[(each, devices.called(each.device)) for each in queries.known_devices(user)],
        required=limits.needs_second_factor(caller.roles),
    )


@bp.route("/account/second-factor/set-up", methods=["GET", "POST"])
@signed_in
@reads_first
def set_up() -> ResponseReturnValue:
    form = OwnSetUpForm()
    if form.sent():
        with form.attempt():
            own_password(own_user(caller), form.password.data or "", field="password")
            chosen = services.chosen(pages.secret(own_user(caller)), form.code.data or "")
            write()
            services.set_up(own_user(caller), chosen, token=visitor_token())
            pages.keep_codes(chosen.codes)
            return done(url_for("second_factor.recovery_codes", next=url_for("second_factor.show_second_factor")))
    return render("access/second_factor/set_up.html", status=form.status, form=form, **pages.shown(own_user(caller)))


@bp.route("/account/second-factor/remove", methods=["GET", "POST"])
@signed_in
@reads_first
def remove() -> ResponseReturnValue:
    form = OwnPasswordForm()
    if limits.needs_second_factor(caller.roles) or queries.second_factor(own_user(caller)) is None:
        return redirect(url_for("second_factor.show_second_factor"), 303)
    if form.sent():
        with form.attempt():
            own_password(own_user(caller), form.password.data or "", field="password")
            write()
            services.remove(own_user(caller), by=caller, token=visitor_token())
            flash(gettext("Codes are asked for no more when you sign in."))
            return done(url_for("second_factor.show_second_factor"))
    return render("access/second_factor/remove.html", status=form.status, form=form)


@bp.route("/account/recovery-codes", methods=["GET", "POST"])
@signed_in
@reads_first
def recovery_codes() -> ResponseReturnValue:
    """Those just made, until they are written down; else the way to new ones."""
    form = OwnPasswordForm()
    if queries.second_factor(own_user(caller)) is None:
        return redirect(url_for("second_factor.show_second_factor"), 303)
    if form.sent():
        with form.attempt():
            own_password(own_user(caller), form.password.data or "", field="password")
            codes = secrets.new_codes()
            hashes = services.hashed(codes)
            write()
            services.make_codes(own_user(caller), hashes)
            pages.keep_codes(codes)
            return done(url_for("second_factor.recovery_codes", next=url_for("second_factor.show_second_factor")))
    return render("access/second_factor/recovery_codes.html", status=form.status, form=form, codes=pages.kept_codes())


@bp.get("/account/recovery-codes.txt")
@signed_in
def download_codes() -> ResponseReturnValue:
    codes = pages.kept_codes()
    if not codes:
        raise Missing
    text = "\r\n".join([gettext("Yetkin recovery codes"), "", *codes, ""])
    return download(text.encode(), "text/plain; charset=utf-8", "yetkin.txt")


@bp.post("/account/recovery-codes/kept")
@signed_in
def keep_codes() -> ResponseReturnValue:
    """They are written down: on to where somebody wanted to go, or to what they had typed."""
    pages.forget_codes()
    return done(url_for("sign_in.resume") if pages.typed_before() else wanted())


@bp.post("/account/known-devices/<int:device_id>/forget")
@signed_in
def forget_device(device_id: int) -> ResponseReturnValue:
    services.forget_device(own_user(caller), device_id)
    flash(gettext("A code is asked for again on that device."))
    return done(url_for("second_factor.show_second_factor"))
