"""Two records that are one person: found, laid side by side, merged."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.core.db import typed_id
from app.core.errors import Missing, Refused
from app.language import gettext
from app.people.events import PersonViewed
from app.people.merging import services
from app.people.merging.duplicates import twins
from app.people.merging.forms import MergeForm
from app.people.queries import Card, card
from app.web.door import require, traced
from app.web.render import done, render

bp = Blueprint("merging", __name__)


@bp.get("/people/<int:employee_id>/merge")
@require(Permission.PERSON_MERGE)
@traced(PersonViewed)
def show_merge(employee_id: int) -> ResponseReturnValue:
    """The records that may be the same person; `with` one, both side by side; and `keep` one, what will happen."""
    found = _card(employee_id)
    employee = found.employee
    if employee.merged_into_id is not None:
        return redirect(url_for("employees.show_person", employee_id=employee_id))
    journal.trace(PersonViewed(employee.id), by=caller, required=True)
    if "with" not in request.args:
        typed = request.args.get("q", "").strip()[:100]
        alike = twins(caller.scope_for(Permission.PERSON_MERGE), employee, typed)
        return render("people/merging/choose.html", employee=employee, twins=alike, q=typed)
    other = _card(_id(request.args["with"]))
    journal.trace(PersonViewed(other.employee.id), by=caller, required=True)
    if "keep" not in request.args:
        return _compare(found, other)
    return _confirm(MergeForm(), *_chosen(found, other, request.args["keep"]))


@bp.post("/people/<int:employee_id>/merge")
@require(Permission.PERSON_MERGE)
def merge_people(employee_id: int) -> ResponseReturnValue:
    one, other = _card(employee_id), _card(_id(request.form.get("with", "")))
    kept, merged = (found.employee for found in _chosen(one, other, request.form.get("keep", "")))
    kept_id, merged_id = kept.id, merged.id
    form = MergeForm()
    if form.sent():
        with form.attempt():
            services.merge(kept, merged, by=caller)
            flash(gettext("The two records are one now: %(name)s.", name=kept.name))
            return done(url_for("employees.show_person", employee_id=kept.id))
    return _confirm(form, _card(kept_id), _card(merged_id))


def _card(employee_id: int) -> Card:
    return card(caller.scope_for(Permission.PERSON_MERGE), employee_id)


def _id(typed: str) -> int:
    if (key := typed_id(typed)) is None:
        raise Missing
    return key


def _chosen(one: Card, other: Card, keep: str) -> tuple[Card, Card]:
    """(kept, merged); whatever is neither of the two is missing."""
    if _id(keep) == one.employee.id:
        return one, other
    if _id(keep) == other.employee.id:
        return other, one
    raise Missing


def _compare(one: Card, other: Card) -> ResponseReturnValue:
    if one.employee.id == other.employee.id:
        raise Refused(gettext("These are not two records: choose another one."))
    pair = [(found.employee, found.supervisor, found.account) for found in (one, other)]
    return render("people/merging/compare.html", employee=one.employee, other=other.employee, pair=pair)


def _confirm(form: MergeForm, kept: Card, merged: Card) -> ResponseReturnValue:
    return render(
        "people/merging/confirm.html",
        status=form.status,
        form=form,
        kept=kept.employee,
        merged=merged.employee,
        accounts=(kept.account, merged.account),
    )
