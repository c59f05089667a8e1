"""Somebody on the staff: added, changed, active again."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from app.access.models import Organisation
from app.access.scope import within
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext
from app.people.events import EmployeeChanged, EmployeeCreated
from app.people.models import Employee, EmploymentType, Sex
from app.people.services import check_place, refuse_merged


@dataclass(frozen=True)
class Details:
    """Everything about a person that a form may set; `supervisor_id` None means the head of their unit."""

    given_name: str
    family_name: str
    registry_no: str
    unit_id: int
    title_id: int
    employment_type: EmploymentType
    sex: Sex
    email: str = ""
    phone: str = ""
    supervisor_id: int | None = None


def draft(organisation: Organisation, details: Details) -> Employee:
    """Somebody as they would be recorded, not stored: to be compared with those who are (`duplicates.likely`)."""
    employee = Employee(organisation_id=organisation.id, active=True)
    _set(employee, details)
    return employee


def create_employee(organisation: Organisation, details: Details, *, by: Actor) -> Employee:
    """Whoever adds somebody was shown the likely twins before (`duplicates.likely`)."""
    _check(organisation, details, None)
    employee = draft(organisation, details)
    db.session.add(employee)
    db.session.flush()
    journal.record(EmployeeCreated(employee.id, organisation.id), by=by)
    return employee


def change_employee(employee: Employee, details: Details, *, by: Actor) -> None:
    """Set what the form shows; `employee` comes with its organisation."""
    refuse_merged(employee)
    _check(employee.organisation, details, employee.id)
    if changed := _set(employee, details):
        journal.record(EmployeeChanged(employee.id, changed), by=by)


def _check(organisation: Organisation, details: Details, employee_id: int | None) -> None:
    check_place(organisation, details.registry_no, details.unit_id, employee_id)
    if details.supervisor_id is None:
        return
    if details.supervisor_id == employee_id:
        raise Refused(lazy_gettext("Nobody can be their own supervisor."), field="supervisor")
    chief = db.session.scalar(within(organisation).select(Employee).where(Employee.id == details.supervisor_id))
    if chief is None:
        raise Refused(lazy_gettext("The supervisor must work at the same institution."), field="supervisor")


def _set(employee: Employee, details: Details) -> tuple[str, ...]:
    changed = set_changed(employee, asdict(details))
    employee.set_identity(details.given_name, details.family_name, details.registry_no, details.email)
    return changed
