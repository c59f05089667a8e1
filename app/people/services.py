from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation, User
from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import in_language, lazy_gettext
from app.people import queries
from app.people.events import (
    EmployeeActivated,
    EmployeeChanged,
    EmployeeCreated,
    EmployeeLinked,
    EmployeesMerged,
)
from app.people.models import Employee, EmploymentType, Sex, Unit
from app.people.registry import is_identity_number


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
    changed = tuple(name for name, value in asdict(details).items() if getattr(employee, name) != value)
    if changed:
        _set(employee, details)
        journal.record(EmployeeChanged(employee.id, changed), by=by)


def check_place(organisation: Organisation, registry_no: str, unit_id: int, employee_id: int | None) -> None:
    """The number is free and the unit there; `employee_id` is whoever has the place already."""
    if is_identity_number(registry_no):
        raise Refused(IDENTITY_NUMBER, field="registry_no")
    holder = queries.registry_holder(organisation.id, registry_no, besides=employee_id)
    if holder is not None:
        raise Refused(registry_sentence(organisation, holder), field="registry_no")
    if db.session.scalar(sa.select(Unit.organisation_id).where(Unit.id == unit_id)) != organisation.id:
        raise Refused(lazy_gettext("Choose a unit of this institution."), field="unit_id")


def _check(organisation: Organisation, details: Details, employee_id: int | None) -> None:
    check_place(organisation, details.registry_no, details.unit_id, employee_id)
    if details.supervisor_id is None:
        return
    if details.supervisor_id == employee_id:
        raise Refused(lazy_gettext("Nobody can be their own supervisor."), field="supervisor")
    chief = db.session.scalar(EVERYWHERE.select(Employee).where(Employee.id == details.supervisor_id))
    if chief is None or chief.organisation_id != organisation.id:
        raise Refused(lazy_gettext("The supervisor must work at the same institution."), field="supervisor")


IDENTITY_NUMBER = lazy_gettext("This is a T.C. identity number, which is not stored. Enter the staff registry number.")


def registry_sentence(organisation: Organisation, holder: Employee) -> Any:
    """By whom the number is used, and whether that person is still there."""
    words = {"name": holder.name, "institution": in_language(organisation, "name")}
    if holder.active:
        return lazy_gettext("This registry number is already in use. Holder: %(name)s, %(institution)s.", **words)
    return lazy_gettext(
        "This registry number is already in use. Holder: %(name)s, %(institution)s (no longer active).", **words
    )


def _set(employee: Employee, details: Details) -> None:
    employee.set_identity(details.given_name, details.family_name, details.registry_no, details.email)
    employee.unit_id, employee.title_id = details.unit_id, details.title_id
    employee.employment_type, employee.sex = details.employment_type, details.sex
    employee.phone, employee.supervisor_id = details.phone, details.supervisor_id


def activate(employee: Employee, *, by: Actor) -> None:
    """They came back. What ended when they left (`leaving.leave`) does not; asking twice does nothing."""
    refuse_merged(employee)
    if not employee.active:
        employee.active = True
        journal.record(EmployeeActivated(employee.id, True), by=by)


def link_account(employee: Employee, user: User, *, by: Actor) -> None:
    """`user` is this person from now on."""
    refuse_merged(employee)
    if employee.user_id is not None:
        raise Refused(lazy_gettext("This person has an account already."))
    other = EVERYWHERE.restrict(sa.select(Employee.id), Employee).where(Employee.user_id == user.id)
    if db.session.scalar(other) is not None:
        raise Refused(lazy_gettext("This account belongs to another person on the staff."), field="email")
    employee.user_id = user.id
    journal.record(EmployeeLinked(employee.id, user.id), by=by)


def refuse_merged(employee: Employee) -> None:
    """A record that became part of another one is history."""
    if employee.merged_into_id is not None:
        raise Refused(lazy_gettext("This record was merged into another one and can no longer be changed."))


# --- two records, one person ---------------------------------------------------------------------------


def merge(kept: Employee, merged: Employee, *, by: Actor) -> None:
    """Make two records one: `merged` becomes inactive and points at `kept`, and upper rooms move its rows.

    Both come through the scope of whoever asks. Of the merged record only missing contact data is taken over, and
    the account where the kept one has none. Refused for one record twice, for one merged before, and where an upper
    room's listener refuses.
    """
    if kept.id == merged.id:
        raise Refused(lazy_gettext("These are not two records: choose another one."))
    refuse_merged(kept)
    refuse_merged(merged)
    if not kept.active and merged.active:
        kept.active = True
    email = kept.email or merged.email
    if email != kept.email:
        kept.set_identity(kept.given_name, kept.family_name, kept.registry_no, email)
    kept.phone = kept.phone or merged.phone
    account, merged.user_id = merged.user_id, None
    merged.active = False
    merged.merged_into_id = kept.id
    db.session.flush()  # the account is free before it is given: it belongs to one person at most
    kept.user_id = kept.user_id or account
    _repoint(kept, merged)
    journal.record(EmployeesMerged(kept.id, merged.id), by=by)


def _repoint(kept: Employee, merged: Employee) -> None:
    """Whoever pointed at the merged record: their staff, their unit, records merged into it before."""
    same_place = kept.organisation_id == merged.organisation_id
    heir = kept.id if same_place else None
    moved = sa.update(Employee).where(Employee.supervisor_id == merged.id, Employee.id != kept.id)
    _run(moved.values(supervisor_id=heir, version=Employee.version + 1), Employee)
    if kept.supervisor_id == merged.id:
        kept.supervisor_id = None
    _run(sa.update(Unit).where(Unit.head_id == merged.id).values(head_id=heir, version=Unit.version + 1), Unit)
    earlier = sa.update(Employee).where(Employee.merged_into_id == merged.id)
    _run(earlier.values(merged_into_id=kept.id), Employee)


def _run(statement: Any, model: Any) -> None:
    db.session.execute(EVERYWHERE.trusting(statement, model))
