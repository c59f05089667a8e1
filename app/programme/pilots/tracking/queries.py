from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access.models import Province, User
from app.access.scope import Scope, within
from app.core.db import db, typed_id
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order
from app.programme.pilots.models import FIGURES, MEN, WOMEN, Pilot, PilotCorrection, PilotMonth, PilotService
from app.programme.pilots.queries import new_users
from app.programme.pilots.rules import last_day, month_of
from app.programme.pilots.tracking.rules import spell

NAME = User.given_name + " " + User.family_name
SORTS: dict[str, tuple[Any, ...]] = {
    "month": (PilotMonth.month, Pilot.code, PilotMonth.id),
    "pilot": (Pilot.code, PilotMonth.month, PilotMonth.id),
    "province": (Province.name_sort, Pilot.code, PilotMonth.month, PilotMonth.id),
    "women": (new_users(WOMEN), PilotMonth.id),
    "men": (new_users(MEN), PilotMonth.id),
    "visits": (PilotMonth.visits, PilotMonth.id),
}


def services(pilot: Pilot) -> Sequence[PilotService]:
    return db.session.scalars(
        within(pilot).select(PilotService).order_by(PilotService.first_month, PilotService.id)
    ).all()


def service(pilot: Pilot, service_id: int) -> PilotService:
    found = db.session.scalar(within(pilot).select(PilotService).where(PilotService.id == service_id))
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Kept:
    """A month as it stands, and who entered it."""

    month: PilotMonth
    by: str

    @property
    def values(self) -> Mapping[str, int]:
        return {name: getattr(self.month, name) for name in FIGURES}

    @property
    def spelled(self) -> str:
        return spell(self.values, self.month.source)


def kept(service: PilotService, first: date, last: date) -> dict[date, Kept]:
    """The months of a service that were entered, from the first to the last."""
    statement = (
        sa.select(PilotMonth, NAME)
        .outerjoin(User, User.id == PilotMonth.entered_by)
        .where(PilotMonth.service_id == service.id, PilotMonth.month.between(first, last))
        .order_by(PilotMonth.month)
    )
    found: Any = db.session.execute(within(service).trusting(statement, PilotMonth, User))
    return {month.month: Kept(month, by or "") for month, by in found}


@dataclass(frozen=True)
class Corrected:
    correction: PilotCorrection
    service: PilotService
    by: str


def corrections(pilot: Pilot) -> list[Corrected]:
    """What was changed after its months were closed, latest first."""
    statement = (
        sa.select(PilotCorrection, PilotService, NAME)
        .join(PilotService, PilotService.id == PilotCorrection.service_id)
        .outerjoin(User, User.id == PilotCorrection.changed_by)
        .where(PilotService.pilot_id == pilot.id)
        .order_by(PilotCorrection.id.desc())
    )
    found: Any = db.session.execute(within(pilot).trusting(statement, PilotCorrection, PilotService, User))
    return [Corrected(one, of, by or "") for one, of, by in found]


# --- all pilots ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UsersRow:
    month: PilotMonth
    service: PilotService
    pilot: Pilot

    @property
    def women(self) -> int:
        return sum(getattr(self.month, name) for name in WOMEN)

    @property
    def men(self) -> int:
        return sum(getattr(self.month, name) for name in MEN)

    @property
    def provisional(self) -> bool:
        """Whether its month is still open."""
        return self.pilot.closed_through is None or self.month.month > self.pilot.closed_through


def users(scope: Scope, query: ListQuery) -> Rows[UsersRow]:
    """A line for each month of each service. Filters: province, pilot, and the period: since, until."""

    def load(keys: Sequence[int]) -> Sequence[UsersRow]:
        models: tuple[Any, ...] = (PilotMonth, PilotService, Pilot)
        columns = sa.select(*models).where(PilotMonth.id.in_(keys))
        named = _joined(scope, columns).options(contains_eager(Pilot.province))
        return in_order(keys, [UsersRow(*one) for one in db.session.execute(named)], lambda one: one.month.id)

    return Rows(_period(scope, sa.select(PilotMonth.id), query), SORTS[query.sort], query, load)


def sums(scope: Scope, query: ListQuery) -> tuple[int, int, int]:
    """New users of the same lines: women, men, and how many of both are provisional."""
    still_open = sa.or_(Pilot.closed_through.is_(None), PilotMonth.month > Pilot.closed_through)
    provisional = sa.case((still_open, new_users()), else_=0)
    columns = (sa.func.sum(one) for one in (new_users(WOMEN), new_users(MEN), provisional))
    women, men, unsure = db.session.execute(_period(scope, sa.select(*columns), query)).one()
    return women or 0, men or 0, unsure or 0


def _joined(scope: Scope, statement: sa.Select[Any]) -> sa.Select[Any]:
    joined = (
        statement.join(PilotService, PilotService.id == PilotMonth.service_id)
        .join(Pilot, Pilot.id == PilotService.pilot_id)
        .join(Pilot.province)
    )
    covered: sa.Select[Any] = scope.trusting(scope.restrict(joined, Pilot), PilotMonth, PilotService)
    return covered


def _period(scope: Scope, statement: sa.Select[Any], query: ListQuery) -> sa.Select[Any]:
    chosen = _joined(scope, statement.select_from(PilotMonth))
    if query.filter("province"):
        chosen = chosen.where(Pilot.province_id == query.filter_id("province"))
    if query.filter("pilot"):
        chosen = chosen.where(Pilot.id == typed_id(query.filter("pilot")))
    for name, bound in (("since", month_of), ("until", last_day)):
        if day := _day(query.filter(name)):
            chosen = chosen.where(PilotMonth.month >= bound(day) if name == "since" else PilotMonth.month <= bound(day))
    return chosen


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
