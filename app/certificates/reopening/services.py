"""A finalised session is opened again, once no valid certificate rests on it."""

from __future__ import annotations

from app.audit.journal import Actor
from app.certificates import queries
from app.certificates.services import lock
from app.core.errors import Refused
from app.language import ngettext
from app.training import services as training
from app.training.models import CourseSession, SessionStatus


def reopen(course_session: CourseSession, reason: str, *, by: Actor) -> None:
    """From finalised back to confirmed, so that attendance and scores can be corrected."""
    lock(course_session)
    valid = len(queries.valid_ids(course_session))
    if valid:
        raise Refused(
            ngettext(
                "%(num)s valid certificate rests on this course session. Revoke it first.",
                "%(num)s valid certificates rest on this course session. Revoke them first.",
                valid,
            )
        )
    training.move(course_session, SessionStatus.CONFIRMED, by=by, reason=training.reason_given(reason))
    course_session.finalised_at = None
