"""The provinces side by side, for whoever runs all of them: each number is that of the list it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.access.models import Province
from app.access.scope import Scope
from app.core.tables.written import written_once
from app.home.counted import planned, seated
from app.language import in_language
from app.training.concerns import ANY
from app.training.sessions import queries as sessions

LISTS = {"open": {"status": "open"}, "confirmed": {"status": "confirmed"}, "at_risk": {"concern": ANY}}
"""The filters of the list of sessions behind each number."""


@dataclass(frozen=True)
class Line:
    """A province: numbers of its sessions by the words of `LISTS`, people and women with a seat, groups of its plan."""

    id: int
    name: str
    numbers: dict[str, int]
    people: int
    women: int
    planned: int
    opened: int


@written_once
def provinces(scope: Scope, day: date) -> sa.Select[Any]:
    """Each of the programme, for `line`; reads what a list of sessions does, people and their places."""
    people, plan = seated(scope), planned(scope, day)
    parts = {name: sessions.by_province(scope, **filters).subquery() for name, filters in LISTS.items()}
    named = (Province.name_tr.label("place_tr"), Province.name_en.label("place_en"), Province.name_sort)
    numbers = [part.c[1].label(name) for name, part in parts.items()]
    counted = (people.c.n_people, people.c.n_women, plan.c.planned, plan.c.opened)
    columns: tuple[Any, ...] = (Province.id.label("line_id"), *named, *numbers)
    columns += tuple(each.label(f"of_{each.name}") for each in counted)
    statement: sa.Select[Any] = sa.select(*columns).select_from(Province)
    for part in (*parts.values(), people, plan):
        statement = statement.outerjoin(part, part.c.province_id == Province.id)
    return statement


def lines(rows: Sequence[Any]) -> list[Line]:
    """As they are read, by name."""
    return [
        Line(
            row.line_id,
            in_language(row, "place"),
            {name: getattr(row, name) or 0 for name in LISTS},
            row.of_n_people or 0,
            row.of_n_women or 0,
            row.of_planned or 0,
            row.of_opened or 0,
        )
        for row in sorted(rows, key=lambda row: row.name_sort)
    ]
