"""What was opened from the rows of a plan, for the pages of the plan below and the figures above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import EVERYWHERE
from app.catalogue.models import Course
from app.core.db import db
from app.plans.models import PlanItem, TrainingPlan
from app.plans.queries import PlannedSession
from app.training.models import CourseSession, SessionStatus
from app.web import slots

YEAR = sa.func.coalesce(sa.extract("year", CourseSession.ends_on), CourseSession.year)
"""The year a session belongs to: the one it ends in, as in all reports; without dates that of its code."""
OPENED = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.FINALISED, SessionStatus.POSTPONED)


def fills_a_group(*states: SessionStatus) -> sa.ColumnElement[bool]:
    """Whether a session in one of these states is a group of its row's plan; beside `TrainingPlan`."""
    return sa.and_(CourseSession.status.in_(states), TrainingPlan.year == YEAR)


def provide(caller: Caller, item_ids: Sequence[int]) -> Iterator[PlannedSession]:
    """The sessions opened from these plan items, in their order; the code and address of those the caller sees.

    All of them are counted: a row plans for everybody it is about, whoever may open which session.
    """
    if not item_ids:
        return
    scope = caller.scope_for(Permission.SESSION_READ)
    seen = sa.true() if scope.everything else CourseSession.__scope__.visible(CourseSession, scope)
    fields = (CourseSession.id, CourseSession.plan_item_id, CourseSession.ordinal, CourseSession.status)
    counted = (fills_a_group(*OPENED), fills_a_group(SessionStatus.FINALISED))
    statement = (
        sa.select(*fields, Course.code, YEAR, TrainingPlan.year, seen, *counted)
        .join(CourseSession.course)
        .join(CourseSession.plan_item)
        .join(PlanItem.plan)
        .where(CourseSession.plan_item_id.in_(item_ids))
        .order_by(CourseSession.year, CourseSession.ordinal, CourseSession.id)
    )
    rows = db.session.execute(EVERYWHERE.restrict(statement, CourseSession))
    for key, item_id, ordinal, status, code, year, of_plan, visible, opened, delivered in rows:
        yield PlannedSession(
            item_id=item_id or 0,
            code=f"{code}/{ordinal}" if visible else "",
            url=f"/sessions/{key}" if visible else "",
            status=status,
            year=None if year == of_plan else int(year),
            opened=bool(opened),
            delivered=bool(delivered),
        )


def init_app() -> None:
    slots.add("plan.sessions", provide)
