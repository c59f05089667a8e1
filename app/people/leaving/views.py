"""Somebody leaves, or comes back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.language import gettext
from app.people import queries
from app.people.events import PersonViewed
from app.people.leaving import pages, services
from app.people.leaving.models import Leaving
from app.people.models import Employee
from app.people.queries import card
from app.web.door import require, traced
from app.web.forms import Form
from app.web.render import done, render

bp = Blueprint("leaving", __name__)


def _employee(employee_id: int) -> Employee:
    return queries.employee(caller.scope_for(Permission.PERSON_WRITE), employee_id)


@bp.post("/people/<int:employee_id>/activate")
@require(Permission.PERSON_WRITE)
def activate_person(employee_id: int) -> ResponseReturnValue:
    employee = _employee(employee_id)
    services.activate(employee, by=caller)
    flash(gettext("%(name)s is active again. What ended does not come back.", name=employee.name))
    return done(url_for("employees.show_person", employee_id=employee.id))


@bp.get("/people/<int:employee_id>/deactivate")
@require(Permission.PERSON_WRITE)
@traced(PersonViewed)
def show_deactivate_person(employee_id: int) -> ResponseReturnValue:
    """What ends when she leaves, or is left of it, and the button."""
    found = card(caller.scope_for(Permission.PERSON_WRITE), employee_id)
    employee = found.employee
    hers = pages.consequences(caller, Leaving(employee, found.account))
    if not employee.active and all(each.stays for each in hers):
        return redirect(url_for("employees.show_person", employee_id=employee_id))
    journal.trace(PersonViewed(employee.id), by=caller, required=True)
    return render("people/leaving/deactivate.html", employee=employee, consequences=hers, form=Form())


@bp.post("/people/<int:employee_id>/deactivate")
@require(Permission.PERSON_WRITE)
def deactivate_person(employee_id: int) -> ResponseReturnValue:
    employee = _employee(employee_id)
    gone = Leaving(employee, queries.account(employee))
    services.leave(employee, by=caller, unfinished=pages.unfinished(caller, gone))
    flash(gettext("%(name)s is no longer active. The records stay.", name=employee.name))
    return done(url_for("employees.show_person", employee_id=employee.id))
