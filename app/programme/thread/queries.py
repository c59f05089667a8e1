from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.models import Province
from app.access.scope import EVERYWHERE, Scope
from app.catalogue.models import Competency, Course
from app.certificates.models import Certificate, CertificateStatus
from app.completion.models import DocumentKind, Outcome, Result
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.core.tables.written import written_once
from app.enrolment.models import Enrolment
from app.needs.models import AssessmentRound, Need, Respondent, RoundStatus
from app.needs.suppression import MINIMUM
from app.plans.models import PlanItem, TrainingPlan
from app.programme.asks.models import ASKERS, Line
from app.programme.asks.queries import lines, resting
from app.programme.thread.models import Chain, Given, Reach
from app.training.models import CourseSession, SessionStatus

PLACES = 16
"""More kinds of things that ask there will not be: with its kind an ask is one number."""
UNDER_WAY = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.POSTPONED)
SORTS: Mapping[str, Any] = {"province": (sa.nulls_first(Province.name_sort),), "competency": (Competency.name_sort,)}
Every = sa.Subquery


@written_once
def _every(scope: Scope, only: tuple[str, ...] = ()) -> tuple[Every, frozenset[Any]]:
    """All asks this scope sees, each with a number of its own (`key`), and the tables that are covered."""
    union = lines(scope, only=only)
    kinds = {key: place for place, key in enumerate(ASKERS.here)}
    whole = union.subquery()
    key = whole.c.id * PLACES + sa.case(kinds, value=whole.c.kind)
    return sa.select(whole, key.label("key")).subquery(), union.get_execution_options()["scoped"]


def chains(scope: Scope, query: ListQuery) -> Rows[Chain]:
    """Filters: kind (of what asks), province, theme (of the competency), reach."""
    every, scoped = _every(scope, ("kind", "id", "province_id", "competency_id", "plan_item_id"))
    ids = sa.select(every.c.key).execution_options(scoped=scoped)
    if query.sort == "province":
        ids = ids.outerjoin(Province, Province.id == every.c.province_id)
    if query.sort == "competency" or query.filter("theme"):
        ids = ids.join(Competency, Competency.id == every.c.competency_id)
    ids = narrowed(ids, query, {"kind": every.c.kind, "province": every.c.province_id, "theme": Competency.theme_id})
    if query.filter("reach"):
        rows, reach = _reach(every)
        ids = ids.outerjoin(rows, rows.c.plan_item_id == every.c.plan_item_id)
        # how far it has come is the same whoever looks
        ids = EVERYWHERE.trusting(ids.where(reach == query.filter("reach")), CourseSession)
    order = (*SORTS[query.sort], every.c.kind, every.c.id)
    return Rows(ids, order, query, lambda keys: _of_keys(scope, keys), long=True)


def _reach(asks: Every) -> tuple[Every, Any]:
    """How far the sessions of each row of a plan have come, to be joined to these asks; and how far an ask has."""
    finalised, under_way = CourseSession.status == SessionStatus.FINALISED, CourseSession.status.in_(UNDER_WAY)
    come = sa.func.max(sa.case((finalised, 2), (under_way, 1))).label("come")
    rows = sa.select(CourseSession.plan_item_id, come).group_by(CourseSession.plan_item_id).subquery()
    reach = sa.case(
        (asks.c.plan_item_id.is_(None), Reach.ASKED),
        (rows.c.come == 2, Reach.DELIVERED),
        (rows.c.come == 1, Reach.OPENED),
        else_=Reach.PLANNED,
    )
    return rows, reach.label("reach")


def counts(scope: Scope, province_id: int | None = None) -> Mapping[Reach, int]:
    """How many chains have come how far: each the length of that list. One statement."""
    union = resting(scope)
    asks = union.subquery()
    rows, reach = _reach(asks)
    statement: Any = sa.select(reach, sa.func.sum(asks.c.asks)).group_by(reach)
    statement = statement.outerjoin(rows, rows.c.plan_item_id == asks.c.plan_item_id)
    if province_id is not None:
        statement = statement.where(asks.c.province_id == province_id)
    covered = statement.execution_options(scoped=union.get_execution_options()["scoped"])
    # how far it has come is the same whoever looks
    found = dict(db.session.execute(EVERYWHERE.trusting(covered, CourseSession)).all())
    return {reach: found.get(reach, 0) for reach in Reach}


def _of_keys(scope: Scope, keys: Sequence[int]) -> Sequence[Chain]:
    kinds = list(ASKERS.here)
    found = of(scope, lambda columns: columns.key.in_(keys))
    ordered = in_order(keys, found, lambda chain: chain.line.id * PLACES + kinds.index(chain.line.kind))
    return with_sessions(scope, ordered)


def of(scope: Scope, holds: Any) -> list[Chain]:
    """The chains for which a condition on the columns of an ask holds, as far as the row of a plan. One statement."""
    columns, statement = _as_far_as_rows(scope)
    return [Chain(Line.of(row), *row[-5:]) for row in db.session.execute(statement.where(holds(columns)))]


@written_once
def _as_far_as_rows(scope: Scope) -> tuple[Any, sa.Select[Any]]:
    every, scoped = _every(scope)
    statement = (
        sa.select(every, Competency, Province, PlanItem, TrainingPlan, Course)
        .join(Competency, Competency.id == every.c.competency_id)
        .outerjoin(Province, Province.id == every.c.province_id)
        .outerjoin(PlanItem, PlanItem.id == every.c.plan_item_id)
        .outerjoin(TrainingPlan, TrainingPlan.id == PlanItem.plan_id)
        .outerjoin(Course, Course.id == PlanItem.course_id)
        .order_by(every.c.kind, every.c.id)
    )
    return every.c, statement.execution_options(scoped=scoped)


def with_sessions(scope: Scope, found: Sequence[Chain]) -> list[Chain]:
    """The same with their sessions, certificates, and the gap that closed. Two statements."""
    items = sorted({chain.item.id for chain in found if chain.item is not None})
    if not items:
        return list(found)
    given, closed = _given(scope, items), _closed(items)
    return [
        replace(chain, sessions=given.get(item.id, ()), closed=closed.get((item.id, chain.competency.id)))
        if (item := chain.item) is not None
        else chain
        for chain in found
    ]


def _given(scope: Scope, items: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    found: dict[int, list[Given]] = defaultdict(list)
    for row in db.session.execute(_giving(scope), {"items": items}):
        found[row.plan_item_id].append(Given(row.id, f"{row.code}/{row.ordinal}", row.status, row.issued))
    return found


@written_once
def _giving(scope: Scope) -> sa.Select[Any]:
    """The sessions of these rows that this scope sees; cancelled ones gave nothing."""
    issued = (
        sa.select(sa.func.count(Certificate.id))
        .where(
            Certificate.course_session_id == CourseSession.id,
            Certificate.kind != DocumentKind.THANKS,  # a column of the index of those of a session
            Certificate.status == CertificateStatus.VALID,
        )
        .scalar_subquery()
    )
    statement = (
        sa.select(
            CourseSession.id, CourseSession.plan_item_id, Course.code, CourseSession.ordinal, CourseSession.status
        )
        .add_columns(issued.label("issued"))
        .join(Course, Course.id == CourseSession.course_id)
        .where(
            CourseSession.plan_item_id.in_(sa.bindparam("items", expanding=True)),
            CourseSession.status != SessionStatus.CANCELLED,
        )
        .order_by(CourseSession.year, CourseSession.ordinal, CourseSession.id)
    )
    given: sa.Select[Any] = scope.trusting(scope.restrict(statement, CourseSession), Certificate)
    return given


def _whole(gap: Any) -> Any:
    return sa.func.sum(sa.case((gap > 0, gap), else_=0))


def _closed(items: Sequence[int]) -> Mapping[tuple[int, int], Fraction]:
    """By row and competency the share of the gap that closed; of fewer than five: nothing."""
    return {
        (item, competency): (Fraction(had) - Fraction(has)) / Fraction(had)
        for item, competency, had, has in db.session.execute(_closing(), {"items": items})
        if had
    }


@cache
def _closing() -> sa.Select[Any]:
    """Of these rows the gap of each competency before and after, from a published analysis to its latest published
    follow-up, among those who completed a session of the row between both; importance as it was before. Written
    once: it takes longer to write than to answer.
    """
    before, after, then, later = aliased(Need), aliased(Need), aliased(AssessmentRound), aliased(AssessmentRound)
    was, now, newer = aliased(Respondent), aliased(Respondent), aliased(AssessmentRound)
    again = sa.exists().where(newer.follows_id == then.id, newer.status == RoundStatus.PUBLISHED, newer.id > later.id)
    gap, left = _whole(before.importance - before.level), _whole(before.importance - after.level)
    statement = (
        sa.select(CourseSession.plan_item_id, before.competency_id, gap, left)
        .select_from(CourseSession)
        .join(Enrolment, Enrolment.course_session_id == CourseSession.id)
        .join(Outcome, Outcome.enrolment_id == Enrolment.id)
        .join(was, was.person_id == Enrolment.employee_id)
        .join(then, sa.and_(then.id == was.round_id, then.ends_on <= CourseSession.ends_on))
        .join(later, sa.and_(later.follows_id == then.id, later.starts_on >= CourseSession.ends_on))
        .join(now, sa.and_(now.round_id == later.id, now.person_id == was.person_id))
        .join(before, sa.and_(before.round_id == was.round_id, before.employee_id == was.employee_id))
        .join(after, sa.and_(after.round_id == now.round_id, after.employee_id == now.employee_id))
        .where(
            CourseSession.plan_item_id.in_(sa.bindparam("items", expanding=True)),
            CourseSession.status == SessionStatus.FINALISED,
            Outcome.result.in_((Result.COMPLETED_ATTENDANCE, Result.COMPLETED_SUCCESS)),
            after.competency_id == before.competency_id,
            sa.and_(then.status == RoundStatus.PUBLISHED, later.status == RoundStatus.PUBLISHED),
            ~again,
        )
        .group_by(CourseSession.plan_item_id, before.competency_id)
        .having(sa.func.count(sa.distinct(Enrolment.employee_id)) >= MINIMUM)
    )
    # a share of five or more, of nobody in particular
    return EVERYWHERE.restrict(statement, CourseSession, Enrolment, Outcome, was, now, before, after)
