"""What certificates of each kind say, with a sample of what is typed."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.errors import Missing
from app.language import gettext, language
from app.paper.wording import CERTIFICATE, PLACEHOLDERS, Kind
from app.settings.wording import services
from app.settings.wording.forms import WordingForm
from app.web.door import reads_first, require
from app.web.listing import download
from app.web.render import done, render

bp = Blueprint("wording", __name__)
KINDS: dict[str, Kind] = {"attendance": "attendance", "success": "success", "thanks": "thanks"}


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Missing
    return KINDS[name]


def _page(form: WordingForm, kind: Kind) -> ResponseReturnValue:
    title = CERTIFICATE["en" if language() == "en" else "tr"].kinds[kind].title
    return render(
        "settings/wording/form.html",
        status=form.status,
        form=form,
        kind=kind,
        title=title,
        placeholders=", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
    )


@bp.route("/settings/wording/<kind>", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def change_wording(kind: str) -> ResponseReturnValue:
    which = _kind(kind)
    form = WordingForm.of(which)
    if form.sent():
        with form.attempt():
            form.same_stamp()
            services.change_wording(which, form.words(), by=caller)
            flash(gettext("Certificates issued from now on say this; those already issued keep their words."))
            return done(url_for("settings.show_settings"))
    return _page(form, which)


@bp.post("/settings/wording/<kind>/sample")
@require(Permission.SETTINGS_WRITE)
@reads_first
def show_sample(kind: str) -> ResponseReturnValue:
    """A sample of what was typed; nothing is kept."""
    which = _kind(kind)
    form = WordingForm.of(which)
    if form.sent():
        with form.attempt():
            data = services.sample(which, form.words())
            return download(data, "application/pdf", gettext("Sample certificate") + ".pdf", inline=True)
    return _page(form, which)
