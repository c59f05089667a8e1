"""What hangs on somebody's place: whom they supervise, what they head, which roles their account has there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.models import Grant
from app.access.permissions import Role
from app.access.scope import within
from app.core.db import db
from app.people.leaving.models import TIES, Tie
from app.people.models import Employee, Unit

PARTS = ("role", "other")


@dataclass(frozen=True)
class NamedUnit:
    name_tr: str
    name_en: str


@dataclass(frozen=True)
class Ties:
    """How many they supervise, which units they head, which roles their account holds there and elsewhere."""

    supervised: int
    heads: tuple[NamedUnit, ...]
    roles: tuple[Role, ...]
    others: tuple[Role, ...]
    more: tuple[tuple[Tie, list[tuple[str, int, str, str]]], ...]


def ties(employee: Employee) -> Ties:
    """Of somebody found through a scope; one statement."""
    number, words = sa.literal(0), sa.literal("")
    heads = sa.select(sa.literal("unit"), number, Unit.name_tr, Unit.name_en).where(Unit.head_id == employee.id)
    staff = sa.select(sa.literal("staff"), sa.func.count(Employee.id), words, words).where(
        Employee.supervisor_id == employee.id, Employee.active == sa.true()
    )
    here = sa.case((Grant.organisation_id == employee.organisation_id, "role"), else_="other")
    roles = sa.select(here, number, sa.cast(Grant.role, sa.String), words).where(Grant.user_id == employee.user_id)
    more = {f"{place}:": tie for place, tie in enumerate(TIES.here)}
    parts = [_marked(mark, tie.rows(employee)) for mark, tie in more.items()]
    models = (Employee, Grant, *(model for tie in more.values() for model in tie.models))
    found: Any = db.session.execute(within(employee).trusting(sa.union_all(heads, staff, roles, *parts), *models)).all()
    held, others = (tuple(Role(value) for kind, _, value, _ in sorted(found) if kind == part) for part in PARTS)
    return Ties(
        sum(count for kind, count, _, _ in found if kind == "staff"),
        tuple(NamedUnit(tr, en) for kind, _, tr, en in sorted(found) if kind == "unit"),
        held,
        others,
        tuple(
            (tie, [(a.removeprefix(mark), b, c, d) for a, b, c, d in found if a.startswith(mark)])
            for mark, tie in more.items()
        ),
    )


def _marked(mark: str, rows: sa.Select[Any]) -> sa.Select[Any]:
    words, *others = rows.subquery().c
    return sa.select(sa.literal(mark) + words, *others)
