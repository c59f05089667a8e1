"""Holidays and extra off-days, year by year."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.calendar.models import Holiday
from app.core import slots
from app.core.clock import today
from app.language import gettext
from app.settings.holidays import queries, services
from app.settings.holidays.forms import HolidayForm
from app.web.door import require
from app.web.render import done, form_page, render

bp = Blueprint("holidays", __name__)
FIRST_YEAR, LAST_YEAR = 2000, 2100


@bp.get("/settings/holidays")
@require(Permission.SETTINGS_WRITE)
def show_holidays() -> ResponseReturnValue:
    typed = request.args.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else today().year
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    return render(
        "settings/holidays/holidays.html",
        year=year,
        holidays=queries.holidays_of(year),
        missing=queries.years_without_religious_holidays(today()),
    )


@bp.get("/settings/holidays/<int:holiday_id>")
@require(Permission.SETTINGS_WRITE)
def show_holiday(holiday_id: int) -> ResponseReturnValue:
    """One day, and what is planned on it (upper rooms say so)."""
    holiday = queries.holiday(holiday_id)
    affected = slots.collect("settings.affected_sittings", caller, holiday.date)
    return render("settings/holidays/holiday.html", holiday=holiday, affected=affected)


def _page(form: HolidayForm, holiday: Holiday | None = None) -> ResponseReturnValue:
    return form_page("settings/holidays/form.html", form, holiday=holiday)


@bp.route("/settings/holidays/new", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def add_holiday() -> ResponseReturnValue:
    form = HolidayForm.of(basis=request.args.get("basis", ""))
    if form.sent():
        with form.attempt():
            holiday = services.add_holiday(form.details(), by=caller)
            flash(gettext("The day was added."))
            return done(url_for("holidays.show_holiday", holiday_id=holiday.id))
    return _page(form)


@bp.route("/settings/holidays/<int:holiday_id>/edit", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def edit_holiday(holiday_id: int) -> ResponseReturnValue:
    holiday = queries.holiday(holiday_id)
    form = HolidayForm.of(holiday)
    if form.sent():
        with form.attempt():
            form.same_stamp()
            services.change_holiday(holiday, form.details(), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("holidays.show_holiday", holiday_id=holiday.id))
        holiday = queries.holiday(holiday_id)
    return _page(form, holiday)


@bp.post("/settings/holidays/<int:holiday_id>/remove")
@require(Permission.SETTINGS_WRITE)
def remove_holiday(holiday_id: int) -> ResponseReturnValue:
    holiday = queries.holiday(holiday_id)
    year = holiday.date.year
    services.remove_holiday(holiday, by=caller)
    flash(gettext("The day was removed."))
    return done(url_for("holidays.show_holidays", year=year))
