from __future__ import annotations

from app.audit import journal
from app.audit.journal import Actor
from app.training.events import SessionMoved
from app.training.models import CourseSession, SessionStatus


def move(course_session: CourseSession, to: SessionStatus, *, by: Actor, reason: str = "") -> None:
    """Set the status, if its table allows that, and remember it. Guards belong to whoever serves the transition."""
    was = course_session.status
    course_session.status = was.to(to)
    course_session.status_reason = reason
    journal.record(SessionMoved(course_session.id, was.value, to.value), by=by)
