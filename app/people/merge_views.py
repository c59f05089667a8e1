"""Two records that are one person: found, laid side by side, merged."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.core.errors import Missing, Refused
from app.language import gettext
from app.people import queries, services
from app.people.duplicates import twins
from app.people.events import PersonViewed
from app.people.forms import MergeForm
from app.people.models import Employee
from app.web.door import require, traced
from app.web.render import done, render

bp = Blueprint("merging", __name__)


@bp.get("/people/<int:employee_id>/merge")
@require(Permission.PERSON_MERGE)
@traced(PersonViewed)
def show_merge(employee_id: int) -> ResponseReturnValue:
    """The records that may be the same person; `with` one, both side by side; and `keep` one, what will happen."""
    employee = _employee(employee_id)
    if employee.merged_into_id is not None:
        return redirect(url_for("people.show_person", employee_id=employee_id))
    journal.trace(PersonViewed(employee.id), by=caller, required=True)
    if "with" not in request.args:
        typed = request.args.get("q", "").strip()[:100]
        found = twins(caller.scope_for(Permission.PERSON_MERGE), employee, typed)
        return render("people/merge_choose.html", employee=employee, twins=found, q=typed)
    other = _employee(_id(request.args["with"]))
    journal.trace(PersonViewed(other.id), by=caller, required=True)
    if "keep" not in request.args:
        return _compare(employee, other)
    return _confirm(MergeForm(), *_chosen(employee, other, request.args["keep"]))


@bp.post("/people/<int:employee_id>/merge")
@require(Permission.PERSON_MERGE)
def merge_people(employee_id: int) -> ResponseReturnValue:
    employee, other = _employee(employee_id), _employee(_id(request.form.get("with", "")))
    kept, merged = _chosen(employee, other, request.form.get("keep", ""))
    kept_id, merged_id = kept.id, merged.id
    form = MergeForm()
    if form.sent():
        with form.attempt():
            services.merge(kept, merged, by=caller)
            flash(gettext("The two records are one now: %(name)s.", name=kept.name))
            return done(url_for("people.show_person", employee_id=kept.id))
    return _confirm(form, _employee(kept_id), _employee(merged_id))


def _employee(employee_id: int) -> Employee:
    return queries.employee(caller.scope_for(Permission.PERSON_MERGE), employee_id)


def _id(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 12):
        raise Missing
    return int(typed)


def _chosen(employee: Employee, other: Employee, keep: str) -> tuple[Employee, Employee]:
    """(kept, merged); whatever is neither of the two is missing."""
    if _id(keep) == employee.id:
        return employee, other
    if _id(keep) == other.id:
        return other, employee
    raise Missing


def _compare(employee: Employee, other: Employee) -> ResponseReturnValue:
    if employee.id == other.id:
        raise Refused(gettext("These are not two records: choose another one."))
    pair = [(one, queries.supervisor(one), queries.account(one)) for one in (employee, other)]
    return render("people/merge_compare.html", employee=employee, other=other, pair=pair)


def _confirm(form: MergeForm, kept: Employee, merged: Employee) -> ResponseReturnValue:
    return render(
        "people/merge_confirm.html",
        status=form.status,
        form=form,
        kept=kept,
        merged=merged,
        accounts=(queries.account(kept), queries.account(merged)),
    )
