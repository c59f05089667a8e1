"""Somebody goes to another institution: which one, what will happen, done."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.models import Organisation
from app.access.permissions import Permission
from app.access.queries import organisations
from app.audit import journal
from app.core.errors import Missing
from app.language import gettext, in_language
from app.people import organisation_queries, transfers
from app.people.cards import Card, card
from app.people.events import PersonViewed
from app.people.forms import TransferForm
from app.people.transfer_queries import ties
from app.web.door import require, traced
from app.web.render import done, render

bp = Blueprint("transfers", __name__)


@bp.get("/people/<int:employee_id>/transfer")
@require(Permission.PERSON_WRITE)
@traced(PersonViewed)
def show_transfer(employee_id: int) -> ResponseReturnValue:
    """First the institution; with one, her place there and what will happen."""
    found = _card(employee_id)
    employee = found.employee
    if not transfers.may_transfer(caller, employee):
        return redirect(url_for("people.show_person", employee_id=employee_id))
    journal.trace(PersonViewed(employee.id), by=caller, required=True)
    if not request.args.get("organisation"):
        offered = organisations(caller.scope_for(Permission.PERSON_WRITE))
        others = [one for one in offered if one.id != employee.organisation_id]
        return render("people/transfer_choose.html", employee=employee, organisations=others)
    organisation = _organisation()
    return _page(TransferForm.of(organisation, employee), found, organisation)


@bp.post("/people/<int:employee_id>/transfer")
@require(Permission.PERSON_WRITE)
def transfer_person(employee_id: int) -> ResponseReturnValue:
    employee, organisation = _card(employee_id).employee, _organisation()
    form = TransferForm.of(organisation, employee)
    if form.sent():
        with form.attempt():
            form.same_version(employee)
            transfers.transfer(employee, organisation, form.place(), by=caller)
            where = in_language(organisation, "name")
            flash(gettext("%(name)s works here now: %(institution)s.", name=employee.name, institution=where))
            return done(url_for("people.show_person", employee_id=employee_id))
    return _page(form, _card(employee_id), _organisation())


def _card(employee_id: int) -> Card:
    return card(caller.scope_for(Permission.PERSON_WRITE), employee_id)


def _organisation() -> Organisation:
    """The institution she goes to, if the caller may write its people too."""
    typed = request.args.get("organisation", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 12):
        raise Missing
    return organisation_queries.organisation(caller.scope_for(Permission.PERSON_WRITE), int(typed))


def _page(form: TransferForm, found: Card, organisation: Organisation) -> ResponseReturnValue:
    return render(
        "people/transfer.html",
        status=form.status,
        form=form,
        employee=found.employee,
        account=found.account,
        organisation=organisation,
        ties=ties(found.employee),
    )
