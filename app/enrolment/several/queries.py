"""Who was ticked, and where they could go."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import joinedload

from app.access.models import Organisation
from app.access.scope import Scope
from app.core.db import db
from app.enrolment import queries as enrolments
from app.enrolment.models import Enrolment
from app.enrolment.rules import TAKING
from app.people.models import Employee
from app.training import queries as training
from app.training import seats
from app.training.models import CourseSession


def chosen(scope: Scope, course_session: CourseSession, ids: Collection[int]) -> Sequence[Enrolment]:
    """Those of these enrolments of a session this scope may change something about, in the order of the waiting list:
    whoever comes first there is served first.
    """
    return db.session.scalars(
        scope.select(Enrolment)
        .where(
            Enrolment.course_session_id == course_session.id,
            Enrolment.id.in_(ids),
            Enrolment.merged_into_id.is_(None),
            enrolments.concerned(scope),
        )
        .options(
            joinedload(Enrolment.employee).joinedload(Employee.organisation).joinedload(Organisation.province),
            joinedload(Enrolment.employee).joinedload(Employee.unit),
            joinedload(Enrolment.course_session),
        )
        .order_by(Enrolment.priority, Enrolment.queued_at, Enrolment.id)
    ).all()


def targets(scope: Scope, course_session: CourseSession) -> Sequence[tuple[CourseSession, int]]:
    """Other groups of its course that take people and that this scope runs, soonest first, each with its free seats."""
    statement = (
        training.running(scope)
        .select(CourseSession)
        .add_columns(seats.taken())
        .where(
            CourseSession.course_id == course_session.course_id,
            CourseSession.id != course_session.id,
            CourseSession.status.in_(TAKING),
        )
        .options(joinedload(CourseSession.course))
        .order_by(CourseSession.starts_on.is_(None), CourseSession.starts_on, CourseSession.id)
    )
    found = db.session.execute(seats.counting(statement).limit(50)).all()
    return [(one, max(0, one.capacity - taken)) for one, taken in found]
