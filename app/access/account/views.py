"""One's own account. The second factor: `app.access.second_factor`; where one is signed in: `app.access.sign_in`."""

from __future__ import annotations

from flask import Blueprint, flash, session, url_for
from flask.typing import ResponseReturnValue

from app.access.account import services
from app.access.account.forms import PasswordForm, PreferencesForm
from app.access.current import caller, visitor_token
from app.access.queries import own_user
from app.access.second_factor.queries import second_factor
from app.access.sign_in import pages
from app.access.sign_in import services as sign_in
from app.language import force_locale, gettext
from app.web.door import reads_first, signed_in
from app.web.edge.transaction import write
from app.web.render import done, render

bp = Blueprint("account", __name__)


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def show_account() -> ResponseReturnValue:
    user = own_user(caller)
    form = PreferencesForm.of(user)
    if form.sent():
        services.set_preferences(
            user, language=form.language.data, wants_reminders=form.wants_reminders.data, by=caller
        )
        session["language"] = form.language.data
        with force_locale(form.language.data):
            flash(gettext("Changes saved."))
        return done(url_for("account.show_account"))
    return render("access/account/account.html", status=form.status, form=form, user=user, factor=second_factor(user))


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
@reads_first
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.sent():
        with form.attempt():
            sign_in.own_password(own_user(caller), form.old_password.data or "", field="old_password")
            hashed = pages.hashed(form, own_user(caller))
            write()
            sign_in.change_password(own_user(caller), hashed, except_token=visitor_token())
            flash(gettext("Your password was changed. You are signed out everywhere else."))
            return done(url_for("account.show_account"))
    return render("access/account/password.html", status=form.status, form=form)
