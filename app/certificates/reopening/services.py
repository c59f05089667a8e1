"""A finalised session is opened again. Its certificates stay valid; `corrections` settles them afterwards."""

from __future__ import annotations

from app.audit.journal import Actor
from app.certificates.services import lock
from app.training import services as training
from app.training.models import CourseSession, SessionStatus


def reopen(course_session: CourseSession, reason: str, *, by: Actor) -> None:
    """From finalised back to confirmed, so that attendance and scores can be corrected."""
    lock(course_session)
    training.move(course_session, SessionStatus.CONFIRMED, by=by, reason=training.reason_given(reason))
    course_session.finalised_at = None
