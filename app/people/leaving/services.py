"""Somebody leaves their institution: what hangs on them there is ended in one step."""

from __future__ import annotations

from collections.abc import Callable, Collection

import sqlalchemy as sa

from app.access.caller import Caller
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused, Stale
from app.core.hooks import Hook
from app.language import lazy_gettext
from app.people import queries
from app.people.events import EmployeeActivated, EmployeeLeft
from app.people.models import Employee, Unit
from app.people.services import refuse_merged, run
from app.users import services as users

Lock = Callable[[Collection[int]], Collection[int]]
"""An upper room's lock on whatever these people hold there, and on who else may get it; it answers what it locked."""
LOCKS: Hook[list[Lock]] = Hook("locks on what a person holds", list)


def leave(employee: Employee, *, by: Caller, unfinished: bool = False) -> None:
    """They left: nothing is kept for them any more, records and certificates stay. Asking twice does nothing, unless
    something is `unfinished` (`pages.unfinished`).
    """
    refuse_merged(employee)
    if not employee.active and not unfinished:
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


def activate(employee: Employee, *, by: Actor) -> None:
    """They came back. What ended when they left does not; asking twice does nothing."""
    refuse_merged(employee)
    if not employee.active:
        employee.active = True
        journal.record(EmployeeActivated(employee.id, True), by=by)


def hold(*employees: Employee) -> None:
    """From here on nobody gives them anything and nobody takes anything from them.

    What they hold is locked before they are, as whoever gives them something does; what came in between is seen then.
    """
    db.session.flush()
    keys, locks = sorted(employee.id for employee in employees), LOCKS.here
    held = [set(lock(keys)) for lock in locks]
    known = {employee.id: employee.version for employee in employees}
    for employee in sorted(employees, key=lambda one: one.id):
        columns = ["active", "organisation_id", "merged_into_id", "version"]
        db.session.refresh(employee, columns, with_for_update={"key_share": True})
    if any(employee.version != known[employee.id] for employee in employees) or any(
        not set(lock(keys)) <= before for lock, before in zip(locks, held, strict=True)
    ):
        raise Stale(lazy_gettext("Something changed for this person at this moment. Please try again."))


def untie(employee: Employee) -> None:
    """Nobody is supervised, and no unit headed, by somebody who is not there."""
    staff = sa.update(Employee).where(Employee.supervisor_id == employee.id, Employee.id != employee.id)
    run(staff.values(supervisor_id=None, version=Employee.version + 1), Employee)
    run(sa.update(Unit).where(Unit.head_id == employee.id).values(head_id=None, version=Unit.version + 1), Unit)
