"""What somebody holds in trainings that go on, and where nobody else decides."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from app.access.models import Grant, Organisation, User
from app.access.permissions import Role
from app.access.scope import within
from app.core.clock import local, now
from app.core.db import db
from app.enrolment import focal_points
from app.enrolment.leaving.rules import GOING
from app.enrolment.models import SEAT_HOLDING, WAITING, Enrolment, EnrolmentStatus
from app.people.models import Employee
from app.training.models import CourseSession, Sitting, SittingState


def places(employee_id: int) -> list[tuple[Enrolment, bool]]:
    """All they have in sessions that go on, in the order of their ids, and whether it stays: a seat in one whose last
    sitting is over, which is only to be finalised.
    """
    moment = local(now())
    given = sa.select(Sitting.id).where(
        Sitting.course_session_id == CourseSession.id, Sitting.state != SittingState.NOT_HELD
    )
    today = sa.and_(Sitting.date == moment.date(), Sitting.ends > moment.time().replace(microsecond=0))
    ahead = given.where(sa.or_(Sitting.date.is_(None), Sitting.date > moment.date(), today))
    over = sa.and_(given.exists(), ~ahead.exists())
    statement = (
        within(Employee)
        .restrict(sa.select(Enrolment, over), Enrolment, CourseSession, Sitting)
        .join(Enrolment.course_session)
        .where(
            Enrolment.employee_id == employee_id,
            Enrolment.status.in_((*SEAT_HOLDING, *WAITING)),
            CourseSession.status.in_(GOING),
        )
        .options(contains_eager(Enrolment.course_session).joinedload(CourseSession.course))
        .order_by(Enrolment.course_session_id)
        .execution_options(populate_existing=True)
    )
    rows: Any = db.session.execute(statement)
    return [(place, bool(ended) and place.status is EnrolmentStatus.ENROLLED) for place, ended in rows]


def only_decides(user_id: int, organisation_id: int | None = None) -> list[tuple[Organisation, int]]:
    """Institutions (or this one) where nobody but a user can decide on applications, and how many wait there."""
    hers = aliased(Grant)
    waiting_there = (
        sa.select(sa.func.count(Enrolment.id))
        .join(Enrolment.employee)
        .join(Enrolment.course_session)
        .where(
            Employee.organisation_id == Organisation.id,
            Employee.user_id.is_distinct_from(user_id),
            Enrolment.status == EnrolmentStatus.APPLIED,
            CourseSession.status.in_(GOING),
        )
        .correlate(Organisation)
    )
    statement = (
        sa.select(Organisation, waiting_there.scalar_subquery())
        .join(hers, hers.organisation_id == Organisation.id)
        .where(hers.user_id == user_id, hers.role == Role.FOCAL_POINT, ~focal_points.deciders(besides=user_id).exists())
        .order_by(Organisation.name_sort)
    )
    if organisation_id is not None:
        statement = statement.where(Organisation.id == organisation_id)
    read = within(User).trusting(statement, hers, Grant, User, Enrolment, Employee, CourseSession)
    return [(place, number) for place, number in db.session.execute(read)]
