"""A free seat goes to the first who can come."""

from __future__ import annotations

from app.access.scope import EVERYWHERE
from app.audit.journal import Actor
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.obstacles import queries as obstacles
from app.enrolment.services import locked, people_locked, step
from app.enrolment.waiting.queries import fills_itself, free_seats, line
from app.training import queries as training
from app.training.events import SessionChanged, SessionMoved
from app.training.models import CourseSession


def fill(course_session: CourseSession, *, by: Actor) -> list[Enrolment]:
    """Give free seats to those who waited longest for them: who got one. The session's row is locked already."""
    seated: list[Enrolment] = []
    if not fills_itself(course_session):
        return seated
    free = free_seats(course_session)
    if not free:
        return seated
    waiting = line(course_session)
    people_locked([enrolment.employee_id for enrolment in waiting])
    found = obstacles.obstacles(course_session, [enrolment.employee_id for enrolment in waiting])
    for enrolment in waiting:
        # whoever cannot come now keeps their place in the line
        if len(seated) < free and enrolment.employee_id not in found:
            step(enrolment, EnrolmentStatus.ENROLLED, by=by)
            seated.append(enrolment)
    return seated


def session_changed(event: SessionChanged, by: Actor) -> None:
    """More places: those who wait get them."""
    if "capacity" in event.fields:
        # a free seat finds somebody, whoever acted
        course_session = training.course_session(EVERYWHERE, event.course_session_id)
        locked(course_session)
        fill(course_session, by=by)


def session_moved(event: SessionMoved, by: Actor) -> None:
    """Seats given up while it was postponed find somebody as soon as there are new dates."""
    if (event.was, event.now) == ("postponed", "open"):
        # a free seat finds somebody, whoever acted
        course_session = training.course_session(EVERYWHERE, event.course_session_id)
        locked(course_session)
        fill(course_session, by=by)
