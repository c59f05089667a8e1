"""Somebody leaves their institution: what hangs on them there is listed, and ended in one step.

What upper rooms know comes in three ways. `held_by(lock)`: locks the rows they hold something in, in their fixed order,
and says which. Slot `person.leaving`: lists what they hold and what becomes of it. Listeners on `EmployeeLeft` and
`EmployeeTransferred` carry it out, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.models import Organisation, User
from app.access.scope import EVERYWHERE
from app.audit import journal
from app.core.db import db
from app.core.errors import Refused, Stale
from app.language import gettext, in_language, lazy_gettext, ngettext
from app.people import queries
from app.people.events import EmployeeLeft
from app.people.models import Employee, Unit
from app.people.services import refuse_merged
from app.people.transfer_queries import ties
from app.users import services as users
from app.web import slots
from app.web.slots import Consequence

Lock = Callable[[int], Collection[int]]
_locks: list[Lock] = []


@dataclass(frozen=True)
class Leaving:
    """Who leaves (with institution) and their account; `to`: where they go on, None where they leave altogether."""

    employee: Employee
    account: User | None
    to: Organisation | None = None


def held_by(lock: Lock) -> None:
    """An upper room's lock on whatever a person holds there; it answers what it locked."""
    if lock not in _locks:
        _locks.append(lock)


def consequences(caller: Caller, leaving: Leaving) -> Sequence[Consequence]:
    """All that hangs on them and what will become of it, as this caller may see it."""
    return slots.collect("person.leaving", caller, leaving)


def unfinished(caller: Caller, leaving: Leaving) -> bool:
    """Whether somebody who is not active still holds something that ends, as after an upgrade from a version in which
    only the record was made inactive.
    """
    return not leaving.employee.active and any(not each.stays for each in consequences(caller, leaving))


def leave(employee: Employee, *, by: Caller) -> None:
    """She left: nothing is kept for her any more, records and certificates stay. Asking twice does nothing, unless
    something is `unfinished`.
    """
    refuse_merged(employee)
    db.session.refresh(employee, ["organisation"])  # what is listed names it
    if not employee.active and not unfinished(by, Leaving(employee, queries.account(employee))):
        return
    if employee.user_id is not None and employee.user_id == by.id:
        raise Refused(lazy_gettext("Nobody makes their own record inactive. Ask somebody else."))
    hold(employee)
    account = queries.account(employee)
    employee.active = False
    untie(employee)
    if account is not None:
        users.leave_home(account, employee.organisation_id, by=by)
    journal.record(EmployeeLeft(employee.id, employee.organisation_id), by=by)


def hold(employee: Employee) -> None:
    """From here on nobody gives them anything and nobody takes anything from them.

    What they hold is locked before they are, as whoever gives them something does; what came in between is seen then.
    """
    db.session.flush()
    held = [set(lock(employee.id)) for lock in _locks]
    known = employee.version
    db.session.refresh(employee, ["active", "organisation_id", "version"], with_for_update=True)
    if employee.version != known or any(
        not set(lock(employee.id)) <= before for lock, before in zip(_locks, held, strict=True)
    ):
        raise Stale(lazy_gettext("Something changed for this person at this moment. Please try again."))


def untie(employee: Employee) -> None:
    """Nobody is supervised, and no unit headed, by somebody who is not there."""
    staff = sa.update(Employee).where(Employee.supervisor_id == employee.id, Employee.id != employee.id)
    _run(staff.values(supervisor_id=None, version=Employee.version + 1), Employee)
    _run(sa.update(Unit).where(Unit.head_id == employee.id).values(head_id=None, version=Unit.version + 1), Unit)


def _run(statement: Any, model: Any) -> None:
    db.session.execute(EVERYWHERE.trusting(statement, model))


def own_consequences(_: Caller, leaving: Leaving) -> Iterator[Consequence]:
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
