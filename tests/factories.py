"""Rows put there without their rules, as a test needs them."""

from __future__ import annotations

from app.core.db import db
from app.enrolment.models import SEAT_HOLDING, Enrolment, EnrolmentStatus
from app.enrolment.services import freeze


def enrolment(session_id: int, employee_id: int, status: EnrolmentStatus = EnrolmentStatus.ENROLLED) -> Enrolment:
    """An enrolment in this state; one with a seat keeps where its holder works. Flushed."""
    made = Enrolment(course_session_id=session_id, employee_id=employee_id, status=status)
    if status in SEAT_HOLDING:
        freeze(made, employee_id)
    db.session.add(made)
    db.session.flush()
    return made
