from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.access.models import Grant, Organisation, User
from app.access.scope import Scope, within
from app.core.db import db
from app.core.errors import Missing
from app.core.search import matches
from app.language import language
from app.people.models import Employee, Title, Unit
from app.people.rules import fold
from app.post.models import InvalidAddress


def employee(scope: Scope, employee_id: int) -> Employee:
    """One person of the staff with organisation (and its province), unit and title; merged records too."""
    return scope.get(
        Employee,
        employee_id,
        joinedload(Employee.organisation).joinedload(Organisation.province),
        joinedload(Employee.unit),
        joinedload(Employee.title),
    )


def named(model: Any, spoken: str) -> sa.ColumnElement[str]:
    """The name of a thing in the reader's language, asked once for all rows; the Turkish where no English stands."""
    own = getattr(model, f"name_{spoken}")
    return sa.func.coalesce(sa.func.nullif(own, ""), model.name_tr)


# --- what the form of a person needs -------------------------------------------------------------------


Offered = list[tuple[int, str]]


def units_and_titles(organisation: Organisation, *kept: int | None) -> tuple[Offered, Offered]:
    """What a form offers as a place in an institution, and the title somebody has; by id and name, one statement."""
    units, titles = (
        sa.select(sa.literal(kind).label("kind"), model.id.label("id"), named(model, language()), model.name_sort)
        for kind, model in (("unit", Unit), ("title", Title))
    )
    both = sa.union_all(units.where(Unit.organisation_id == organisation.id), titles.where(Title.offered(*kept)))
    found = db.session.execute(both.order_by("kind", "name_sort", "id")).all()
    unit_rows, title_rows = (
        [(key, name) for part, key, name, _ in found if part == kind] for kind in ("unit", "title")
    )
    return unit_rows, title_rows


def registry_holder(organisation_id: int, registry_no: str, *, besides: int | None = None) -> Employee | None:
    """Whoever of the institution has this registry number in any spelling; nobody where `besides` has it already."""
    found = db.session.scalars(
        within(Organisation)
        .select(Employee)
        .where(Employee.organisation_id == organisation_id, Employee.registry_key == fold(registry_no))
        .order_by(Employee.active.desc(), Employee.id)
    ).all()
    return next(iter(found), None) if besides not in {one.id for one in found} else None


def colleague(organisation: Organisation, registry_no: str) -> Employee | None:
    """The active person of an organisation (found through a scope) with this registry number."""
    return db.session.scalar(
        within(organisation)
        .select(Employee)
        .where(Employee.registry_key == fold(registry_no), Employee.active == sa.true())
        .order_by((Employee.registry_no == registry_no).desc(), Employee.id)
    )


def colleagues(organisation: Organisation, typed: str, limit: int = 10) -> Sequence[Employee]:
    """Active people of an organisation (found through a scope) whom a typed text may mean."""
    return db.session.scalars(
        within(organisation)
        .select(Employee)
        .where(Employee.active == sa.true(), matches(Employee, typed))
        .order_by(Employee.name_sort, Employee.id)
        .limit(limit)
    ).all()


def supervisor(employee: Employee) -> Employee | None:
    """Whoever supervises somebody (seen through a scope): the one named, else the head of their unit."""
    key = employee.supervisor_id or employee.unit.head_id
    return None if key is None or key == employee.id else within(employee).get(Employee, key)


def person_of(user: User) -> Employee | None:
    """Whose account this is, with the institution; the account was seen through a scope."""
    return db.session.scalar(within(user).select(Employee).options(joinedload(Employee.organisation)))


def unsettled() -> sa.Select[Any]:
    """Id, name and roles (codes, with spaces between) of people who left and whose accounts hold roles elsewhere."""
    held = sa.select(sa.func.aggregate_strings(sa.cast(Grant.role, sa.String), " ")).where(Grant.user_id == User.id)
    return (
        sa.select(Employee.id, Employee.given_name + " " + Employee.family_name, held.scalar_subquery())
        .join(User, User.id == Employee.user_id)
        .where(Employee.active == sa.false(), User.active == sa.true())
    )


def wants_account(employee: Employee) -> bool:
    """Whether nobody can sign in as this person, seen through a scope."""
    known = account(employee)
    return known is None or not known.active


def account(employee: Employee) -> User | None:
    """The account of somebody seen through a scope."""
    return None if employee.user_id is None else within(employee).get(User, employee.user_id)


@dataclass(frozen=True)
class Card:
    """`supervisor`: the name of the one named, else of the head of their unit, if that is somebody else. `unreachable`:
    what is known of the address they are written to, if nothing arrives there.
    """

    employee: Employee
    account: User | None
    unreachable: InvalidAddress | None
    supervisor_id: int | None
    supervisor: str | None


def card(scope: Scope, employee_id: int) -> Card:
    """Somebody with organisation (and its province), unit and title; merged records too. Missing outside the scope."""
    chief = aliased(Employee)
    name = chief.given_name + " " + chief.family_name
    shown = sa.select(Employee, User, InvalidAddress, chief.id, name)
    statement = (
        scope.trusting(scope.restrict(shown, Employee), chief, User)
        .join(Employee.organisation)
        .outerjoin(Organisation.province)
        .join(Employee.unit)
        .join(Employee.title)
        .outerjoin(chief, sa.and_(chief.id == _chief_id(), chief.id != Employee.id))
        .outerjoin(User, User.id == Employee.user_id)
        .outerjoin(InvalidAddress, InvalidAddress.address == sa.func.lower(_address()))
        .where(Employee.id == employee_id)
        .options(
            contains_eager(Employee.organisation).contains_eager(Organisation.province),
            contains_eager(Employee.unit),
            contains_eager(Employee.title),
        )
    )
    found = db.session.execute(statement).first()
    if found is None:
        raise Missing
    return Card(*found)


def _address() -> sa.ColumnElement[str]:
    """Where somebody is written to: at their account's address, else their own."""
    return sa.func.coalesce(sa.case((User.active.is_(True), User.email), else_=None), Employee.email)


def _chief_id() -> sa.ColumnElement[int]:
    return sa.func.coalesce(Employee.supervisor_id, Unit.head_id)


def own_employee(user_id: int) -> Employee | None:
    """The person on a staff that a user is, if they are one."""
    return db.session.scalar(
        within(User).select(Employee).where(Employee.user_id == user_id, Employee.merged_into_id.is_(None))
    )
