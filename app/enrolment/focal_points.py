"""Focal points: those a session is offered to, and whether one can decide on an application."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.access.models import Grant, Organisation, User
from app.access.permissions import Role
from app.access.scope import within
from app.core.db import db
from app.enrolment import queries
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.people.models import Employee
from app.training.models import CourseSession, SessionAudience


def focal_points(course_session: CourseSession) -> Sequence[User]:
    """Whoever can nominate for an institution of its audience and sign in, each once; one statement."""
    offered = sa.select(SessionAudience.organisation_id).where(
        SessionAudience.course_session_id == course_session.id, SessionAudience.organisation_id.is_not(None)
    )
    provinces = sa.select(SessionAudience.province_id).where(
        SessionAudience.course_session_id == course_session.id, SessionAudience.province_id.is_not(None)
    )
    institution = sa.or_(Organisation.id.in_(offered), Organisation.province_id.in_(provinces))
    granted = sa.select(Grant.user_id).where(
        Grant.role == Role.FOCAL_POINT,
        sa.or_(
            Grant.organisation_id.in_(sa.select(Organisation.id).where(institution)),
            Grant.province_id.in_(sa.select(Organisation.province_id).where(institution)),
            sa.and_(Grant.organisation_id.is_(None), Grant.province_id.is_(None)),
        ),
    )
    return db.session.scalars(
        within(course_session)
        .trusting(sa.select(User), User, Grant, SessionAudience)
        .where(User.active.is_(True), User.id.in_(granted))
        .order_by(User.id)
    ).all()


def focal_point_of(employee: Employee) -> bool:
    """Whether anybody can decide on an application of this person: a focal point of the institution who can sign in."""
    home = sa.select(Organisation.id).where(Organisation.id == employee.organisation_id, deciders().exists())
    return db.session.scalar(within(employee).trusting(home, Grant, User)) is not None


def who_decides(enrolment: Enrolment) -> Sequence[User]:
    """Whom an application or nomination waits for: the focal points of the institution while they still can, else who
    coordinates the session's province.
    """
    role = Role.COORDINATOR
    if enrolment.status is EnrolmentStatus.APPLIED and supportable(enrolment):
        role = Role.FOCAL_POINT
    home = sa.select(Organisation.province_id).where(Organisation.id == enrolment.employee.organisation_id)
    theirs = {
        Role.FOCAL_POINT: sa.or_(
            Grant.organisation_id == enrolment.employee.organisation_id,
            Grant.province_id.in_(home),
            sa.and_(Grant.organisation_id.is_(None), Grant.province_id.is_(None)),
        ),
        Role.COORDINATOR: Grant.province_id == enrolment.course_session.province_id,
    }[role]
    granted = sa.select(Grant.user_id).where(Grant.role == role, theirs)
    statement = within(enrolment.course_session).trusting(sa.select(User), User, Grant)
    return db.session.scalars(statement.where(User.active.is_(True), User.id.in_(granted)).order_by(User.id)).all()


def deciders(besides: int = 0) -> sa.Select[Any]:
    """Who can decide on applications at the `Organisation` of the surrounding statement, but for one user."""
    here = sa.or_(
        Grant.organisation_id == Organisation.id,
        Grant.province_id == Organisation.province_id,
        sa.and_(Grant.organisation_id.is_(None), Grant.province_id.is_(None)),
    )
    able = sa.and_(Grant.role == Role.FOCAL_POINT, User.active.is_(True), User.id != besides)
    return sa.select(Grant.id).join(User, User.id == Grant.user_id).where(able, here).correlate(Organisation)


DECIDED = (Employee, Grant, User)


def undecided() -> sa.ScalarSelect[int]:
    """How many applications to the `CourseSession` of the surrounding statement nobody can decide on; reads `DECIDED`,
    too.
    """
    return (
        sa.select(sa.func.count(Enrolment.id))
        .join(Employee, Employee.id == Enrolment.employee_id)
        .join(Organisation, Organisation.id == Employee.organisation_id)
        .where(Enrolment.course_session_id == CourseSession.id, Enrolment.status == EnrolmentStatus.APPLIED)
        .where(~deciders().exists())
        .correlate(CourseSession)
        .scalar_subquery()
    )


def supportable(enrolment: Enrolment) -> bool:
    """Whether a focal point can decide on an application: there is one, and nominations have not closed. Closing ends
    nominations, and support is one; who had asked in time is decided on by whoever runs the session.
    """
    closed = queries.nominations_closed(enrolment.course_session)
    return not closed and focal_point_of(enrolment.employee)
