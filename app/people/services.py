from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation, User
from app.access.scope import within
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import in_language, lazy_gettext
from app.people import queries
from app.people.events import (
    EmployeeLinked,
)
from app.people.models import Employee, Unit
from app.people.rules import is_identity_number


def check_place(organisation: Organisation, registry_no: str, unit_id: int, employee_id: int | None) -> None:
    """The number is free and the unit there; `employee_id` is whoever has the place already."""
    if is_identity_number(registry_no):
        raise Refused(IDENTITY_NUMBER, field="registry_no")
    holder = queries.registry_holder(organisation.id, registry_no, besides=employee_id)
    if holder is not None:
        raise Refused(registry_sentence(organisation, holder), field="registry_no")
    if db.session.scalar(sa.select(Unit.organisation_id).where(Unit.id == unit_id)) != organisation.id:
        raise Refused(lazy_gettext("Choose a unit of this institution."), field="unit_id")


IDENTITY_NUMBER = lazy_gettext("This is a T.C. identity number, which is not stored. Enter the staff registry number.")


def registry_sentence(organisation: Organisation, holder: Employee) -> Any:
    """By whom the number is used, and whether that person is still there."""
    words = {"name": holder.name, "institution": in_language(organisation, "name")}
    if holder.active:
        return lazy_gettext("This registry number is already in use. Holder: %(name)s, %(institution)s.", **words)
    return lazy_gettext(
        "This registry number is already in use. Holder: %(name)s, %(institution)s (no longer active).", **words
    )


def link_account(employee: Employee, user: User, *, by: Actor) -> None:
    """`user` is this person from now on."""
    refuse_merged(employee)
    if employee.user_id is not None:
        raise Refused(lazy_gettext("This person has an account already."))
    if db.session.scalar(within(user).restrict(sa.select(Employee.id), Employee)) is not None:
        raise Refused(lazy_gettext("This account belongs to another person on the staff."), field="email")
    employee.user_id = user.id
    journal.record(EmployeeLinked(employee.id, user.id), by=by)


def refuse_merged(employee: Employee) -> None:
    """A record that became part of another one is history."""
    if employee.merged_into_id is not None:
        raise Refused(lazy_gettext("This record was merged into another one and can no longer be changed."))


# --- two records, one person ---------------------------------------------------------------------------


def run(statement: Any, model: Any) -> int:
    """An UPDATE of rows that hang on somebody found through a scope, whosever they are: how many."""
    result: Any = db.session.execute(within(Employee).trusting(statement, model))
    return int(result.rowcount)
