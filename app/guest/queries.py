"""What a personal link shows, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from app.access.scope import EVERYWHERE, within
from app.certificates.models import Certificate, CertificateStatus
from app.core.clock import local, now, today
from app.core.db import db
from app.core.errors import Missing
from app.enrolment import queries as enrolments
from app.enrolment.models import CURRENT, Enrolment
from app.enrolment.notices import calendars
from app.enrolment.seats import queries as seats
from app.enrolment.seats.rules import Moves, moves
from app.people.links.models import ANSWER
from app.people.models import Employee, PersonalLink
from app.training import history, letters
from app.training import queries as training
from app.training.assignments import queries as assignments
from app.training.assignments.rules import declinable
from app.training.letters import Day
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus, TrainerAssignment

LIVES_ON = timedelta(days=30)
COMING = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.POSTPONED)


@dataclass(frozen=True)
class Training:
    """One that is ahead or going on: its days, where it is, and what may be said about it."""

    enrolment: Enrolment
    days: Sequence[Day]
    addresses: Sequence[str]
    moves: Moves

    @property
    def file(self) -> bool:
        """Whether there is one for a calendar."""
        return bool(self.days) and calendars.offered(self.enrolment)


def until(link: PersonalLink) -> date | None:
    """Thirty days after the last day of the session it is about (of one for all their trainings, of these), or after it
    was made where that is later. None while a session has no date.
    """
    session = within(CourseSession).trusting(sa.select(CourseSession.ends_on), CourseSession)
    theirs = (
        within(Employee)
        .trusting(sa.select(sa.func.max(CourseSession.ends_on)), CourseSession, Enrolment)
        .join(Enrolment, Enrolment.course_session_id == CourseSession.id)
        .where(Enrolment.employee_id == link.employee_id, Enrolment.status.in_(CURRENT))
    )
    made = local(link.created_at).date()
    last = db.session.scalar(theirs if link.about is None else session.where(CourseSession.id == link.about))
    if last is None and link.about is not None:
        return None
    return max(made, last or made) + LIVES_ON


def trainings(employee: Employee) -> list[Training]:
    """What a person (the link is the key) has ahead of them, the next first."""
    return sorted(_coming(employee), key=lambda each: each.days[0].date if each.days else date.max)


def _coming(employee: Employee) -> Iterator[Training]:
    for enrolment in enrolments.enrolments_of(EVERYWHERE, employee):  # the link is the key
        course_session = enrolment.course_session
        over = course_session.ends_on is not None and course_session.ends_on < today()
        allowed = own_moves(enrolment)
        if course_session.status in COMING and not over and (enrolment.status in CURRENT or allowed.take_back):
            yield _training(enrolment, allowed)


def _training(enrolment: Enrolment, allowed: Moves) -> Training:
    sittings = training.sittings(enrolment.course_session)
    found = [each.room.venue.address for each in sittings if each.room is not None]
    return Training(enrolment, letters.days(sittings), list(dict.fromkeys(filter(None, found))), allowed)


def answering(link: PersonalLink) -> tuple[Training, bool]:
    """The one training a link is about, whatever became of it, and whether its days, hours or places are others since
    the link was made; Missing where they were never on its list.
    """
    theirs = sa.select(Enrolment.id).where(
        Enrolment.employee_id == link.employee_id,
        Enrolment.course_session_id == link.about,
        Enrolment.merged_into_id.is_(None),
    )
    key = db.session.scalar(within(link).trusting(theirs, Enrolment))
    if key is None:
        raise Missing
    found = enrolments.enrolment(EVERYWHERE, key)  # the link is the key
    moved = history.moved_since(found.course_session, link.created_at)
    return _training(found, own_moves(found)), moved


@dataclass(frozen=True)
class Teaching:
    """What somebody is asked to give of one session. `open`: to be accepted, what was declined only where nothing else
    waits; `leaving`: what can still be declined.
    """

    course_session: CourseSession
    days: Sequence[Day]
    answers: Sequence[AssignmentAnswer]
    open: Sequence[TrainerAssignment]
    leaving: Sequence[TrainerAssignment]


@dataclass(frozen=True)
class Teacher:
    """Who holds a trainer's link, of which session; without `link` they come from outside."""

    name: str
    course_session_id: int
    trainer_id: int = 0
    link: PersonalLink | None = None


def from_outside(token: str) -> Teacher | None:
    """Who is on nobody's staff; None for any other token, and thirty days after the session."""
    found = assignments.opened_outside(token)
    if found is None:
        return None
    trainer, key = found
    ends_on = db.session.scalar(
        within(CourseSession).trusting(sa.select(CourseSession.ends_on), CourseSession).where(CourseSession.id == key)
    )
    over = ends_on is not None and ends_on + LIVES_ON < today()
    return None if over else Teacher(trainer.name, key, trainer.id)


def teaching(of: Teacher) -> Teaching:
    """Of the session the link is about: nothing where they are not asked any more."""
    course_session = training.course_session(EVERYWHERE, of.course_session_id)  # the link is the key
    if of.link is None:
        own = assignments.outside_assignments(of.trainer_id, course_session.id)
    else:
        own = assignments.staff_assignments(of.link.employee_id, course_session.id)
    ahead = [each for each in own if declinable(each.sitting, now())]
    live = ahead if course_session.status in COMING else []
    waiting = [each for each in live if each.answer is AssignmentAnswer.PENDING]
    return Teaching(
        course_session,
        letters.days(each.sitting for each in own),
        sorted({each.answer for each in own}),
        waiting or [each for each in live if AssignmentAnswer.ACCEPTED in each.answer.next],
        [each for each in live if AssignmentAnswer.DECLINED in each.answer.next],
    )


def own_moves(enrolment: Enrolment) -> Moves:
    """What somebody may say about their own place."""
    returnable = seats.may_take_back(enrolment)
    return moves(enrolment, runs=False, own=True, hers=False, supportable=False, returnable=returnable, day=today())


def enrolment(link: PersonalLink, enrolment_id: int) -> Enrolment:
    """One of the places of whoever holds the link, as far as it leads to it, or Missing."""
    found = enrolments.enrolment(EVERYWHERE, enrolment_id)  # held to the link's person below
    elsewhere = link.purpose == ANSWER and found.course_session_id != link.about
    if found.employee_id != link.employee_id or elsewhere:
        raise Missing
    return found


def certificate(link: PersonalLink, certificate_id: int) -> Certificate:
    """One of their valid certificates, or Missing."""
    theirs = sa.select(Enrolment.id).where(Enrolment.employee_id == link.employee_id)
    found = db.session.scalar(
        within(Employee)
        .trusting(sa.select(Certificate), Certificate, Enrolment)
        .where(
            Certificate.id == certificate_id,
            Certificate.enrolment_id.in_(theirs),
            Certificate.status == CertificateStatus.VALID,
        )
    )
    if found is None:
        raise Missing
    return found
