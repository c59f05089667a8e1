from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.access.models import User
from app.access.scope import Scope
from app.core.db import db
from app.core.paging import ListQuery
from app.people.employees.queries import people
from app.people.models import Employee


@dataclass(frozen=True)
class Chosen:
    """Somebody who was ticked. `can_sign_in`: has set a password; `reachable`: has an e-mail address."""

    id: int
    name: str
    reachable: bool
    can_sign_in: bool


@dataclass(frozen=True)
class Selection:
    """Whom the choice falls into: who is invited, who has access already, who has no address."""

    invited: tuple[Chosen, ...]
    inside: tuple[Chosen, ...]
    unreachable: tuple[Chosen, ...]

    @property
    def ids(self) -> list[int]:
        """All who are to get access; who has no address is left out with the reason, so that nobody is forgotten."""
        return [one.id for one in (*self.invited, *self.unreachable)]


def selection(scope: Scope, wanted: Sequence[int] | ListQuery) -> Selection:
    """Active people of this scope, by name: those with these ids, or all that a list finds."""
    ids = people(scope, wanted).ids if isinstance(wanted, ListQuery) else wanted
    name = Employee.given_name + " " + Employee.family_name
    password = sa.and_(User.password_hash.is_not(None), User.active == sa.true())
    rows = db.session.execute(
        scope.trusting(
            scope.restrict(
                sa.select(Employee.id, name, Employee.email, sa.func.coalesce(password, sa.false())), Employee
            ),
            User,
        )
        .outerjoin(User, User.id == Employee.user_id)
        .where(Employee.active == sa.true(), Employee.id.in_(ids))
        .order_by(Employee.name_sort, Employee.id)
    )
    found = [Chosen(key, called, bool(email), bool(inside)) for key, called, email, inside in rows]
    outside = [one for one in found if not one.can_sign_in]
    return Selection(
        tuple(one for one in outside if one.reachable),
        tuple(one for one in found if one.can_sign_in),
        tuple(one for one in outside if not one.reachable),
    )


def employees(scope: Scope, ids: Sequence[int]) -> Sequence[Employee]:
    return db.session.scalars(scope.select(Employee).where(Employee.id.in_(ids)).order_by(Employee.id)).all()
