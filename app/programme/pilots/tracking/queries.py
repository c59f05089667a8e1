from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Province
from app.access.scope import EVERYWHERE, Scope, within
from app.audit import latest
from app.core.db import db
from app.core.paging import Lines, ListQuery, Rows, narrowed
from app.core.search import holds
from app.programme.pilots.events import PilotChanged, PilotClosed, PilotMonthsClosed, PilotUsersEntered
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


def users(scope: Scope, query: ListQuery, total: int | None = None) -> Rows[PilotMonth]:
    """A line for each month of each service; searched by its pilot. Filters: province, and the period: since, until.
    `total`: how many there are, where that is known already.
    """
    named = contains_eager(PilotMonth.service).contains_eager(PilotService.pilot).contains_eager(Pilot.province)
    lines = _period(scope, sa.select(PilotMonth), query).options(named)
    # by month they are read from the index of months, and only as far as the page goes
    ids = _period(scope, sa.select(PilotMonth.id), query, outer=query.sort == "month")
    return Lines(ids, SORTS[query.sort], query, lines, lambda row: row[0], total=total)


CHANGING = (PilotChanged, PilotClosed, PilotMonthsClosed, PilotUsersEntered)
"""After these a count is another, or a month is closed, or a pilot is in another place or called otherwise."""
LOG = EVERYWHERE.trusting(  # numbers alone
    sa.select(latest.state(*(kind.name for kind in CHANGING), models=(PilotMonth,))), PilotMonth
)
_memory: latest.Kept[Any, tuple[int, int, int, int]] = latest.Kept()


def sums(scope: Scope, query: ListQuery) -> tuple[int, int, int, int]:
    """How many lines that list has; their new users: women, men, and how many of both are provisional."""

    def count() -> tuple[int, int, int, int]:
        provisional = sa.case((OPEN, PilotMonth.women + PilotMonth.men), else_=0)
        columns = (sa.func.coalesce(sa.func.sum(one), 0) for one in (PilotMonth.women, PilotMonth.men, provisional))
        lines, women, men, unsure = db.session.execute(
            _period(scope, sa.select(sa.func.count(), *columns), query)
        ).one()
        return lines, women, men, unsure

    key = (scope, query.q, *sorted(query.filters.items()))
    return _memory.counted(key, db.session.execute(LOG).one(), count)


def _period(scope: Scope, statement: sa.Select[Any], query: ListQuery, *, outer: bool = False) -> sa.Select[Any]:
    """`outer`: joined so, which is the same (each month has all three) and tells SQLite to begin with the months."""
    chosen = statement.select_from(PilotMonth)
    for place in (PilotMonth.service, PilotService.pilot, Pilot.province):
        chosen = chosen.join(place, isouter=outer)
    chosen = scope.trusting(scope.restrict(chosen, Pilot), PilotMonth, PilotService)
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
