from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Province
from app.access.scope import Scope, within
from app.core.clock import today
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentStatus
from app.programme.groups.models import (
    ActionGroup,
    ActionStatus,
    GroupAction,
    GroupMeeting,
    StrategicGoal,
    StrategicPlan,
)
from app.programme.groups.queries import OF_ACTIONS, ActionRow, action_rows, late

PLAN_SORTS: dict[str, tuple[Any, ...]] = {"province": (Province.name_sort, StrategicPlan.id)}


@dataclass(frozen=True)
class PlanRow:
    id: int
    province_tr: str
    province_en: str
    status: ProgrammeDocumentStatus
    edition: int
    goals: int
    actions: int
    done: int
    late: int


def plans(scope: Scope, query: ListQuery) -> Rows[PlanRow]:
    ids = scope.restrict(sa.select(StrategicPlan.id), StrategicPlan)
    return Rows(ids.join(Province, Province.id == StrategicPlan.province_id), PLAN_SORTS[query.sort], query, _rows)


def _rows(keys: Sequence[int]) -> Sequence[PlanRow]:
    number, leads = sa.func.count(), GroupAction.status != ActionStatus.DROPPED

    def actions(*which: Any) -> Any:
        own = sa.select(number).select_from(GroupAction).join(StrategicGoal, StrategicGoal.id == GroupAction.goal_id)
        return own.where(StrategicGoal.plan_id == StrategicPlan.id, leads, *which).scalar_subquery()

    statement = (
        sa.select(
            StrategicPlan.id,
            Province.name_tr,
            Province.name_en,
            ProgrammeDocument.status,
            ProgrammeDocument.edition,
            sa.select(number).where(StrategicGoal.plan_id == StrategicPlan.id).scalar_subquery(),
            actions(),
            actions(GroupAction.status == ActionStatus.DONE),
            actions(late(today())),
        )
        .join(Province, Province.id == StrategicPlan.province_id)
        .join(ProgrammeDocument, ProgrammeDocument.id == StrategicPlan.document_id)
        .where(StrategicPlan.id.in_(keys))
    )
    read = (StrategicPlan, StrategicGoal, GroupAction, ProgrammeDocument)
    rows = db.session.execute(within(StrategicPlan).trusting(statement, *read))
    return in_order(keys, [PlanRow(*row) for row in rows], lambda row: row.id)


WHOLE = (
    joinedload(StrategicPlan.province),
    joinedload(StrategicPlan.document).joinedload(ProgrammeDocument.province),
)


def plan(scope: Scope, plan_id: int) -> StrategicPlan:
    return scope.get(StrategicPlan, plan_id, *WHOLE)


def writable_plan(scope: Scope, plan_id: int) -> StrategicPlan:
    found = plan(scope, plan_id)
    if not scope.covers_province(found.province_id):
        raise Missing
    return found


def of_document(document: ProgrammeDocument) -> StrategicPlan | None:
    """Whose document it is, which was loaded through a scope."""
    return db.session.scalar(within(document).select(StrategicPlan).options(*WHOLE))


def without(scope: Scope) -> Sequence[Province]:
    """The provinces of a scope that have no plan yet."""
    begun = scope.restrict(sa.select(StrategicPlan.province_id), StrategicPlan)
    there = set(db.session.scalars(begun))
    every = db.session.scalars(sa.select(Province).order_by(Province.name_sort))
    return [one for one in every if scope.covers_province(one.id) and one.id not in there]


def goals(one: StrategicPlan) -> Sequence[StrategicGoal]:
    return db.session.scalars(within(one).select(StrategicGoal).order_by(StrategicGoal.position)).all()


def goal(one: StrategicPlan, goal_id: int) -> StrategicGoal:
    found = db.session.scalar(within(one).select(StrategicGoal).where(StrategicGoal.id == goal_id))
    if found is None:
        raise Missing
    return found


def actions(one: StrategicPlan) -> list[ActionRow]:
    """Those of all groups of its province that were not dropped, by their date."""
    statement = (
        action_rows()
        .where(ActionGroup.province_id == one.province_id, GroupAction.status != ActionStatus.DROPPED)
        .order_by(GroupAction.due_on, GroupAction.id)
    )
    rows = db.session.execute(within(one).trusting(statement, *OF_ACTIONS, GroupMeeting))
    return [ActionRow(*row) for row in rows]
