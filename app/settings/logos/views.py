"""The pictures on certificates: four slots, left to right."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.settings import queries as settings
from app.settings.logos import queries, services
from app.settings.logos.forms import LogoForm
from app.web.door import reads_first, require
from app.web.edge.transaction import write
from app.web.listing import download
from app.web.render import done, form_page, render

bp = Blueprint("logos", __name__)


@bp.get("/settings/logos")
@require(Permission.SETTINGS_WRITE)
def show_logos() -> ResponseReturnValue:
    found = {logo.slot: logo for logo in settings.logos()}
    return render("settings/logos/logos.html", slots=[(slot, found.get(slot)) for slot in settings.LOGO_SLOTS])


@bp.get("/settings/logos/<int:slot>")
@require(Permission.SETTINGS_WRITE)
def show_logo(slot: int) -> ResponseReturnValue:
    """The picture itself, as a file that no browser opens as a page."""
    document = queries.picture(slot)
    return download(document.content, document.media_type, document.filename)


@bp.route("/settings/logos/<int:slot>/edit", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
@reads_first
def set_logo(slot: int) -> ResponseReturnValue:
    form = LogoForm.of(queries.logo(slot))
    if form.sent():
        with form.attempt():
            read = services.read_logo(form.content())
            write()
            form.stands(queries.logo(slot))
            form.same_stamp()
            services.set_logo(slot, read, form.alt.data, by=caller)
            flash(gettext("The logo stands on certificates issued from now on."))
            return done(url_for("logos.show_logos"))
    return form_page("settings/logos/form.html", form, slot=slot)


@bp.post("/settings/logos/<int:slot>/remove")
@require(Permission.SETTINGS_WRITE)
def remove_logo(slot: int) -> ResponseReturnValue:
    services.remove_logo(slot, by=caller)
    flash(gettext("The slot is empty. Certificates already issued stay as they are."))
    return done(url_for("logos.show_logos"))
