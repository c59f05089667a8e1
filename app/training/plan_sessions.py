"""What was opened from the rows of a plan, for the pages of the plan below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import contains_eager

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core.db import db
from app.plans.queries import PlannedSession
from app.training.models import CourseSession, SessionStatus
from app.web import slots


def provide(caller: Caller, item_ids: Sequence[int]) -> Iterator[PlannedSession]:
    """The sessions the caller sees that were opened from these plan items, in their order."""
    if not item_ids or not caller.may(Permission.SESSION_READ):
        return
    scope = caller.scope_for(Permission.SESSION_READ)
    statement = (
        scope.select(CourseSession)
        .join(CourseSession.course)
        .options(contains_eager(CourseSession.course))
        .where(CourseSession.plan_item_id.in_(item_ids))
        .order_by(CourseSession.year, CourseSession.ordinal, CourseSession.id)
    )
    for found in db.session.scalars(statement):
        yield PlannedSession(
            item_id=found.plan_item_id or 0,
            code=found.code,
            url=f"/sessions/{found.id}",
            status=found.status,
            counts=found.status is not SessionStatus.CANCELLED,
        )


def init_app() -> None:
    slots.add("plan.sessions", provide)
