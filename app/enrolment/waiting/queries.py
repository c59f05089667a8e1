"""Who waits, who comes first, and whether a seat is free for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import joinedload

from app.access.scope import within
from app.core.clock import today
from app.core.db import db
from app.enrolment import queries
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.obstacles import queries as obstacles
from app.enrolment.rules import TAKING
from app.enrolment.waiting.rules import last_day
from app.settings import queries as settings
from app.training.models import CourseSession


def free_seats(course_session: CourseSession) -> int:
    """Never below 0, also where the capacity was lowered below what is taken."""
    return max(0, course_session.capacity - queries.seats_taken(course_session))


def line(course_session: CourseSession) -> Sequence[Enrolment]:
    """Everybody waiting, in their order, with the person and the session."""
    return db.session.scalars(
        within(course_session)
        .select(Enrolment)
        .where(Enrolment.status == EnrolmentStatus.WAITLISTED)
        .options(joinedload(Enrolment.employee), joinedload(Enrolment.course_session))
        .order_by(Enrolment.priority, Enrolment.queued_at, Enrolment.id)
    ).all()


def may_sit(course_session: CourseSession) -> bool:
    """Whether somebody new may take a seat at once: one is free and nobody who could come waits for it."""
    return bool(free_seats(course_session)) and first_in_line(course_session) is None


def first_in_line(course_session: CourseSession) -> Enrolment | None:
    """The first who waits and could come; None if nobody could."""
    waiting = line(course_session)
    found = obstacles.obstacles(course_session, [enrolment.employee_id for enrolment in waiting])
    return next((enrolment for enrolment in waiting if enrolment.employee_id not in found), None)


def fills_itself(course_session: CourseSession) -> bool:
    """Whether a freed seat still goes to the next without anybody's doing: long enough before the start."""
    if course_session.status not in TAKING:
        return False
    if course_session.starts_on is None:
        return True
    return today() <= last_day(course_session.starts_on, settings.calendar())


def position(enrolment: Enrolment) -> int:
    """Their place on the waiting list, from 1."""
    ids = [other.id for other in line(enrolment.course_session)]
    return ids.index(enrolment.id) + 1 if enrolment.id in ids else 0
