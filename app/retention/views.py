"""How long things are kept; a dry run; what went."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.retention import queries
from app.retention.forms import RetentionForm
from app.retention.kinds import KINDS
from app.settings import queries as settings
from app.settings import services
from app.web.door import require
from app.web.render import done, form_page, render

bp = Blueprint("retention", __name__)
KEYS = ("letters_kept_days", "invitations_kept_days", "imports_kept_days", "answers_kept_days")


@bp.get("/settings/retention")
@require(Permission.SETTINGS_WRITE)
def show_retention() -> ResponseReturnValue:
    return render(
        "retention/retention.html",
        due=queries.due(),
        destructions=queries.destructions(),
        said={name: kind.said for name, kind in KINDS.here.items()},
    )


@bp.route("/settings/retention/edit", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def change_retention() -> ResponseReturnValue:
    form = RetentionForm.of(settings.group(KEYS))
    if form.sent():
        with form.attempt():
            form.same_stamp()
            services.change_settings(form.values(), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("retention.show_retention"))
    return form_page("retention/form.html", form)
