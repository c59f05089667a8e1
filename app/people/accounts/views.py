"""Giving somebody on the staff an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.language import gettext, in_language
from app.people import queries
from app.people.accounts import services
from app.people.events import PersonViewed
from app.people.models import Employee
from app.users.pages import given
from app.web.door import require, traced
from app.web.forms import Form
from app.web.render import done, render

bp = Blueprint("accounts", __name__)


@bp.get("/people/<int:employee_id>/give-access")
@require(Permission.USER_WRITE)
@traced(PersonViewed)
def show_give_access(employee_id: int) -> ResponseReturnValue:
    employee = _employee(employee_id)
    if not queries.wants_account(employee) or employee.merged_into_id is not None:
        return redirect(url_for("employees.show_person", employee_id=employee_id))
    journal.trace(PersonViewed(employee.id), by=caller, required=True)
    return _page(Form(), employee)


@bp.post("/people/<int:employee_id>/give-access")
@require(Permission.USER_WRITE)
def give_access(employee_id: int) -> ResponseReturnValue:
    employee, form = _employee(employee_id), Form()
    if form.sent():
        with form.attempt():
            return given(employee.name, *services.give_access(employee, by=caller))
        employee = _employee(employee_id)
    return _page(form, employee)


def _page(form: Form, employee: Employee) -> ResponseReturnValue:
    return render(
        "users/give_access.html",
        status=form.status,
        form=form,
        name=employee.name,
        email=employee.email,
        role=gettext("Staff member of %(institution)s", institution=in_language(employee.organisation, "name")),
        back=url_for("employees.show_person", employee_id=employee.id),
        missing=gettext("Enter the work e-mail address first: it is what one signs in with."),
    )


@bp.post("/people/<int:employee_id>/keep-account")
@require(Permission.USER_WRITE)
def keep_account(employee_id: int) -> ResponseReturnValue:
    """The roles of somebody who left stay: the task is settled."""
    services.keep(_employee(employee_id), by=caller)
    flash(gettext("The account keeps its roles and no longer belongs to this record."))
    return done(url_for("employees.show_person", employee_id=employee_id))


def _employee(employee_id: int) -> Employee:
    return queries.employee(caller.scope_for(Permission.USER_WRITE), employee_id)
