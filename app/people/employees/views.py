"""The staff list and a person's card: looking, adding, changing, leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.models import Organisation
from app.access.permissions import Permission
from app.access.queries import organisations as institutions
from app.audit import journal
from app.core import slots
from app.language import gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.people import queries as people
from app.people.accounts import services as accounts
from app.people.employees import queries, services
from app.people.employees.forms import EmployeeForm
from app.people.events import PersonViewed
from app.people.leaving import pages as leaving
from app.people.leaving.models import Leaving
from app.people.links import pages as links
from app.people.links.queries import chosen, without_address
from app.people.links.services import slips
from app.people.merging.duplicates import Twin, likely
from app.people.models import Employee, EmploymentType, Sex
from app.people.organisations.pages import chosen_organisation
from app.people.queries import card
from app.people.transfers import services as transfers
from app.web.door import require, traced
from app.web.render import done, render

bp = Blueprint("employees", __name__)
ON_THE_CARD = (Permission.PERSON_WRITE, Permission.PERSON_MERGE, Permission.USER_READ, Permission.USER_WRITE)


@bp.get("/people")
@require(Permission.PERSON_READ)
@traced(Exported)
def show_people() -> ResponseReturnValue:
    listing = lists.read(PEOPLE, by=caller)
    if listing.format:
        return lists.file(PEOPLE, listing, by=caller)
    return render(
        "people/employees/people.html",
        fragment="list",
        listing=listing,
        may_invite=caller.may(Permission.ACCESS_GIVE) and listing.filter("active") != "no",
        choices=queries.choices(caller.scope_for(Permission.PERSON_READ)),
        filter_choices=_filter_choices,
        may_import=caller.may(Permission.PERSON_IMPORT),
        may_merge=caller.may(Permission.PERSON_MERGE),
        may_read_lists=caller.may(Permission.REFERENCE_READ),
        kinds=[(kind.value, kind.label) for kind in EmploymentType],
        sexes=[(sex.value, sex.label) for sex in Sex],
    )


def _filter_choices(choices: Sequence[queries.Choice]) -> list[tuple[str, str]]:
    return [("", gettext("All")), *((choice.value, choice.label) for choice in choices)]


def _columns() -> Columns:
    return [
        (gettext("Name"), lambda row: row.name),
        (gettext("Staff registry no."), lambda row: row.registry_no),
        (gettext("Institution"), lambda row: row.organisation),
        (gettext("Unit"), lambda row: row.unit),
        (gettext("Job title"), lambda row: row.title),
    ]


PEOPLE = ListOf(
    name="people",
    access=Permission.PERSON_READ,
    title=lambda: gettext("Staff"),
    columns=_columns,
    rows=queries.people,
    sorts=queries.PEOPLE_SORTS,
    filters=("organisation", "unit", "title", "sex", "employment", "active"),
)


@bp.get("/people/slips")
@require(Permission.PERSON_WRITE)
def choose_slips() -> ResponseReturnValue:
    """The list as it was filtered, to be ticked: whom no letter reaches is ticked already."""
    listing = lists.asked(PEOPLE)
    scope = caller.scope_for(Permission.PERSON_WRITE)
    rows = queries.people(scope, replace(listing.query, size=links.MOST, number=1)).page().rows
    ticked = without_address([row.id for row in rows])
    return render(
        "people/employees/slips.html",
        listing=listing,
        choices=queries.choices(scope),
        filter_choices=_filter_choices,
        rows=rows,
        ticked=ticked,
        most=links.MOST,
    )


@bp.post("/people/slips")
@require(Permission.PERSON_WRITE)
@traced(Exported)
def print_slips() -> ResponseReturnValue:
    """A slip for each of those ticked, with a personal link of its own."""
    people = chosen(caller.scope_for(Permission.PERSON_WRITE), links.ticked("employee_ids"))
    if not people:
        flash(gettext("Tick somebody first."), "warn")
        return done(url_for("employees.choose_slips"))
    return links.handed_out(slips(people, by=caller), len(people), by=caller)


@bp.get("/people/<int:employee_id>")
@require(Permission.PERSON_READ)
@traced(PersonViewed)
def show_person(employee_id: int) -> ResponseReturnValue:
    found = card(caller.scope_for(Permission.PERSON_READ), employee_id)
    employee = found.employee
    if employee.merged_into_id is not None:
        flash(gettext("The record you were looking for was merged into this one."), "info")
        return redirect(url_for("employees.show_person", employee_id=employee.merged_into_id))
    journal.trace(PersonViewed(employee.id), by=caller, required=True)
    return render(
        "people/employees/person.html",
        employee=employee,
        supervisor=found.supervisor,
        supervisor_id=found.supervisor_id,
        account=found.account,
        unreachable=found.unreachable,
        unfinished=leaving.unfinished(caller, Leaving(employee, found.account)),
        sections=slots.collect("person.sections", caller, employee),
        may_keep=accounts.may_keep(caller, employee, found.account),
        may_transfer=transfers.may_transfer(caller, employee),
        may={permission.name: reaches(permission, employee) for permission in ON_THE_CARD},
    )


def reaches(permission: Permission, employee: Employee) -> bool:
    """Whether the caller holds a permission over this person's institution."""
    scope = caller.scope_for(permission)
    return scope.covers_organisation(employee.organisation_id)


@bp.get("/people/new")
@require(Permission.PERSON_WRITE)
def show_new_person() -> ResponseReturnValue:
    """First the institution, where there is a choice; then the person."""
    scope = caller.scope_for(Permission.PERSON_WRITE)
    if not request.args.get("organisation"):
        offered = institutions(scope)
        if len(offered) != 1:
            return render(
                "people/choose_organisation.html",
                title=gettext("Add staff member"),
                lead=gettext("Choose the institution first."),
                label=gettext("Institution"),
                organisations=offered,
                back=url_for("employees.show_people"),
            )
        return redirect(url_for("employees.show_new_person", organisation=offered[0].id))
    organisation = chosen_organisation()
    return _page(EmployeeForm.of(organisation), organisation)


@bp.post("/people/new")
@require(Permission.PERSON_WRITE)
def create_person() -> ResponseReturnValue:
    organisation = chosen_organisation()
    form = EmployeeForm.of(organisation)
    if form.sent():
        with form.attempt():
            alike = _alike(form, organisation)
            if alike:
                return _page(form, organisation, twins=alike)
            employee = services.create_employee(organisation, form.details(), by=caller)
            flash(gettext("%(name)s was added.", name=employee.name))
            return done(url_for("employees.show_person", employee_id=employee.id))
    return _page(form, organisation)


def _alike(form: EmployeeForm, organisation: Organisation) -> Sequence[Twin]:
    """Who this may be already, unless somebody has looked at them and says that it is another person."""
    if form.anyway.data:
        return ()
    return likely(caller.scope_for(Permission.PERSON_READ), services.draft(organisation, form.details()))


def _page(
    form: EmployeeForm,
    organisation: Organisation,
    employee: Employee | None = None,
    twins: Sequence[Twin] = (),
) -> ResponseReturnValue:
    return render(
        "people/employees/form.html",
        status=form.status,
        form=form,
        organisation=organisation,
        employee=employee,
        twins=twins,
    )


@bp.get("/people/<int:employee_id>/edit")
@require(Permission.PERSON_WRITE)
@traced(PersonViewed)
def show_edit_person(employee_id: int) -> ResponseReturnValue:
    employee = _employee(employee_id)
    if employee.merged_into_id is not None:
        return redirect(url_for("employees.show_person", employee_id=employee_id))
    journal.trace(PersonViewed(employee.id), by=caller, required=True)
    return _page(_form(employee), employee.organisation, employee)


@bp.post("/people/<int:employee_id>/edit")
@require(Permission.PERSON_WRITE)
def edit_person(employee_id: int) -> ResponseReturnValue:
    employee = _employee(employee_id)
    form = _form(employee)
    if form.sent():
        with form.attempt():
            form.same_version(employee)
            services.change_employee(employee, form.details(), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("employees.show_person", employee_id=employee.id))
        employee = _employee(employee_id)
    return _page(form, employee.organisation, employee)


def _form(employee: Employee) -> EmployeeForm:
    named = people.supervisor(employee) if employee.supervisor_id is not None else None
    return EmployeeForm.of(employee.organisation, employee, named)


def _employee(employee_id: int) -> Employee:
    return people.employee(caller.scope_for(Permission.PERSON_WRITE), employee_id)


@bp.get("/people/colleagues")
@require(Permission.PERSON_WRITE)
def suggest_colleagues() -> ResponseReturnValue:
    """Options for a field that names somebody of the same institution (supervisor, head of a unit)."""
    typed = (request.args.get("supervisor") or request.args.get("head") or "").strip()[:100]
    found = people.colleagues(chosen_organisation(), typed.rpartition(" · ")[2]) if len(typed) > 1 else []
    return render("people/employees/options.html", people=found)
