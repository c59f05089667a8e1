"""What hangs on somebody who leaves, as a page lists it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from app.access.caller import Caller
from app.access.models import User
from app.core import slots
from app.language import gettext, in_language, ngettext
from app.people import queries
from app.people.leaving.models import Leaving
from app.people.leaving.queries import ties
from app.people.models import Employee
from app.web.parts import Consequence


def consequences(caller: Caller, leaving: Leaving) -> Sequence[Consequence]:
    """All that hangs on them and what will become of it, as this caller may see it."""
    return slots.collect("person.leaving", caller, leaving)


def unfinished(caller: Caller, leaving: Leaving) -> bool:
    """Whether somebody who is not active still holds something that ends, as after an upgrade from a version in which
    only the record was made inactive.
    """
    return not leaving.employee.active and any(not each.stays for each in consequences(caller, leaving))


def own_consequences(caller: Caller, leaving: Leaving) -> Iterator[Consequence]:
    """What hangs on their place itself: whom they supervise, what they head, their account and its roles."""
    employee, found, account = leaving.employee, ties(leaving.employee), leaving.account
    if found.supervised:
        number = ngettext("%(num)s person", "%(num)s people", found.supervised)
        yield Consequence(
            gettext("Supervises: %(people)s", people=number),
            gettext("Their supervisor is the head of their unit again."),
            order=30,
        )
    for unit in found.heads:
        name = in_language(unit, "name")
        yield Consequence(gettext("Heads: %(unit)s", unit=name), gettext("The unit has no head any more."), order=31)
    for role in found.roles:
        yield Consequence(
            gettext("Role: %(role)s", role=role.label), gettext("Ends at %(place)s.", place=_home(employee)), order=40
        )
    for role in found.others:
        stays = gettext("Stays.") if leaving.to else gettext("Stays until the programme administrator decides.")
        yield Consequence(gettext("Role: %(role)s", role=role.label), stays, order=41, stays=True)
    if account is not None and account.active:
        name, told = gettext("Account: %(email)s", email=account.email), _account(leaving, found.others)
        yield Consequence(name, told, order=42, stays=bool(found.others))
    for tie, rows in found.more:
        yield from tie.said(caller, leaving, rows)


def of_account(_: Caller, user: User) -> Iterator[Consequence]:
    """Somebody on the staff whose account is deactivated stays there."""
    employee = queries.person_of(user)
    if employee is not None and employee.active:
        yield Consequence(
            gettext("Staff member: %(place)s", place=_home(employee)),
            gettext("Stays, with every seat. Work e-mail for invitations: %(email)s.", email=employee.email or "–"),
            order=30,
        )


def _home(employee: Employee) -> str:
    return in_language(employee.organisation, "name")


def _account(leaving: Leaving, others: Collection[object]) -> str:
    if leaving.to is not None:
        place = in_language(leaving.to, "name")
        return gettext("Signed out everywhere. Staff member from then on: %(place)s.", place=place)
    if others:
        return gettext("Signed out everywhere.")
    return gettext("Signed out everywhere, and nobody can sign in with it any more.")
