from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from app.access.models import Province
from app.access.scope import Scope
from app.catalogue.models import Course, Theme
from app.core.clock import today
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import Lines, ListQuery, Rows, narrowed
from app.core.status import Status
from app.needs.models import PriorityClass
from app.needs.rules import priority_class
from app.plans.models import Origin, PlanItem, PlanStatus, TrainingPlan
from app.plans.rules import Measured, Progress, measured, plan_value, progress


@dataclass(frozen=True)
class Plans:
    """Plans somebody may look at, latest first, a year's programme before its provinces: those in force, and those that
    are drafted or wait for a decision, for whoever writes or decides them.
    """

    in_force: Sequence[TrainingPlan]
    in_work: Sequence[TrainingPlan]

    def of(self, plan_id: int | None) -> TrainingPlan | None:
        """The plan in force with this id, or Missing; without one the latest that has begun, else the latest."""
        if plan_id is None:
            begun = (plan for plan in self.in_force if plan.year <= today().year)
            return next(begun, self.in_force[0] if self.in_force else None)
        found = next((plan for plan in self.in_force if plan.id == plan_id), None)
        if found is None:
            raise Missing
        return found


def plans(reading: Scope, writing: Scope | None = None) -> Plans:
    """Those these scopes reach, with their provinces. One statement."""
    order = (TrainingPlan.year.desc(), sa.nulls_first(Province.name_sort), TrainingPlan.id)
    known: Sequence[TrainingPlan] = db.session.scalars(_plans().order_by(*order)).all()
    theirs = reading.audience_provinces | reading.provinces | {None}
    seen = [plan for plan in known if reading.everything or plan.province_id in theirs]
    work = [plan for plan in known if writing is not None and writing.covers_province(plan.province_id)]
    return Plans(
        [plan for plan in seen if plan.in_force], [plan for plan in work if plan.status is not PlanStatus.APPROVED]
    )


def _plans() -> sa.Select[TrainingPlan]:
    return sa.select(TrainingPlan).outerjoin(TrainingPlan.province).options(contains_eager(TrainingPlan.province))


def plan_run(scope: Scope, plan_id: int) -> TrainingPlan:
    """A plan of the programme or of a province this scope runs, or Missing."""
    plan: TrainingPlan | None = db.session.scalar(_plans().where(TrainingPlan.id == plan_id))
    if plan is None or not scope.covers_province(plan.province_id):
        raise Missing
    return plan


def plan_read(reading: Scope, writing: Scope | None, plan_id: int) -> TrainingPlan:
    """A plan that is in force for whoever reads it, or any for whoever drafts it, or Missing."""
    known = plans(reading, writing)
    found = next((plan for plan in (*known.in_force, *known.in_work) if plan.id == plan_id), None)
    if found is None:
        raise Missing
    return found


def plan_with_rows(scope: Scope, plan_id: int) -> tuple[TrainingPlan, list[PlanItem]]:
    """The same, with all its rows in their order. One statement."""
    statement = (
        sa.select(TrainingPlan, PlanItem)
        .outerjoin(TrainingPlan.province)
        .outerjoin(PlanItem, PlanItem.plan_id == TrainingPlan.id)
        .outerjoin(PlanItem.course)
        .outerjoin(place := aliased(Province), PlanItem.province.of_type(place))
        .outerjoin(PlanItem.organisation)
        .options(
            contains_eager(TrainingPlan.province),
            contains_eager(PlanItem.course),
            contains_eager(PlanItem.province.of_type(place)),
            contains_eager(PlanItem.organisation),
        )
        .where(TrainingPlan.id == plan_id)
        .order_by(PlanItem.position, PlanItem.id)
    )
    rows = db.session.execute(statement).all()
    if not rows or not scope.covers_province(rows[0][0].province_id):
        raise Missing
    return rows[0][0], [item for _, item in rows if item is not None]


class PlannedSession(NamedTuple):
    """A course session opened from a plan item. `year`: the one it belongs to, if it is another than its plan's."""

    code: str
    url: str
    status: Status
    year: int | None


@dataclass(frozen=True)
class Opened:
    """What was opened from a plan item, as the slot `plan.sessions` hands it down.

    `opened` and `delivered` are groups of its row (a draft, a cancelled one and one of another year are none), whoever
    looks. `sessions`: the first of all those the caller may see, who are `seen`.
    """

    item_id: int = 0
    opened: int = 0
    delivered: int = 0
    seen: int = 0
    sessions: Sequence[PlannedSession] = ()


NOTHING = Opened()


class OriginLink(NamedTuple):
    """What asked for a plan item, as the slot `plan.origins` hands it down; `withdrawn`: it was taken back since.
    `words`: what a row says of its origin that was made from it.
    """

    item_id: int
    label: str
    url: str
    words: str
    withdrawn: bool = False


class Asked(NamedTuple):
    """Of which plan items the slot is asked what was opened from them, and for how many sessions of each; None: all."""

    item_ids: Sequence[int]
    most: int | None


Sessions = Callable[[Sequence[int]], Iterable[Opened]]
"""How somebody learns what upper rooms opened from rows with these ids."""


@dataclass(frozen=True)
class ItemRow:
    """A row of a plan with what was opened from it."""

    item: PlanItem
    groups: Opened = NOTHING

    @property
    def value(self) -> Fraction | None:
        """Gap points closed at best for each taught hour."""
        if self.item.gap_points is None:
            return None
        return plan_value(Fraction(self.item.gap_points), self.item.groups, self.item.hours)

    @property
    def priority_class(self) -> PriorityClass | None:
        return None if self.item.score is None else priority_class(Fraction(self.item.score))

    @property
    def opened(self) -> Progress:
        return progress([(self.item.groups, self.groups.opened)])

    @property
    def delivered(self) -> Progress:
        return progress([(self.item.groups, self.groups.delivered)])

    @property
    def open_groups(self) -> int:
        """Groups still to be opened."""
        return self.opened.planned - self.opened.done


@dataclass(frozen=True)
class Totals:
    """Sums over every row a list names, all pages."""

    rows: int
    opened: Progress
    delivered: Progress
    eligible: Measured
    gap_points: Measured


ITEM_SORTS = {
    "place": (sa.nulls_first(Province.name_sort), PlanItem.quarter, Course.code, PlanItem.id),
    "quarter": (PlanItem.quarter, sa.nulls_first(Province.name_sort), Course.code, PlanItem.id),
    "course": (Course.name_sort, PlanItem.id),
    "score": (sa.nulls_first(PlanItem.score), PlanItem.id),
    "eligible": (sa.nulls_first(PlanItem.eligible), PlanItem.id),
    "points": (sa.nulls_first(PlanItem.gap_points), PlanItem.id),
    "groups": (PlanItem.groups, PlanItem.id),
}


def _within(scope: Scope) -> sa.ColumnElement[bool]:
    """Rows for the whole programme, and those for a province or an institution the scope is about."""
    if scope.everything:
        return sa.true()
    return sa.or_(
        sa.and_(PlanItem.province_id.is_(None), PlanItem.organisation_id.is_(None)),
        PlanItem.province_id.in_(sorted(scope.audience_provinces | scope.provinces)),
        PlanItem.organisation_id.in_(sorted(scope.organisations)),
    )


def _ids(scope: Scope, plan: TrainingPlan, query: ListQuery) -> sa.Select[Any]:
    """Ids of a plan's rows. Filters: province, quarter, origin, theme."""
    ids = (
        sa.select(PlanItem.id)
        .join(PlanItem.course)
        .outerjoin(Province, Province.id == PlanItem.province_id)
        .where(PlanItem.plan_id == plan.id, PlanItem.approved.is_(True), _within(scope))
    )
    if query.filter("origin"):
        ids = ids.where(PlanItem.origin == _origin(query.filter("origin")))
    columns = {"province": PlanItem.province_id, "quarter": PlanItem.quarter, "theme": Course.theme_id}
    return narrowed(ids, query, columns)


def _origin(value: str) -> Origin:
    if value not in set(Origin):
        raise Missing
    return Origin(value)


def _rows() -> sa.Select[Any]:
    return (
        sa.select(PlanItem)
        .join(PlanItem.course)
        .outerjoin(PlanItem.province)
        .outerjoin(PlanItem.organisation)
        .options(
            contains_eager(PlanItem.course),
            contains_eager(PlanItem.province),
            contains_eager(PlanItem.organisation),
        )
    )


def items(
    scope: Scope, plan: TrainingPlan, query: ListQuery, opened: Mapping[int, Opened], *, total: int
) -> Rows[ItemRow]:
    """A page of a plan's rows with what was opened from each, by its id; `total`: how many rows the filters leave."""

    def make(row: Any) -> ItemRow:
        return ItemRow(row[0], opened.get(row[0].id, NOTHING))

    return Lines(_ids(scope, plan, query), ITEM_SORTS[query.sort], query, _rows(), make, total=total)


def totals(
    scope: Scope, plan: TrainingPlan, query: ListQuery, sessions: Sessions
) -> tuple[Totals, Mapping[int, Opened]]:
    """Planned groups against opened ones over all rows the filters leave, and what was opened from each, by its id.

    `sessions` is asked once.
    """
    rows = db.session.execute(
        sa.select(PlanItem.id, PlanItem.groups, PlanItem.eligible, PlanItem.gap_points).where(
            PlanItem.id.in_(_ids(scope, plan, query))
        )
    ).all()
    opened = {each.item_id: each for each in sessions([row.id for row in rows])}
    found = Totals(
        rows=len(rows),
        opened=progress((row.groups, opened.get(row.id, NOTHING).opened) for row in rows),
        delivered=progress((row.groups, opened.get(row.id, NOTHING).delivered) for row in rows),
        eligible=measured(row.eligible for row in rows),
        gap_points=measured(row.gap_points for row in rows),
    )
    return found, opened


def choices(scope: Scope, plan: TrainingPlan) -> tuple[list[Province], list[Theme]]:
    """Provinces the plan has rows for, as far as the scope sees them, by name; and the themes of its rows."""
    pairs = (
        sa.select(PlanItem.province_id, Course.theme_id)
        .join(PlanItem.course)
        .where(PlanItem.plan_id == plan.id, PlanItem.approved.is_(True), _within(scope))
        .distinct()
        .subquery()
    )
    found = db.session.execute(
        sa.select(Province, Theme)
        .select_from(pairs)
        .join(Theme, Theme.id == pairs.c.theme_id)
        .outerjoin(Province, Province.id == pairs.c.province_id)
        .order_by(Province.name_sort, Theme.position)
    ).all()
    provinces = dict.fromkeys(province for province, _ in found if province is not None)
    return list(provinces), sorted({theme for _, theme in found}, key=lambda theme: theme.position)
