"""Somebody goes to work at another institution: the record goes along with everything that hangs on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from app.access.caller import Caller
from app.access.models import Organisation
from app.access.permissions import Permission
from app.audit import journal
from app.core.errors import Refused
from app.language import lazy_gettext
from app.people import queries
from app.people.events import EmployeeTransferred
from app.people.leaving.services import hold, untie
from app.people.models import Employee, EmploymentType
from app.people.services import check_place, refuse_merged
from app.users import services as users


@dataclass(frozen=True)
class NewPlace:
    """What changes with the institution."""

    unit_id: int
    title_id: int
    registry_no: str
    employment_type: EmploymentType
    email: str


def may_transfer(by: Caller, employee: Employee) -> bool:
    """Whether they may write this record, and one of another institution."""
    scope = by.scope_for(Permission.PERSON_WRITE)
    if employee.merged_into_id is not None or employee.user_id == by.id:
        return False
    return scope.everything or (employee.organisation_id in scope.organisations and len(scope.organisations) > 1)


def transfer(
    employee: Employee, organisation: Organisation, place: NewPlace, *, keep: Collection[int] = (), by: Caller
) -> None:
    """Move a person to another institution; both come through the scope of whoever asks.

    Trainings, marks, needs and certificates stay theirs; what an issued certificate says is frozen. Of the places they
    have in trainings ahead those in `keep` (ids of enrolments) go along where the new institution is invited. Whom they
    supervised has the head of the unit again, a unit they headed has no head, and the roles of their account that hold
    at the old institution end: instead they are a staff member of the new one.
    """
    refuse_merged(employee)
    if organisation.id == employee.organisation_id:
        raise Refused(lazy_gettext("This person works at this institution already."))
    if employee.user_id is not None and employee.user_id == by.id:
        raise Refused(lazy_gettext("Nobody can transfer their own record. Ask somebody else."))
    hold(employee)
    check_place(organisation, place.registry_no, place.unit_id, None)
    account, was = queries.account(employee), employee.organisation_id
    if account is not None:
        users.move_home(account, was, organisation.id, by=by)
    changed = tuple(name for name, value in asdict(place).items() if getattr(employee, name) != value)
    employee.organisation_id, employee.unit_id, employee.title_id = organisation.id, place.unit_id, place.title_id
    employee.employment_type, employee.supervisor_id, employee.active = place.employment_type, None, True
    employee.set_identity(employee.given_name, employee.family_name, place.registry_no, place.email)
    untie(employee)
    kept = tuple(sorted(keep))
    journal.record(EmployeeTransferred(employee.id, was, organisation.id, changed, kept), by=by)
