"""What hangs on somebody's place: whom she supervises, what she heads, which roles her account has there."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.access.models import Grant, User
from app.access.queries import grants
from app.access.scope import EVERYWHERE
from app.core.db import db
from app.people import queries
from app.people.models import Employee, Unit


@dataclass(frozen=True)
class Ties:
    """Of somebody seen through a scope. `roles`: those of her account that hold at her institution."""

    supervised: int
    heads: tuple[Unit, ...]
    account: User | None
    roles: tuple[Grant, ...]


def ties(employee: Employee) -> Ties:
    supervised = EVERYWHERE.restrict(sa.select(sa.func.count(Employee.id)), Employee).where(
        Employee.supervisor_id == employee.id, Employee.active == sa.true()
    )
    heads = db.session.scalars(sa.select(Unit).where(Unit.head_id == employee.id).order_by(Unit.name_sort, Unit.id))
    account = queries.account(employee)
    held = grants([account])[account.id] if account else []
    here = tuple(grant for grant in held if grant.organisation_id == employee.organisation_id)
    return Ties(db.session.scalar(supervised) or 0, tuple(heads), account, here)
