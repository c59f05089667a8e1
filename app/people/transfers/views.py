"""Somebody goes to another institution: which one, what will happen, done."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.models import Organisation
from app.access.permissions import Permission
from app.access.queries import organisations
from app.audit import journal
from app.language import gettext, in_language
from app.people.events import PersonViewed
from app.people.leaving import pages as leaving
from app.people.leaving.models import Leaving
from app.people.models import Employee
from app.people.organisations.pages import chosen_organisation
from app.people.queries import Card, card
from app.people.transfers import services
from app.people.transfers.forms import TransferForm
from app.web.door import require, traced
from app.web.parts import Consequence
from app.web.render import done, render

bp = Blueprint("transfers", __name__)


@bp.get("/people/<int:employee_id>/transfer")
@require(Permission.PERSON_WRITE)
@traced(PersonViewed)
def show_transfer(employee_id: int) -> ResponseReturnValue:
    """First the institution; with one, their place there and what will happen."""
    found = _card(employee_id)
    employee = found.employee
    if not services.may_transfer(caller, employee):
        return redirect(url_for("employees.show_person", employee_id=employee_id))
    journal.trace(PersonViewed(employee.id), by=caller, required=True)
    if not request.args.get("organisation"):
        offered = organisations(caller.scope_for(Permission.PERSON_WRITE))
        others = [one for one in offered if one.id != employee.organisation_id]
        return render(
            "people/choose_organisation.html",
            title=gettext("Transfer: %(name)s", name=employee.name),
            lead=gettext("Works now at: %(institution)s", institution=in_language(employee.organisation, "name")),
            label=gettext("New institution"),
            organisations=others,
            back=url_for("employees.show_person", employee_id=employee_id),
        )
    organisation = chosen_organisation()
    hers = _consequences(found, organisation)
    return _page(_form(hers, employee, organisation), found, organisation, hers)


@bp.post("/people/<int:employee_id>/transfer")
@require(Permission.PERSON_WRITE)
def transfer_person(employee_id: int) -> ResponseReturnValue:
    found, organisation = _card(employee_id), chosen_organisation()
    employee = found.employee
    form = _form(_consequences(found, organisation), employee, organisation)
    if form.sent():
        with form.attempt():
            form.same_version(employee)
            services.transfer(employee, organisation, form.place(), keep=form.keep.data or (), by=caller)
            where = in_language(organisation, "name")
            flash(gettext("%(name)s works here now: %(institution)s.", name=employee.name, institution=where))
            return done(url_for("employees.show_person", employee_id=employee_id))
    found, organisation = _card(employee_id), chosen_organisation()
    return _page(form, found, organisation, _consequences(found, organisation))


def _consequences(found: Card, organisation: Organisation) -> Sequence[Consequence]:
    return leaving.consequences(caller, Leaving(found.employee, found.account, organisation))


def _form(hers: Sequence[Consequence], employee: Employee, organisation: Organisation) -> TransferForm:
    return TransferForm.of(organisation, employee, [one.choice for one in hers if one.choice])


def _card(employee_id: int) -> Card:
    return card(caller.scope_for(Permission.PERSON_WRITE), employee_id)


def _page(
    form: TransferForm, found: Card, organisation: Organisation, hers: Sequence[Consequence]
) -> ResponseReturnValue:
    return render(
        "people/transfers/transfer.html",
        status=form.status,
        form=form,
        employee=found.employee,
        organisation=organisation,
        consequences=hers,
    )
