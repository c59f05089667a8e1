"""When a session takes people, and when it has begun."""

from __future__ import annotations

from datetime import date

from app.training.models import CourseSession, SessionStatus

TAKING = (SessionStatus.OPEN, SessionStatus.CONFIRMED)
CLOSED = (SessionStatus.FINALISED, SessionStatus.CANCELLED)


def begun(course_session: CourseSession, day: date) -> bool:
    """Whether its first day has come on this day."""
    return course_session.starts_on is not None and course_session.starts_on <= day
