"""A person's card: who they are, who supervises them, which account is theirs; all in one statement."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from app.access.models import Organisation, User
from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.core.errors import Missing
from app.people.models import Employee, Unit


@dataclass(frozen=True)
class Card:
    """`supervisor`: the one named, else the head of their unit, if that is somebody else."""

    employee: Employee
    supervisor: Employee | None
    account: User | None


def card(scope: Scope, employee_id: int) -> Card:
    """Somebody with organisation (and its province), unit and title; merged records too. Missing outside the scope."""
    chief = aliased(Employee)
    statement = (
        EVERYWHERE.restrict(scope.restrict(sa.select(Employee, chief, User), Employee), chief, User)
        .join(Employee.organisation)
        .outerjoin(Organisation.province)
        .join(Employee.unit)
        .join(Employee.title)
        .outerjoin(chief, sa.and_(chief.id == _chief_id(), chief.id != Employee.id))
        .outerjoin(User, User.id == Employee.user_id)
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


def _chief_id() -> sa.ColumnElement[int]:
    return sa.func.coalesce(Employee.supervisor_id, Unit.head_id)
