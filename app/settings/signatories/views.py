"""Who signs certificates, province by province, and in which order."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.settings.models import Signatory
from app.settings.signatories import queries, services
from app.settings.signatories.forms import SignatoryForm
from app.web.door import require
from app.web.render import done, form_page, render

bp = Blueprint("signatories", __name__)
LIST = "signatories.show_signatories"


@bp.get("/settings/signatories")
@require(Permission.SETTINGS_WRITE)
def show_signatories() -> ResponseReturnValue:
    return render("settings/signatories/signatories.html", signatories=queries.all_signatories())


def _page(form: SignatoryForm, signatory: Signatory | None = None) -> ResponseReturnValue:
    return form_page("settings/signatories/form.html", form, signatory=signatory)


@bp.route("/settings/signatories/new", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def add_signatory() -> ResponseReturnValue:
    form = SignatoryForm.of()
    if form.sent():
        with form.attempt():
            services.add_signatory(form.details(), by=caller)
            flash(gettext("The signatory was added."))
            return done(url_for(LIST))
    return _page(form)


@bp.route("/settings/signatories/<int:signatory_id>/edit", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def edit_signatory(signatory_id: int) -> ResponseReturnValue:
    signatory = queries.signatory(signatory_id)
    form = SignatoryForm.of(signatory)
    if form.sent():
        with form.attempt():
            form.same_version(signatory)
            services.change_signatory(signatory, form.details(), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for(LIST))
        signatory = queries.signatory(signatory_id)
    return _page(form, signatory)


@bp.post("/settings/signatories/<int:signatory_id>/up")
@require(Permission.SETTINGS_WRITE)
def move_signatory_up(signatory_id: int) -> ResponseReturnValue:
    services.move_signatory_up(queries.signatory(signatory_id), by=caller)
    return done(url_for(LIST))


@bp.post("/settings/signatories/<int:signatory_id>/activate", defaults={"active": True})
@bp.post("/settings/signatories/<int:signatory_id>/deactivate", defaults={"active": False})
@require(Permission.SETTINGS_WRITE)
def set_signatory_active(signatory_id: int, active: bool) -> ResponseReturnValue:
    services.set_signatory_active(queries.signatory(signatory_id), active, by=caller)
    flash(
        gettext("The signatory signs again, as the last one.")
        if active
        else gettext("The signatory signs no more. Certificates already issued stay as they are.")
    )
    return done(url_for(LIST))
