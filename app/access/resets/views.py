"""Asking for a link to set a new password. What the link opens: `sign_in.show_welcome`."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app.access.resets import services
from app.access.resets.forms import ResetForm
from app.web.door import public
from app.web.render import done, render

bp = Blueprint("resets", __name__)


@bp.route("/reset", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    form = ResetForm()
    if form.sent():
        services.ask(form.email.data or "", request.remote_addr or "")
        return done(url_for("resets.show_asked"))
    return render("access/resets/ask.html", status=form.status, form=form)


@bp.get("/reset/asked")
@public
def show_asked() -> ResponseReturnValue:
    return render("access/resets/asked.html")
