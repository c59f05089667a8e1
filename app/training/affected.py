"""What an extra off-day meets: the sittings of a date, for the page of that day below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy.orm import contains_eager

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import EVERYWHERE
from app.core.db import db
from app.language import gettext, in_language
from app.training import queries
from app.training.models import CourseSession, SessionStatus, Sitting
from app.web import slots
from app.web.slots import Section


@dataclass(frozen=True)
class AffectedSitting:
    """One sitting of the day. `may_postpone`: whether its session can still be postponed."""

    session_id: int
    code: str
    name: str
    status: SessionStatus
    starts: time
    ends: time
    may_postpone: bool


def sittings_on(caller: Caller, day: date) -> list[AffectedSitting]:
    """The sittings of a date in sessions the caller runs, by hour; nothing of cancelled sessions."""
    scope = caller.scope_for(Permission.SESSION_WRITE)
    statement = (
        scope.restrict(EVERYWHERE.select(Sitting), CourseSession)
        .join(Sitting.course_session)
        .join(CourseSession.course)
        .options(contains_eager(Sitting.course_session).contains_eager(CourseSession.course))
        .where(Sitting.date == day, CourseSession.status != SessionStatus.CANCELLED)
        .order_by(Sitting.starts, CourseSession.id, Sitting.id)
    )
    return [
        AffectedSitting(
            session_id=sitting.course_session_id,
            code=sitting.course_session.code,
            name=in_language(sitting.course_session.course, "name"),
            status=sitting.course_session.status,
            starts=sitting.starts,
            ends=sitting.ends,
            may_postpone=SessionStatus.POSTPONED in sitting.course_session.status.next,
        )
        for sitting in db.session.scalars(statement)
        if queries.runs(scope, sitting.course_session)
    ]


def section(caller: Caller, day: date) -> Section | None:
    found = sittings_on(caller, day) if caller.may(Permission.SESSION_WRITE) else []
    return Section(gettext("Sittings on this day"), "training/affected.html", found) if found else None


def init_app() -> None:
    slots.add("settings.affected_sittings", section)
