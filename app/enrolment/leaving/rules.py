"""Which places go on, and what those end as that do not."""

from __future__ import annotations

from datetime import date

from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.rules import begun
from app.training.models import SessionStatus

S = EnrolmentStatus
GOING = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.POSTPONED)


def after(place: Enrolment, today: date) -> EnrolmentStatus:
    """As what it ends today: a seat is taken away before the start and left after it, whatever else is withdrawn."""
    return S.REMOVED if place.status is S.ENROLLED and not begun(place.course_session, today) else S.WITHDRAWN
