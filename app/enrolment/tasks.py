"""What waits for whoever runs sessions, and for focal points: read by the first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.access.scope import Scope
from app.catalogue.models import Course
from app.core.clock import today
from app.core.db import db
from app.enrolment import obstacles, queries
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.language import in_language
from app.training.assignments.untold import still_due
from app.training.models import CourseSession, SessionStatus, UntoldTrainer

DATED = (CourseSession.starts_on, CourseSession.ends_on, CourseSession.nominations_close_at)


@dataclass(frozen=True)
class Attention:
    """A session that wants whoever runs it: `low`: it begins soon below its minimum; `nominated`: to be decided;
    `stuck`: applications no focal point can decide on (any more); `untold`: participants and trainers no letter could
    tell what became of their place or that their document is ready.
    """

    id: int
    code: str
    course: str
    starts_on: date | None
    taken: int
    minimum: int
    low: bool
    nominated: int
    stuck: int
    untold: int


def wanting_attention(scope: Scope, within: timedelta = timedelta(days=14)) -> list[Attention]:
    """Of the provinces somebody runs, soonest first: open sessions that begin within two weeks below their minimum,
    open or confirmed ones with nominations to decide, or applications nobody else can, and any with participants or
    trainers who are still to be told.
    """
    taken = queries.seats_expression(CourseSession.id)
    live = CourseSession.status.in_(obstacles.TAKING)
    of_session = sa.select(sa.func.count(Enrolment.id)).where(Enrolment.course_session_id == CourseSession.id)
    nominated = sa.case(
        (live, of_session.where(Enrolment.status == EnrolmentStatus.NOMINATED).scalar_subquery()), else_=0
    )
    people = of_session.where(still_due(Enrolment.untold_since), Enrolment.merged_into_id.is_(None))
    trainers = sa.select(sa.func.count(UntoldTrainer.id)).where(
        UntoldTrainer.course_session_id == CourseSession.id, still_due(UntoldTrainer.since)
    )
    untold = people.scalar_subquery() + trainers.scalar_subquery()
    either = sa.union_all(
        sa.select(Enrolment.course_session_id).where(Enrolment.untold_since.is_not(None)),
        sa.select(UntoldTrainer.course_session_id),
    )
    # of what is finalised, thousands after some years, only where there is something to tell
    looked_at = sa.or_(CourseSession.status != SessionStatus.FINALISED, CourseSession.id.in_(either))
    low = sa.and_(
        CourseSession.status == SessionStatus.OPEN,
        CourseSession.starts_on.between(today(), today() + within),
        taken < CourseSession.minimum,
    )
    columns = (CourseSession.id, CourseSession.ordinal, CourseSession.minimum, *DATED)
    names = (Course.code, Course.name_tr, Course.name_en)
    stuck = sa.case((live, queries.undecided()), else_=0)
    applied = sa.case((live, of_session.where(Enrolment.status == EnrolmentStatus.APPLIED).scalar_subquery()), else_=0)
    counts = (
        taken.label("taken"),
        low.label("low"),
        nominated.label("nominated"),
        stuck.label("stuck"),
        applied.label("applied"),
        untold.label("untold"),
    )
    statement: sa.Select[Any] = scope.trusting(
        scope.restrict(sa.select(*columns, *names, *counts), CourseSession),
        queries.Seat,
        Enrolment,
        UntoldTrainer,
        *queries.DECIDED,
    )
    statement = (
        statement.join(Course, Course.id == CourseSession.course_id)
        .where(looked_at, sa.or_(low, nominated > 0, applied > 0, untold > 0))
        .order_by(CourseSession.starts_on, CourseSession.id)
    )
    if not scope.everything:
        statement = statement.where(CourseSession.province_id.in_(sorted(scope.provinces)))
    closed = obstacles.closing()
    found = [
        Attention(
            row.id,
            f"{row.code}/{row.ordinal}",
            in_language(row, "name"),
            row.starts_on,
            row.taken,
            row.minimum,
            bool(row.low),
            row.nominated,
            row.applied if row.applied and closed(row.starts_on, row.ends_on, row.nominations_close_at) else row.stuck,
            row.untold,
        )
        for row in db.session.execute(statement).all()
    ]
    return [each for each in found if each.low or each.nominated or each.stuck or each.untold]


def applications(scope: Scope) -> int:
    """How many of a focal point's staff wait for her support: where nominations have not closed."""
    statement = (
        scope.trusting(scope.restrict(sa.select(sa.func.count(Enrolment.id), *DATED), Enrolment), CourseSession)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .where(
            Enrolment.status == EnrolmentStatus.APPLIED,
            CourseSession.status.in_([SessionStatus.OPEN, SessionStatus.CONFIRMED]),
        )
        .group_by(CourseSession.id)
    )
    closed = obstacles.closing()
    return sum(number for number, *dated in db.session.execute(statement).all() if not closed(*dated))
