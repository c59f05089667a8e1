"""A plan is begun, its goals written; what becomes of its document stands in `programme.documents`."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.models import Province
from app.access.scope import within
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db, set_changed
from app.programme.documents import services as documents
from app.programme.documents.models import ProgrammeDocumentKind
from app.programme.groups.action_plans import queries
from app.programme.groups.events import GoalAdded, GoalChanged, GoalRemoved
from app.programme.groups.models import GroupAction, StrategicGoal, StrategicPlan
from app.programme.groups.services import Values


def begin(province: Province, *, by: Actor) -> StrategicPlan:
    """Of a province that has none: the form offers no other, and the database takes no second."""
    names = (f"{province.name_tr} stratejik eylem planı", f"Strategic action plan of {province.name_en}")
    document = documents.begin(ProgrammeDocumentKind.ACTION_PLAN, names, province.id, by=by)
    made = StrategicPlan(province_id=province.id, document_id=document.id)
    db.session.add(made)
    db.session.flush()
    return made


def add_goal(plan: StrategicPlan, values: Values, *, by: Actor) -> StrategicGoal:
    """As the last one."""
    documents.hold(plan.document)
    position = max((one.position for one in queries.goals(plan)), default=0) + 1
    goal = StrategicGoal(plan_id=plan.id, position=position, **values)
    db.session.add(goal)
    db.session.flush()
    journal.record(GoalAdded(plan.id, goal.id), by=by)
    return goal


def change_goal(plan: StrategicPlan, goal: StrategicGoal, values: Values, *, by: Actor) -> None:
    documents.hold(plan.document)
    changed = set_changed(goal, values)
    if changed:
        journal.record(GoalChanged(plan.id, goal.id, changed), by=by)


def remove_goal(plan: StrategicPlan, goal: StrategicGoal, *, by: Actor) -> None:
    """The actions that led there stay, without a goal."""
    documents.hold(plan.document)
    free = sa.update(GroupAction).where(GroupAction.goal_id == goal.id)
    free = free.values(goal_id=None, version=GroupAction.version + 1)
    db.session.execute(within(goal).trusting(free, GroupAction), execution_options={"synchronize_session": False})
    journal.record(GoalRemoved(plan.id, goal.id), by=by)
    db.session.delete(goal)
