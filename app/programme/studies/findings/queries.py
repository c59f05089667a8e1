from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from app.access.models import Province
from app.access.scope import Scope, within
from app.catalogue.models import Theme
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, narrowed, rows_of
from app.core.search import holds
from app.programme.studies.models import FieldStudy, Finding, FindingAsk, FindingStatus
from app.programme.studies.queries import BY_STRENGTH, readable

FINDING_SORTS: dict[str, tuple[Any, ...]] = {
    "theme": (Theme.position, BY_STRENGTH, Finding.id),
    "province": (Province.name_sort, Theme.position, Finding.id),
    "strength": (BY_STRENGTH, Theme.position, Finding.id),
    "share": (sa.nulls_first(Finding.share), Finding.id),
}


_ASKS = sa.select(sa.func.count(FindingAsk.id)).where(FindingAsk.finding_id == Finding.id).correlate(Finding)
WHOLE = (
    joinedload(Finding.theme),
    joinedload(Finding.study).joinedload(FieldStudy.province),
    with_expression(Finding.asks, _ASKS.scalar_subquery()),
    with_expression(Finding.rows, _ASKS.where(FindingAsk.plan_item_id.is_not(None)).scalar_subquery()),
)


def led() -> sa.ColumnElement[bool]:
    """Whether a `Finding` led to a need or a row of a plan: it is verified and supports a competency."""
    named = sa.select(FindingAsk.id).where(FindingAsk.finding_id == Finding.id).exists()
    return sa.and_(Finding.status == FindingStatus.VERIFIED, named)


FINDING_FILTERS: Mapping[str, Any] = {
    "province": FieldStudy.province_id,
    "theme": Finding.theme_id,
    "strength": Finding.strength,
    "status": Finding.status,
    "led": lambda said: led() if said == "yes" else sa.not_(led()),
}


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


def findings(scope: Scope, query: ListQuery) -> Rows[Finding]:
    ids = scope.restrict(sa.select(Finding.id).join(Finding.study), FieldStudy)
    ids = scope.trusting(ids, Finding, FindingAsk).where(readable(scope))
    ids = ids.join(Theme, Theme.id == Finding.theme_id).join(Province, Province.id == FieldStudy.province_id)
    ids = narrowed(ids, query, FINDING_FILTERS)
    ids = ids.where(holds(Finding.search_text, query.q)) if query.q else ids
    # of ids that were restricted
    whole = within(Finding).trusting(sa.select(Finding).options(*WHOLE), Finding, FieldStudy, FindingAsk)
    return Rows(ids, FINDING_SORTS[query.sort], query, rows_of(whole, Finding.id))


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
