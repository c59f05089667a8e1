from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Province
from app.access.scope import Scope, within
from app.catalogue.models import Theme
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.core.search import holds
from app.programme.studies.models import FieldStudy, Finding, FindingAsk, FindingStatus
from app.programme.studies.queries import BY_STRENGTH, readable

FINDING_SORTS: dict[str, tuple[Any, ...]] = {
    "theme": (Theme.position, BY_STRENGTH, Finding.id),
    "province": (Province.name_sort, Theme.position, Finding.id),
    "strength": (BY_STRENGTH, Theme.position, Finding.id),
    "share": (sa.nulls_first(Finding.share), Finding.id),
}


@dataclass(frozen=True)
class FindingRow:
    """`asks`: competencies it supports; `rows`: rows of plans that rest on it."""

    finding: Finding
    asks: int
    rows: int


def led() -> sa.ColumnElement[bool]:
    """Whether a `Finding` led to a need or a row of a plan: it is verified and supports a competency."""
    named = sa.select(FindingAsk.id).where(FindingAsk.finding_id == Finding.id).exists()
    return sa.and_(Finding.status == FindingStatus.VERIFIED, named)


class Use(NamedTuple):
    """How many findings are verified, and how many of those led to a need or a row of a plan."""

    verified: int
    led: int


def use(scope: Scope) -> Use:
    """Of all this scope reads. One statement."""
    led_number = sa.func.coalesce(sa.func.sum(sa.case((led(), 1), else_=0)), 0)
    statement = sa.select(sa.func.count(Finding.id), led_number).join(Finding.study)
    statement = scope.trusting(scope.restrict(statement, FieldStudy), Finding, FindingAsk)
    verified, number = db.session.execute(statement.where(Finding.status == FindingStatus.VERIFIED)).one()
    return Use(verified, number)


def findings(scope: Scope, query: ListQuery) -> Rows[FindingRow]:
    """Filters: province, theme, strength, status, led ("yes")."""
    ids = scope.restrict(sa.select(Finding.id).join(Finding.study), FieldStudy)
    ids = scope.trusting(ids, Finding, FindingAsk).where(readable(scope))
    ids = ids.join(Theme, Theme.id == Finding.theme_id).join(Province, Province.id == FieldStudy.province_id)
    columns = {
        "province": FieldStudy.province_id,
        "theme": Finding.theme_id,
        "strength": Finding.strength,
        "status": Finding.status,
    }
    ids = narrowed(ids, query, columns)
    if query.q:
        ids = ids.where(holds(Finding.search_text, query.q))
    if query.filter("led"):
        ids = ids.where(led() if query.filter("led") == "yes" else sa.not_(led()))
    return Rows(ids, FINDING_SORTS[query.sort], query, _rows)


def _rows(keys: Sequence[int]) -> Sequence[FindingRow]:
    """Of ids that a scope has restricted. One statement."""
    asks = sa.select(sa.func.count(FindingAsk.id)).where(FindingAsk.finding_id == Finding.id)
    statement = (
        sa.select(Finding, asks.scalar_subquery(), asks.where(FindingAsk.plan_item_id.is_not(None)).scalar_subquery())
        .join(Finding.theme)
        .join(Finding.study)
        .join(FieldStudy.province)
        .options(
            contains_eager(Finding.theme),
            contains_eager(Finding.study).contains_eager(FieldStudy.province),
        )
        .where(Finding.id.in_(keys))
    )
    found = db.session.execute(within(Finding).trusting(statement, Finding, FieldStudy, FindingAsk)).all()
    return in_order(keys, [FindingRow(*row) for row in found], lambda row: row.finding.id)


def sought(scope: Scope, typed: str) -> sa.Select[Any]:
    """Findings a typed text finds, with their province, as `web.parts.Sought` asks for them."""
    texts: tuple[Any, ...] = (Finding.statement_tr, Finding.statement_en, Province.name_tr, Province.name_en)
    return findings(scope, ListQuery(q=typed, sort="strength")).ids.add_columns(*texts)


def finding(scope: Scope, finding_id: int) -> Finding:
    """One this scope may read, with its study, province and theme; or Missing."""
    statement = scope.restrict(sa.select(Finding).join(Finding.study), FieldStudy)
    found: Finding | None = db.session.scalar(
        scope.trusting(statement, Finding)
        .where(Finding.id == finding_id, readable(scope))
        .options(contains_eager(Finding.study).joinedload(FieldStudy.province), joinedload(Finding.theme))
    )
    if found is None:
        raise Missing
    return found


def finding_run(scope: Scope, finding_id: int) -> Finding:
    """One this scope writes, or Missing."""
    found = finding(scope, finding_id)
    if not scope.covers_province(found.study.province_id):
        raise Missing
    return found
