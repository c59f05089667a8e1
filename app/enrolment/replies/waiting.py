"""What somebody asked for and has no seat in yet: who decides, and since when it waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.models import Grant, Organisation, User
from app.access.permissions import Role
from app.access.scope import within
from app.catalogue.models import Course
from app.core.db import db
from app.enrolment.models import WAITING, Enrolment, EnrolmentChange, EnrolmentStatus
from app.enrolment.queries import closing
from app.language import in_language
from app.people.models import Employee
from app.training.models import CourseSession
from app.training.rules import LIVE

MOST_NAMED = 3
_other = aliased(Enrolment)
"""Whoever else waits."""


@dataclass(frozen=True)
class Asked:
    """`deciders`: the focal points who can decide, where it is theirs; none: whoever runs the training decides.
    `position`: on the waiting list, from 1; 0 for who is not on it.
    """

    id: int
    course_session_id: int
    code: str
    course: str
    starts_on: date | None
    status: EnrolmentStatus
    since: datetime
    position: int
    deciders: Sequence[str]


def asked_by(user_id: int) -> list[Asked]:
    """Of whoever signs in with this account, the next training first. One statement; a second where focal points
    decide.
    """
    rows = db.session.execute(_statement(user_id)).all()
    closed = closing() if rows else None
    with_them = [
        row.id
        for row in rows
        if row.status is EnrolmentStatus.APPLIED
        and closed is not None
        and not closed(row.starts_on, row.ends_on, row.nominations_close_at)
    ]
    names = _focal_points(user_id) if with_them else []
    return [
        Asked(
            row.id,
            row.course_session_id,
            f"{row.code}/{row.ordinal}",
            in_language(row, "name"),
            row.starts_on,
            row.status,
            row.since or row.created_at,
            row.ahead + 1 if row.status is EnrolmentStatus.WAITLISTED else 0,
            names if row.id in with_them else [],
        )
        for row in rows
    ]


def _statement(user_id: int) -> sa.Select[Any]:
    since = (
        sa.select(sa.func.max(EnrolmentChange.at))
        .where(EnrolmentChange.enrolment_id == Enrolment.id)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    earlier = sa.tuple_(_other.priority, _other.queued_at, _other.id) < sa.tuple_(
        Enrolment.priority, Enrolment.queued_at, Enrolment.id
    )
    ahead = (
        sa.select(sa.func.count(_other.id))
        .where(
            _other.course_session_id == Enrolment.course_session_id,
            _other.status == EnrolmentStatus.WAITLISTED,
            earlier,
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
    session = (CourseSession.starts_on, CourseSession.ends_on, CourseSession.nominations_close_at)
    named = (Course.code, CourseSession.ordinal, Course.name_tr, Course.name_en)
    own: tuple[Any, ...] = (Enrolment.id, Enrolment.course_session_id, Enrolment.status, Enrolment.created_at)
    statement = (
        sa.select(*own, *session, *named, since.label("since"), ahead.label("ahead"))
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Employee.user_id == user_id, Enrolment.status.in_(WAITING), CourseSession.status.in_(LIVE))
        .order_by(CourseSession.starts_on.is_(None), CourseSession.starts_on, Enrolment.id)
    )
    found: sa.Select[Any] = within(User).trusting(
        statement, Enrolment, _other, EnrolmentChange, CourseSession, Employee
    )
    return found


def _focal_points(user_id: int) -> list[str]:
    """Who can decide on an application of this person."""
    home = sa.select(Employee.organisation_id).where(Employee.user_id == user_id)
    province = sa.select(Organisation.province_id).where(Organisation.id.in_(home))
    theirs = sa.or_(
        Grant.organisation_id.in_(home),
        Grant.province_id.in_(province),
        sa.and_(Grant.organisation_id.is_(None), Grant.province_id.is_(None)),
    )
    granted = sa.select(Grant.user_id).where(Grant.role == Role.FOCAL_POINT, theirs)
    statement = sa.select(User.given_name, User.family_name).where(User.active.is_(True), User.id.in_(granted))
    rows = db.session.execute(
        within(User).trusting(statement, User, Grant, Employee).order_by(User.name_sort, User.id).limit(MOST_NAMED)
    )
    return [f"{given} {family}" for given, family in rows]
