"""The settings: an overview, and the ones that are values: names, thresholds, masking."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.clock import today
from app.core.errors import Missing
from app.language import gettext
from app.settings import queries, services
from app.settings.forms import MailForm, MaskingForm, NamesForm, SettingsForm, ThresholdsForm
from app.settings.holidays import queries as holidays
from app.settings.notice import queries as notices
from app.settings.pages import Part, parts
from app.settings.signatories import queries as signatories
from app.web.door import require
from app.web.render import done, form_page, render

bp = Blueprint("settings", __name__)
FORMS: dict[str, type[SettingsForm]] = {
    "names": NamesForm,
    "thresholds": ThresholdsForm,
    "verification": MaskingForm,
    "mail": MailForm,
}
KEYS = {
    "names": ("institution_tr", "institution_en", "funding_tr", "funding_en"),
    "thresholds": (
        "threshold",
        "pass_mark",
        "nominations_close_days",
        "lock_days",
        "late_grace_minutes",
        "least_women",
        "visibility_required",
    ),
    "verification": ("mask_names",),
    "mail": ("remind_week", "remind_day", "remind_asked", "remind_marks", "remind_risk"),
}


@bp.get("/settings")
@require(Permission.SETTINGS_WRITE)
def show_settings() -> ResponseReturnValue:
    return render(
        "settings/settings.html",
        values=queries.values(),
        signatories=[one for one in signatories.all_signatories() if one.active],
        logos=queries.logos(),
        holidays=holidays.holidays_of(today().year),
        year=today().year,
        notice=notices.current(),
        missing=holidays.years_without_religious_holidays(today()),
    )


def _part(name: str) -> Part:
    if name not in FORMS:
        raise Missing
    return parts()[name]


def _form(name: str) -> SettingsForm:
    return FORMS[name].of(queries.group(KEYS[name]))


@bp.route("/settings/<any(names, thresholds, verification, mail):name>", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def change_part(name: str) -> ResponseReturnValue:
    form = _form(name)
    if form.sent():
        with form.attempt():
            form.same_stamp()
            services.change_settings(form.values(), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("settings.show_settings"))
    return form_page("settings/part.html", form, part=_part(name))
