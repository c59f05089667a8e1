from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Organisation, Province
from app.access.queries import provinces
from app.access.scope import Scope, within
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order
from app.programme.documents.models import ProgrammeDocument
from app.programme.groups.models import (
    ActionGroup,
    ActionStatus,
    GroupAction,
    GroupMember,
    StrategicGoal,
    StrategicPlan,
)
from app.programme.groups.queries import ACTION, late

ORDER = (GroupAction.due_on, GroupAction.id)
PLAN_SORTS: dict[str, tuple[Any, ...]] = {"province": (Province.name_sort, StrategicPlan.id)}
WHOLE = (
    joinedload(StrategicPlan.province),
    joinedload(StrategicPlan.document).joinedload(ProgrammeDocument.province),
)


def plans(scope: Scope, query: ListQuery) -> Rows[Any]:
    """Each `StrategicPlan` with its numbers."""
    ids = scope.restrict(sa.select(StrategicPlan.id), StrategicPlan)
    return Rows(ids.join(Province, Province.id == StrategicPlan.province_id), PLAN_SORTS[query.sort], query, _rows)


def _rows(keys: Sequence[int]) -> Sequence[Any]:
    number = sa.func.count()
    goals = sa.select(number).where(StrategicGoal.plan_id == StrategicPlan.id)

    def actions(name: str, *which: Any) -> Any:
        own = sa.select(number).select_from(GroupAction).join(StrategicGoal, StrategicGoal.id == GroupAction.goal_id)
        kept = own.where(StrategicGoal.plan_id == StrategicPlan.id, GroupAction.status != ActionStatus.DROPPED)
        return kept.where(*which).scalar_subquery().label(name)

    numbers = (
        goals.scalar_subquery().label("goals"),
        actions("actions"),
        actions("done", GroupAction.status == ActionStatus.DONE),
        actions("late", late()),
    )
    statement = sa.select(StrategicPlan, *numbers).options(*WHOLE).where(StrategicPlan.id.in_(keys))
    rows = db.session.execute(within(StrategicPlan).trusting(statement, StrategicPlan, StrategicGoal, GroupAction))
    return in_order(keys, rows.all(), lambda row: row.StrategicPlan.id)


def plan(scope: Scope, plan_id: int) -> StrategicPlan:
    return scope.get(StrategicPlan, plan_id, *WHOLE)


def of_document(document: ProgrammeDocument) -> StrategicPlan | None:
    """Whose document it is, which was loaded through a scope."""
    return db.session.scalar(within(document).select(StrategicPlan).options(*WHOLE))


def without(scope: Scope) -> Sequence[Province]:
    """The provinces of a scope that have no plan yet."""
    begun = set(db.session.scalars(scope.restrict(sa.select(StrategicPlan.province_id), StrategicPlan)))
    return [one for one in provinces() if scope.covers_province(one.id) and one.id not in begun]


def goals(one: StrategicPlan) -> Sequence[StrategicGoal]:
    return db.session.scalars(within(one).select(StrategicGoal).order_by(StrategicGoal.position)).all()


def goal(one: StrategicPlan, goal_id: int) -> StrategicGoal:
    return within(one).one(StrategicGoal, goal_id)


def actions(one: StrategicPlan, most: int | None = None) -> Sequence[GroupAction]:
    """Those of all groups of its province that were not dropped, by their date; of each goal so many."""
    ids = _leading(one, sa.select(GroupAction.id))
    if most is not None:
        at = sa.func.row_number().over(partition_by=GroupAction.goal_id, order_by=ORDER).label("at")
        numbered = ids.add_columns(at).subquery()
        ids = sa.select(numbered.c.id).where(numbered.c.at <= most)
    statement = sa.select(GroupAction).where(GroupAction.id.in_(ids)).options(*ACTION, joinedload(GroupAction.goal))
    return db.session.scalars(within(one).trusting(statement.order_by(*ORDER), GroupAction, ActionGroup)).all()


def lines(one: StrategicPlan) -> Sequence[Any]:
    """The same in the few words its document says of each: the columns of an action, whether it is `late`, and the
    institution (None: nobody answers for it).
    """
    institutions = (
        sa.func.coalesce(getattr(Organisation, name), GroupMember.institution).label(label)
        for name, label in (("name_tr", "institution_tr"), ("name_en", "institution_en"))
    )
    said = GroupAction.goal_id, GroupAction.text_tr, GroupAction.text_en, GroupAction.due_on, GroupAction.status
    statement = _leading(one, sa.select(*said, late().label("late"), *institutions))
    statement = statement.outerjoin(GroupMember, GroupMember.id == GroupAction.owner_id)
    statement = statement.outerjoin(Organisation, Organisation.id == GroupMember.organisation_id).order_by(*ORDER)
    return db.session.execute(within(one).trusting(statement, GroupAction, ActionGroup, GroupMember)).all()


def _leading(one: StrategicPlan, statement: sa.Select[Any]) -> sa.Select[Any]:
    """Of a select of actions those of the plan."""
    ours = ActionGroup.province_id == one.province_id, GroupAction.status != ActionStatus.DROPPED
    return statement.join(ActionGroup, ActionGroup.id == GroupAction.group_id).where(*ours)
