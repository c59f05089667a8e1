"""The design of a round: its list, its form, units, questionnaires, the draw."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.models import Organisation
from app.access.permissions import Permission
from app.core.errors import Missing
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns
from app.needs.models import AssessmentRound
from app.needs.rounds import queries, services
from app.needs.rounds.forms import ItemsForm, RoundForm, UnitsForm
from app.needs.rounds.rules import IMPORTANCE, LEVEL
from app.web.door import require, traced
from app.web.listing import Listing
from app.web.render import done, render

bp = Blueprint("rounds", __name__)


def _run(round_id: int) -> AssessmentRound:
    return queries.round_run(caller.scope_for(Permission.NEED_RUN), round_id)


@bp.get("/needs/rounds")
@require(Permission.NEED_READ)
def show_rounds() -> ResponseReturnValue:
    may_run = caller.may(Permission.NEED_RUN)
    found = queries.rounds(caller.scope_for(Permission.NEED_READ), drafts=may_run)
    return render("needs/rounds/rounds.html", rounds=found, may_run=may_run)


@bp.route("/needs/rounds/new", methods=["GET", "POST"])
@require(Permission.NEED_RUN)
def create_round() -> ResponseReturnValue:
    scope = caller.scope_for(Permission.NEED_RUN)
    form = RoundForm.of(scope)
    if form.sent():
        with form.attempt():
            made = services.create_round(form.details(), scope=scope, by=caller)
            flash(gettext("The analysis is designed. Look at the questionnaires before you open it."))
            return done(url_for("running.show_round", round_id=made.id))
    return _page(form)


def _page(form: RoundForm, found: AssessmentRound | None = None) -> ResponseReturnValue:
    scales = {"importance": IMPORTANCE, "level": LEVEL}
    shown = {"form": form, "round": found, "scales": scales}
    return render("needs/rounds/form.html", fragment="edit", status=form.status, **shown)


@bp.route("/needs/rounds/<int:round_id>/edit", methods=["GET", "POST"])
@require(Permission.NEED_RUN)
def edit_round(round_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(Permission.NEED_RUN)
    found = queries.round_run(scope, round_id)
    form = RoundForm.of(scope, found)
    if form.sent():
        with form.attempt():
            form.same_version(found)
            services.change_round(found, form.details(), scope=scope, by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("running.show_round", round_id=round_id))
        found = queries.round_run(scope, round_id)
    return _page(form, found)


@bp.route("/needs/rounds/<int:round_id>/institutions/<int:organisation_id>", methods=["GET", "POST"])
@require(Permission.NEED_RUN)
def choose_units(round_id: int, organisation_id: int) -> ResponseReturnValue:
    found = _run(round_id)
    organisation = _institution(found, organisation_id)
    form = UnitsForm.of(found, organisation)
    if form.sent():
        with form.attempt():
            services.choose_units(found, organisation_id, form.units.chosen, by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("running.show_round", round_id=round_id))
        found = _run(round_id)
    shown = {"form": form, "round": found, "organisation": organisation}
    return render("needs/rounds/units.html", fragment="edit", status=form.status, **shown)


def _institution(found: AssessmentRound, organisation_id: int) -> Organisation:
    homes = queries.homes(caller.scope_for(Permission.NEED_RUN), found)
    organisation = next((one for one in homes if one.id == organisation_id), None)
    if organisation is None:
        raise Missing
    return organisation


@bp.route("/needs/rounds/<int:round_id>/units/<int:unit_id>", methods=["GET", "POST"])
@require(Permission.NEED_RUN)
def choose_items(round_id: int, unit_id: int) -> ResponseReturnValue:
    """What the staff of a unit are asked about."""
    found = _run(round_id)
    unit = queries.place(caller.scope_for(Permission.NEED_RUN), found, unit_id)
    form = ItemsForm.of(unit, list(queries.items(round_id, unit_id)))
    if form.sent():
        with form.attempt():
            chosen = form.competencies.chosen
            services.choose_items(found, unit, chosen, alike=bool(form.alike.data), by=caller)
            flash(gettext("The questionnaire is changed."))
            return done(url_for("running.show_round", round_id=round_id))
        found = _run(round_id)
        unit = queries.place(caller.scope_for(Permission.NEED_RUN), found, unit_id)
    shown = {"form": form, "round": found, "unit": unit}
    return render("needs/rounds/items.html", fragment="edit", status=form.status, **shown)


@bp.get("/needs/rounds/<int:round_id>/drawn.xlsx")
@require(Permission.NEED_RUN)
@traced(Exported)
def show_drawn(round_id: int) -> ResponseReturnValue:
    """Who is asked, as a file: of a draft whoever this seed draws today."""
    found = _run(round_id)
    listing = Listing.read(given={"format": "xlsx"})
    ids = queries.asked_of(found)
    rows = queries.named(caller.scope_for(Permission.NEED_RUN), ids)
    title = gettext("Who is asked: %(name)s", name=in_language(found, "name"))
    return lists.file_of("round_drawn", listing, title, _drawn_columns(), rows, by=caller)


def _drawn_columns() -> Columns:
    return [
        (gettext("Institution"), lambda row: in_language(row[1], "name")),
        (gettext("Unit"), lambda row: in_language(row[2], "name")),
        (gettext("Staff registry no."), lambda row: row[0].registry_no),
        (gettext("Name"), lambda row: row[0].name),
    ]


@bp.post("/needs/rounds/<int:round_id>/redraw")
@require(Permission.NEED_RUN)
def redraw(round_id: int) -> ResponseReturnValue:
    services.redraw(_run(round_id), by=caller)
    flash(gettext("Other people were drawn."))
    return done(url_for("running.show_round", round_id=round_id))


@bp.post("/needs/rounds/<int:round_id>/copy", defaults={"follows": False})
@bp.post("/needs/rounds/<int:round_id>/follow-up", defaults={"follows": True})
@require(Permission.NEED_RUN)
def copy_round(round_id: int, follows: bool) -> ResponseReturnValue:
    made = services.copy_round(_run(round_id), follows=follows, by=caller)
    flash(gettext("Here is the new draft. Set its name and dates."))
    return done(url_for("rounds.edit_round", round_id=made.id))


@bp.post("/needs/rounds/<int:round_id>/delete")
@require(Permission.NEED_RUN)
def delete_round(round_id: int) -> ResponseReturnValue:
    services.delete_round(_run(round_id), by=caller)
    flash(gettext("The draft is deleted."))
    return done(url_for("rounds.show_rounds"))
