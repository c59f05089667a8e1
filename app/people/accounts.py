"""An account for somebody on the staff."""

from __future__ import annotations

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Role
from app.access.queries import grants, user_by_email
from app.core.errors import Refused
from app.language import lazy_gettext
from app.people.models import Employee
from app.people.services import link_account
from app.users import services as users
from app.users.services import Person, Place


def give_access(employee: Employee, *, by: Caller) -> tuple[User, str | None]:
    """Her account, as a staff member of her institution, and the token of the one-time link to its password.

    An account that already has her address (a trainer's, say) becomes hers, if the caller may manage it; it keeps its
    password, so there is no link.
    """
    if not employee.active:
        raise Refused(lazy_gettext("This person is no longer active."))
    if not employee.email:
        raise Refused(lazy_gettext("Enter the work e-mail address first: it is what one signs in with."))
    known = user_by_email(employee.email)
    if known is not None:
        _take_over(employee, known, by)
        return known, None
    person = Person(employee.given_name, employee.family_name, employee.email)
    user = users.create_user(person, Role.STAFF, Place(organisation_id=employee.organisation_id), by=by)
    link_account(employee, user, by=by)
    return user, users.make_one_time_link(user, by=by)


def _take_over(employee: Employee, user: User, by: Caller) -> None:
    held = grants([user])[user.id]
    if not users.may_manage(by, held):
        raise Refused(lazy_gettext("Another account has this e-mail address."))
    link_account(employee, user, by=by)
    if not any(g.role is Role.STAFF and g.organisation_id == employee.organisation_id for g in held):
        users.grant_role(user, Role.STAFF, Place(organisation_id=employee.organisation_id), by=by)
