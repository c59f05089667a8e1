"""An account for somebody on the staff."""

from __future__ import annotations

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Role
from app.core.errors import Refused
from app.language import lazy_gettext
from app.people import queries
from app.people.models import Employee
from app.people.services import link_account
from app.users import services as users
from app.users.services import Person, Place


def give_access(employee: Employee, *, by: Caller) -> tuple[User, str | None]:
    """Her account, as a staff member of her institution, and the token of the one-time link to its password.

    An account that already has her address (a trainer's, say) becomes hers, if the caller may manage it; where it has
    a password there is no link. Who came back after leaving gets her own account again.
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
    user, token = users.account_for(person, Role.STAFF, place, known=known, by=by)
    if known is None:
        link_account(employee, user, by=by)
    return user, token
