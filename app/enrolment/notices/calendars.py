"""One training as a file for somebody's calendar, to be opened by hand."""

from __future__ import annotations

from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.notices.single_events import CARRYING
from app.post import queries as outbox
from app.post.calendars import ics, series
from app.post.calendars.ics import Method
from app.post.letters import host, sender
from app.training import letters, queries
from app.training.models import CourseSession, SessionStatus


def offered(enrolment: Enrolment) -> bool:
    """Whether there is one: for whoever has a seat, once it is certain to take place. Sooner, and the invitation would
    bring the same days a second time.
    """
    session = enrolment.course_session
    certain = session.status is SessionStatus.CONFIRMED and session.starts_on is not None
    return certain and enrolment.status is EnrolmentStatus.ENROLLED


def file(enrolment: Enrolment) -> bytes | None:
    """What a letter brought into their calendar, so that nothing stands there twice; whoever had none gets it as it
    stands. It names nobody. None where it is not `offered`, or no day is left.
    """
    if not offered(enrolment):
        return None
    mailed = series.standing(f"enrolment:{enrolment.id}") or _sent_before(enrolment)
    if mailed is not None:
        return mailed
    course_session = enrolment.course_session
    found = letters.series(course_session, queries.sittings(course_session), "", letters.trainers(course_session))
    if not found.days:
        return None
    # addresses are asked for and taken out again: nobody is invited by it
    return ics.published(ics.request(found, f"enrolment-{enrolment.id}@{host()}", 0, sender(), sender()))


def name(course_session: CourseSession) -> str:
    return f"{course_session.code.replace('/', '-')}.ics"


def _sent_before(enrolment: Enrolment) -> bytes | None:
    """In the form of before there were series."""
    last = outbox.last_calendar([f"{name}:enrolment:{enrolment.id}:" for name in CARRYING])
    return ics.published(last[0]) if last is not None and last[1] != Method.CANCEL else None
