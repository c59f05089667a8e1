from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Province
from app.access.scope import Scope, within
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.core.search import holds
from app.programme.pilots.models import Pilot, PilotCorrection, PilotMonth, PilotService
from app.programme.pilots.queries import OPEN
from app.programme.pilots.rules import month_of

SORTS: dict[str, tuple[Any, ...]] = {
    "month": (PilotMonth.month, Pilot.code, PilotMonth.id),
    "pilot": (Pilot.code, PilotMonth.month, PilotMonth.id),
    "province": (Province.name_sort, Pilot.code, PilotMonth.month, PilotMonth.id),
    "women": (PilotMonth.women, PilotMonth.id),
    "men": (PilotMonth.men, PilotMonth.id),
    "visits": (PilotMonth.visits, PilotMonth.id),
}


def services(pilot: Pilot) -> Sequence[PilotService]:
    every = within(pilot).select(PilotService).order_by(PilotService.first_month, PilotService.id)
    return db.session.scalars(every).all()


def kept(service: PilotService, first: date, last: date) -> dict[date, PilotMonth]:
    """The months of a service that were entered, from the first to the last, with who entered them."""
    statement = within(service).select(PilotMonth).where(PilotMonth.month.between(first, last))
    found = db.session.scalars(statement.options(joinedload(PilotMonth.enterer)).order_by(PilotMonth.month))
    return {one.month: one for one in found}


def entered(service: PilotService) -> Sequence[date]:
    return db.session.scalars(
        within(service).restrict(sa.select(PilotMonth.month), PilotMonth).order_by(PilotMonth.month)
    ).all()


def corrections(pilot: Pilot) -> Sequence[PilotCorrection]:
    """What was changed after its months were closed, latest first."""
    statement = (
        sa.select(PilotCorrection)
        .join(PilotCorrection.service)
        .where(PilotService.pilot_id == pilot.id)
        .options(contains_eager(PilotCorrection.service), joinedload(PilotCorrection.changer))
        .order_by(PilotCorrection.id.desc())
    )
    return db.session.scalars(within(pilot).trusting(statement, PilotCorrection, PilotService)).all()


# --- all pilots ---------------------------------------------------------------------------------------------


def users(scope: Scope, query: ListQuery) -> Rows[PilotMonth]:
    """A line for each month of each service; searched by its pilot. Filters: province, and the period: since, until."""

    def load(keys: Sequence[int]) -> Sequence[PilotMonth]:
        named = contains_eager(PilotMonth.service).contains_eager(PilotService.pilot).contains_eager(Pilot.province)
        whole = _joined(scope, sa.select(PilotMonth)).where(PilotMonth.id.in_(keys)).options(named)
        return in_order(keys, db.session.scalars(whole).all(), lambda one: one.id)

    return Rows(_period(scope, sa.select(PilotMonth.id), query), SORTS[query.sort], query, load)


def sums(scope: Scope, query: ListQuery) -> tuple[int, int, int]:
    """New users of the same lines: women, men, and how many of both are provisional."""
    provisional = sa.case((OPEN, PilotMonth.women + PilotMonth.men), else_=0)
    columns = (sa.func.coalesce(sa.func.sum(one), 0) for one in (PilotMonth.women, PilotMonth.men, provisional))
    women, men, unsure = db.session.execute(_period(scope, sa.select(*columns), query)).one()
    return women, men, unsure


def _joined(scope: Scope, statement: sa.Select[Any]) -> sa.Select[Any]:
    joined = statement.join(PilotMonth.service).join(PilotService.pilot).join(Pilot.province)
    covered: sa.Select[Any] = scope.trusting(scope.restrict(joined, Pilot), PilotMonth, PilotService)
    return covered


def _period(scope: Scope, statement: sa.Select[Any], query: ListQuery) -> sa.Select[Any]:
    chosen = _joined(scope, statement.select_from(PilotMonth))
    chosen = narrowed(chosen, query, {"province": Pilot.province_id})
    if query.q:
        chosen = chosen.where(holds(Pilot.search_text, query.q))
    if since := _day(query.filter("since")):
        chosen = chosen.where(PilotMonth.month >= month_of(since))
    if until := _day(query.filter("until")):
        chosen = chosen.where(PilotMonth.month <= until)
    return chosen


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
