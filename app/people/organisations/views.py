"""Institutions and their units."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.models import Organisation, OrganisationKind
from app.access.permissions import Permission
from app.access.queries import provinces
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.people.models import Unit
from app.people.organisations import queries, services
from app.people.organisations import services as institutions
from app.people.organisations.forms import NewUnitForm, OrganisationForm, UnitForm
from app.web.door import require, traced
from app.web.forms import Form
from app.web.render import done, render

bp = Blueprint("organisations", __name__)


@bp.get("/organisations")
@require(Permission.ORGANISATION_READ)
@traced(Exported)
def show_organisations() -> ResponseReturnValue:
    scope = caller.scope_for(Permission.ORGANISATION_READ)
    reached = [p for p in provinces() if scope.everything or p.id in scope.provinces | scope.audience_provinces]
    return lists.answer(
        ORGANISATIONS,
        "people/organisations/organisations.html",
        by=caller,
        provinces=reached,
        kinds=list(OrganisationKind),
        may_add=caller.may(Permission.SETTINGS_WRITE),
    )


def _columns() -> Columns:
    return [
        (gettext("Institution"), lambda row: in_language(row, "name")),
        (gettext("Kind"), lambda row: row.kind.label),
        (gettext("Province"), lambda row: in_language(row, "province")),
        (gettext("Women"), lambda row: row.staff.women),
        (gettext("Men"), lambda row: row.staff.men),
        (gettext("All staff"), lambda row: row.staff.total),
    ]


ORGANISATIONS = ListOf(
    name="organisations",
    access=Permission.ORGANISATION_READ,
    title=lambda: gettext("Institutions"),
    columns=_columns,
    rows=queries.organisations,
    sorts=queries.ORGANISATION_SORTS,
    filters=("province", "kind"),
)


@bp.get("/organisations/<int:organisation_id>")
@require(Permission.ORGANISATION_READ)
def show_organisation(organisation_id: int) -> ResponseReturnValue:
    organisation = queries.organisation(caller.scope_for(Permission.ORGANISATION_READ), organisation_id)
    writable = caller.scope_for(Permission.ORGANISATION_WRITE)
    return render(
        "people/organisations/organisation.html",
        organisation=organisation,
        units=queries.units(organisation),
        may_write=writable.covers_organisation(organisation.id),
        may_edit=caller.may(Permission.SETTINGS_WRITE),
        may_add_people=caller.may(Permission.PERSON_WRITE),
    )


@bp.route("/organisations/new", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def add_organisation() -> ResponseReturnValue:
    form = OrganisationForm.of()
    if form.sent():
        with form.attempt():
            organisation = institutions.add_organisation(form.details(), by=caller)
            flash(gettext("The institution was added."))
            return done(url_for("organisations.show_organisation", organisation_id=organisation.id))
    return _form_page(form)


@bp.route("/organisations/<int:organisation_id>/edit", methods=["GET", "POST"])
@require(Permission.SETTINGS_WRITE)
def edit_organisation(organisation_id: int) -> ResponseReturnValue:
    organisation = _whole(organisation_id)
    form = OrganisationForm.of(organisation)
    if form.sent():
        with form.attempt():
            form.same_version(organisation)
            institutions.change_organisation(organisation, form.details(), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("organisations.show_organisation", organisation_id=organisation_id))
        organisation = _whole(organisation_id)
    return _form_page(form, organisation)


def _whole(organisation_id: int) -> Organisation:
    return queries.organisation(caller.scope_for(Permission.SETTINGS_WRITE), organisation_id)


def _form_page(form: OrganisationForm, organisation: Organisation | None = None) -> ResponseReturnValue:
    return render("people/organisations/form.html", status=form.status, form=form, organisation=organisation)


def _organisation(organisation_id: int) -> Organisation:
    return queries.organisation(caller.scope_for(Permission.ORGANISATION_WRITE), organisation_id)


@bp.route("/organisations/<int:organisation_id>/units/new", methods=["GET", "POST"])
@require(Permission.ORGANISATION_WRITE)
def new_unit(organisation_id: int) -> ResponseReturnValue:
    organisation = _organisation(organisation_id)
    form = NewUnitForm.of(organisation, [unit.function for unit in queries.units(organisation)])
    if form.sent():
        with form.attempt():
            services.add_unit(organisation, **form.chosen(), by=caller)
            flash(gettext("The unit was added."))
            return done(url_for("organisations.show_organisation", organisation_id=organisation_id))
        organisation = _organisation(organisation_id)
    return _unit_page(form, organisation)


@bp.route("/organisations/<int:organisation_id>/units/<int:unit_id>/edit", methods=["GET", "POST"])
@require(Permission.ORGANISATION_WRITE)
def edit_unit(organisation_id: int, unit_id: int) -> ResponseReturnValue:
    organisation = _organisation(organisation_id)
    unit = queries.unit(organisation, unit_id)
    form = UnitForm.of(organisation, unit, queries.head(unit))
    if form.sent():
        with form.attempt():
            form.same_version(unit)
            services.change_unit(
                unit, name_tr=form.name_tr.data, name_en=form.name_en.data, head=form.chosen_head, by=caller
            )
            flash(gettext("Changes saved."))
            return done(url_for("organisations.show_organisation", organisation_id=organisation_id))
        organisation = _organisation(organisation_id)
        unit = queries.unit(organisation, unit_id)
    return _unit_page(form, organisation, unit)


def _unit_page(form: Form, organisation: Organisation, unit: Unit | None = None) -> ResponseReturnValue:
    return render(
        "people/organisations/unit_form.html", status=form.status, form=form, organisation=organisation, unit=unit
    )
