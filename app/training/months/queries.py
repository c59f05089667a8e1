"""What takes place on the days of a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa

from app.access.scope import Scope
from app.catalogue.models import Course
from app.core.db import db
from app.language import in_language
from app.training.models import CourseSession, SessionStatus, Sitting


@dataclass(frozen=True)
class DayOfSession:
    """One session on one day of a month: when its first sitting begins and its last one ends."""

    date: date
    starts: time
    ends: time
    id: int
    code: str
    name_tr: str
    name_en: str
    status: SessionStatus

    @property
    def name(self) -> str:
        return in_language(self, "name")


def days_of_sessions(scope: Scope, begin: date, end: date, province_id: int | None = None) -> Sequence[DayOfSession]:
    """What takes place from `begin` until before `end`, by day and hour; nothing cancelled or postponed."""
    statement = (
        scope.restrict(
            sa.select(
                Sitting.date,
                sa.func.min(Sitting.starts),
                sa.func.max(Sitting.ends),
                CourseSession.id,
                Course.code,
                CourseSession.ordinal,
                Course.name_tr,
                Course.name_en,
                CourseSession.status,
            ),
            CourseSession,
        )
        .select_from(Sitting)
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .where(
            Sitting.date >= begin,
            Sitting.date < end,
            CourseSession.status.not_in((SessionStatus.CANCELLED, SessionStatus.POSTPONED)),
        )
        .group_by(Sitting.date, CourseSession.id, Course.id)
        .order_by(Sitting.date, sa.func.min(Sitting.starts), Course.code, CourseSession.id)
    )
    if province_id is not None:
        statement = statement.where(CourseSession.province_id == province_id)
    return [
        DayOfSession(day, starts, ends, key, f"{code}/{ordinal}", turkish, english, status)
        for day, starts, ends, key, code, ordinal, turkish, english, status in db.session.execute(
            scope.trusting(statement, Sitting)
        )
    ]
