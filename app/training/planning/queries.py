from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.catalogue.models import Competency, Course
from app.core.db import db
from app.plans.models import PlanItem

_OF_TODAY = sa.func.coalesce(Competency.merged_into_id, Competency.id)
"""What a competency has become part of, or itself."""


def wanted(
    course_id: int | None, plan_item_id: int | None, competency_id: int | None
) -> tuple[Course | None, PlanItem | None, int | None]:
    """The course (the plan item's own where none is named), the plan item and the competency that were named: those
    that exist, and of courses those that can be given. One statement where there is a course.
    """
    plans = aliased(PlanItem)
    named = sa.select(plans.course_id).where(plans.id == (plan_item_id or 0)).scalar_subquery()
    row = db.session.execute(
        sa.select(Course, PlanItem, _OF_TODAY)
        .select_from(Course)
        .outerjoin(PlanItem, sa.and_(PlanItem.id == (plan_item_id or 0), PlanItem.approved.is_(True)))
        .outerjoin(Competency, Competency.id == (competency_id or 0))
        .where(Course.active.is_(True), Course.id == (course_id or named))
    ).one_or_none()
    if row is not None:
        return row[0], row[1], row[2]
    item = db.session.scalar(sa.select(PlanItem).where(PlanItem.id == (plan_item_id or 0), PlanItem.approved.is_(True)))
    known = db.session.scalar(sa.select(_OF_TODAY).where(Competency.id == competency_id)) if competency_id else None
    return None, item, known


def courses() -> Sequence[Course]:
    """Courses that can be given, by code."""
    return db.session.scalars(sa.select(Course).where(Course.active.is_(True)).order_by(Course.code)).all()
