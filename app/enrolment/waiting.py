"""The waiting list: by priority class, then by time. Nobody bypasses it; a free seat goes to the first who can come."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import joinedload

from app.access.scope import EVERYWHERE
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db
from app.enrolment import obstacles, queries
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.obstacles import TAKING
from app.enrolment.steps import locked, step
from app.settings import queries as settings
from app.training import queries as training
from app.training.events import SessionChanged, SessionMoved
from app.training.models import CourseSession

FILLED_UNTIL = 5
"""Working days before the start after which a freed seat is given by hand only."""


def free_seats(course_session: CourseSession) -> int:
    """Never below 0, also where the capacity was lowered below what is taken."""
    return max(0, course_session.capacity - queries.seats_taken(course_session))


def line(course_session: CourseSession) -> Sequence[Enrolment]:
    """Everybody waiting, in their order, with the person and the session."""
    return db.session.scalars(
        EVERYWHERE.select(Enrolment)
        .where(Enrolment.course_session_id == course_session.id, Enrolment.status == EnrolmentStatus.WAITLISTED)
        .options(joinedload(Enrolment.employee), joinedload(Enrolment.course_session))
        .order_by(Enrolment.priority, Enrolment.queued_at, Enrolment.id)
    ).all()


def before(one: Enrolment, other: Enrolment) -> bool:
    return (one.priority, one.queued_at, one.id) < (other.priority, other.queued_at, other.id)


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
    return today() <= settings.calendar().add_working_days(course_session.starts_on, -FILLED_UNTIL)


def fill(course_session: CourseSession, *, by: Actor) -> list[Enrolment]:
    """Give free seats to those who waited longest for them: who got one. The session's row is locked already."""
    seated: list[Enrolment] = []
    if not fills_itself(course_session):
        return seated
    free = free_seats(course_session)
    if not free:
        return seated
    waiting = line(course_session)
    found = obstacles.obstacles(course_session, [enrolment.employee_id for enrolment in waiting])
    for enrolment in waiting:
        if len(seated) < free and enrolment.employee_id not in found:
            step(enrolment, EnrolmentStatus.ENROLLED, by=by)
            seated.append(enrolment)
    return seated


def position(enrolment: Enrolment) -> int:
    """Their place on the waiting list, from 1."""
    ids = [other.id for other in line(enrolment.course_session)]
    return ids.index(enrolment.id) + 1 if enrolment.id in ids else 0


def session_changed(event: SessionChanged, by: Actor) -> None:
    """More places: those who wait get them."""
    if "capacity" in event.fields:
        course_session = training.course_session(EVERYWHERE, event.course_session_id)
        locked(course_session)
        fill(course_session, by=by)


def session_moved(event: SessionMoved, by: Actor) -> None:
    """Seats given up while it was postponed find somebody as soon as there are new dates."""
    if (event.was, event.now) == ("postponed", "open"):
        course_session = training.course_session(EVERYWHERE, event.course_session_id)
        locked(course_session)
        fill(course_session, by=by)
