"""How it stands with somebody's place in a training, for whoever opens a letter about it days later."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from app.enrolment.models import WAITING, Answer, Enrolment, EnrolmentStatus
from app.enrolment.rules import begun
from app.training.models import SessionStatus

S = EnrolmentStatus


class Standing(StrEnum):
    ASKED = "asked"
    OFFERED = "offered"
    COMES = "comes"
    UNCERTAIN = "uncertain"
    POSTPONED = "postponed"
    BEGUN = "begun"
    OVER = "over"
    CANCELLED = "cancelled"
    OUT = "out"
    GIVEN_UP = "given_up"
    WAITING = "waiting"


def standing(enrolment: Enrolment, day: date) -> Standing:
    """On this day, for an enrolment loaded with its session."""
    session, status = enrolment.course_session, enrolment.status
    if status is S.CANCELLED or session.status is SessionStatus.CANCELLED:
        return Standing.CANCELLED
    if status in (S.REMOVED, S.REJECTED, S.OFFER_EXPIRED):
        return Standing.OUT
    if status in (S.DECLINED, S.WITHDRAWN):
        return Standing.GIVEN_UP
    if session.status is SessionStatus.FINALISED or (session.ends_on is not None and session.ends_on < day):
        return Standing.OVER
    if session.status is SessionStatus.POSTPONED:
        return Standing.POSTPONED
    if status is S.OFFERED:
        return Standing.OFFERED
    if status in WAITING:
        return Standing.WAITING
    if begun(session, day):
        return Standing.BEGUN
    if enrolment.answer is Answer.YES:
        return Standing.COMES
    return Standing.ASKED if session.status is SessionStatus.CONFIRMED else Standing.UNCERTAIN
