from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.access.models import User
from app.access.scope import Scope, within
from app.core.db import db
from app.core.errors import Missing
from app.plans.models import PlanChange, PlanStatus, PlanVersion, TrainingPlan


def versions(plan: TrainingPlan) -> Sequence[PlanVersion]:
    """Latest first."""
    statement = sa.select(PlanVersion).where(PlanVersion.plan_id == plan.id).order_by(PlanVersion.edition.desc())
    return db.session.scalars(statement).all()


def version(plan: TrainingPlan, edition: int) -> PlanVersion:
    found = db.session.scalar(
        sa.select(PlanVersion).where(PlanVersion.plan_id == plan.id, PlanVersion.edition == edition)
    )
    if found is None:
        raise Missing
    return found


def changes(plan: TrainingPlan) -> Sequence[tuple[PlanChange, str | None]]:
    """What became of a plan, latest first, with the name of whoever did it."""
    name = User.given_name + " " + User.family_name
    statement = (
        sa.select(PlanChange, name)
        .outerjoin(User, User.id == PlanChange.changed_by)
        .where(PlanChange.plan_id == plan.id)
        .order_by(PlanChange.id.desc())
    )
    rows: Any = db.session.execute(within(plan).trusting(statement, User))
    return [(change, by) for change, by in rows]


def waiting(scope: Scope, user_id: int | None) -> sa.Select[Any]:
    """How many plans of a scope wait for a decision that is not this user's own to make."""
    other = sa.or_(TrainingPlan.submitted_by.is_(None), TrainingPlan.submitted_by != user_id)
    return _number(scope, TrainingPlan.status == PlanStatus.SUBMITTED, other)


def returned(scope: Scope) -> sa.Select[Any]:
    """How many plans of a scope were returned with remarks."""
    return _number(scope, TrainingPlan.status == PlanStatus.RETURNED)


def _number(scope: Scope, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    statement = sa.select(sa.func.count(TrainingPlan.id)).where(*which)
    if scope.everything:
        return statement
    return statement.where(TrainingPlan.province_id.in_(sorted(scope.provinces)))
