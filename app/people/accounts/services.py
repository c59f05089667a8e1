"""An account for somebody on the staff."""

from __future__ import annotations

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Role
from app.audit import journal
from app.core.errors import Refused
from app.language import lazy_gettext
from app.people import queries
from app.people.events import EmployeeUnlinked
from app.people.models import Employee
from app.people.services import link_account
from app.users import services as users
from app.users.services import Person, Place


def give_access(employee: Employee, *, by: Caller, link: bool = True) -> tuple[User, str | None]:
    """Their account, as a staff member of their institution, and the token of the one-time link to its password.

    An account that already has the address (a trainer's, say) becomes theirs, if the caller may manage it; where it has
    a password there is no link. Who came back after leaving gets their own account again.
    """
    if not employee.active:
        raise Refused(lazy_gettext("This person is no longer active."))
    if not employee.email:
        raise Refused(lazy_gettext("Enter the work e-mail address first: it is what one signs in with."))
    person = Person(employee.given_name, employee.family_name, employee.email)
    place = Place(organisation_id=employee.organisation_id)
    known = queries.account(employee)
    if known is not None and known.active:
        raise Refused(lazy_gettext("This person has an account already."))
    user, token = users.account_for(person, Role.STAFF, place, known=known, by=by, link=link)
    if known is None:
        link_account(employee, user, by=by)
    return user, token


def invite(employee: Employee, role: Role = Role.STAFF, *, by: Caller) -> bool:
    """An account where there is none, this role besides that of staff, and the letter with its link. False where one
    was written within the hour.
    """
    known = queries.account(employee)
    if known is None or not known.active:
        known, _ = give_access(employee, by=by, link=False)
    if role is not Role.STAFF:
        person = Person(employee.given_name, employee.family_name, employee.email)
        place = Place(organisation_id=employee.organisation_id)
        users.account_for(person, role, place, known=known, by=by, link=False)
    return users.invite(known, by=by)


def may_keep(by: Caller, employee: Employee, account: User | None) -> bool:
    """Whether roles of somebody who left wait for this caller's decision."""
    return by.is_a(Role.ADMINISTRATOR) and not employee.active and account is not None and account.active


def keep(employee: Employee, *, by: Caller) -> None:
    """The administrator decides that somebody who left keeps the roles held elsewhere: the account is no longer that
    of a staff record.
    """
    account = queries.account(employee)
    if account is None or not may_keep(by, employee, account):
        raise Refused(lazy_gettext("Only the programme administrator decides on the roles of somebody who left."))
    employee.user_id = None
    journal.record(EmployeeUnlinked(employee.id, account.id), by=by)
