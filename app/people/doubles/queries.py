"""Pairs of records that may be one person, as far as a scope sees both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.scope import EVERYWHERE, Scope, within
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order
from app.people.doubles.rules import Someone
from app.people.merging.duplicates import Sign
from app.people.models import Employee, EmployeePair

PAIR_SORTS: dict[str, tuple[Any, ...]] = {"score": (EmployeePair.score, EmployeePair.id)}


@dataclass(frozen=True)
class Double:
    """Two records with institution, unit and title, and why they may be one person."""

    id: int
    one: Employee
    other: Employee
    signs: tuple[Sign, ...]


def doubles(scope: Scope, query: ListQuery) -> Rows[Double]:
    """Pairs nobody told apart. Filter: sign."""
    ids = scope.restrict(sa.select(EmployeePair.id), EmployeePair).where(EmployeePair.different == sa.false())
    if query.filter("sign"):
        ids = ids.where(EmployeePair.signs.contains(query.filter("sign"), autoescape=True))
    return Rows(ids, PAIR_SORTS[query.sort], query, _load)


def _load(keys: Sequence[int]) -> Sequence[Double]:
    rows = db.session.scalars(
        within(Employee).trusting(sa.select(EmployeePair).where(EmployeePair.id.in_(keys)), EmployeePair)
    ).all()
    people = _people([key for row in rows for key in (row.first_id, row.second_id)])
    made = [
        Double(row.id, people[row.first_id], people[row.second_id], tuple(Sign(word) for word in row.signs.split()))
        for row in rows
        if row.first_id in people and row.second_id in people
    ]
    return in_order(keys, made, lambda row: row.id)


def _people(keys: Sequence[int]) -> dict[int, Employee]:
    """Of pairs a scope sees both of."""
    statement = sa.select(Employee).where(Employee.id.in_(keys))
    whole = [joinedload(getattr(Employee, name)) for name in ("organisation", "unit", "title")]
    found = db.session.scalars(within(EmployeePair).trusting(statement, Employee).options(*whole))
    return {one.id: one for one in found}


def pair(scope: Scope, pair_id: int) -> EmployeePair:
    return scope.get(EmployeePair, pair_id)


def at_two_places(scope: Scope) -> sa.Select[Any]:
    """How many pairs have one address and two institutions."""
    return scope.restrict(sa.select(sa.func.count(EmployeePair.id)), EmployeePair).where(
        EmployeePair.different == sa.false(),
        EmployeePair.first_organisation_id != EmployeePair.second_organisation_id,
        EmployeePair.signs.contains(Sign.EMAIL.value),
    )


def everybody() -> list[Someone]:
    """All records that are somebody: pairs are looked for among all, and shown to whoever sees both."""
    columns = (
        Employee.id,
        Employee.organisation_id,
        Employee.given_name + " " + Employee.family_name,
        Employee.registry_key,
        Employee.email,
    )
    those = EVERYWHERE.restrict(sa.select(*columns), Employee).where(Employee.merged_into_id.is_(None))  # see above
    return [Someone(*row) for row in db.session.execute(those.order_by(Employee.id))]


def mark() -> tuple[int, ...]:
    """Changes with any record."""
    told = sa.select(sa.func.count(), sa.func.max(Employee.id), sa.func.sum(Employee.version))
    row = db.session.execute(EVERYWHERE.restrict(told, Employee)).one()  # of everybody, as pairs are
    return tuple(int(number or 0) for number in row)


def stored() -> Sequence[EmployeePair]:
    return db.session.scalars(EVERYWHERE.select(EmployeePair)).all()  # of everybody, as pairs are
