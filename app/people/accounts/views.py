"""Giving somebody on the staff an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.language import gettext
from app.people import queries
from app.people.accounts import services
from app.people.events import PersonViewed
from app.people.models import Employee
from app.users import one_time
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
    return render("people/accounts/give_access.html", form=Form(), employee=employee)


@bp.post("/people/<int:employee_id>/give-access")
@require(Permission.USER_WRITE)
def give_access(employee_id: int) -> ResponseReturnValue:
    employee = _employee(employee_id)
    form = Form()
    if form.sent():
        with form.attempt():
            user, token = services.give_access(employee, by=caller)
            flash(gettext("%(name)s can sign in with %(email)s.", name=employee.name, email=user.email))
            if token:
                one_time.keep(user.id, token)
            return done(url_for("users.show_user", user_id=user.id))
    return render("people/accounts/give_access.html", form=form, employee=_employee(employee_id), status=form.status)


@bp.post("/people/<int:employee_id>/keep-account")
@require(Permission.USER_WRITE)
def keep_account(employee_id: int) -> ResponseReturnValue:
    """The roles of somebody who left stay: the task is settled."""
    services.keep(_employee(employee_id), by=caller)
    flash(gettext("The account keeps its roles and no longer belongs to this record."))
    return done(url_for("employees.show_person", employee_id=employee_id))


def _employee(employee_id: int) -> Employee:
    return queries.employee(caller.scope_for(Permission.USER_WRITE), employee_id)
