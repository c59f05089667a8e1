"""Whose calendar address it is, and what their calendar shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import User
from app.access.scope import EVERYWHERE, within
from app.access.sign_in import secrets
from app.core.clock import at, today
from app.core.db import db
from app.core.errors import Missing
from app.enrolment.models import SEAT_HOLDING, CalendarFeed, Enrolment
from app.people.models import Employee
from app.post import letters as post_letters
from app.post.addresses import public_address
from app.post.calendars.ics import CalendarEvent
from app.trainers.models import Trainer
from app.training import letters
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus, Sitting, SittingState, TrainerAssignment
from app.venues.models import Room

BACK = timedelta(days=180)
SHOWN = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.FINALISED)


def feeds_of(user_id: int) -> Sequence[CalendarFeed]:
    """Their addresses, the latest first."""
    theirs = within(User).select(CalendarFeed).where(CalendarFeed.user_id == user_id)
    return db.session.scalars(theirs.order_by(CalendarFeed.id.desc())).all()


def feed(user_id: int, feed_id: int) -> CalendarFeed:
    """One of them, or Missing."""
    found = db.session.scalar(
        within(User).select(CalendarFeed).where(CalendarFeed.user_id == user_id, CalendarFeed.id == feed_id)
    )
    if found is None:
        raise Missing
    return found


def owner(token: str) -> User:
    """Whose address this is; Missing for one that is unknown, taken back or of somebody who may not sign in."""
    found = db.session.scalar(
        EVERYWHERE.restrict(sa.select(User), User, CalendarFeed)  # the address is the key
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_hash == secrets.digest(token), User.active.is_(True))
    )
    if found is None:
        raise Missing
    return found


def sittings(user: User) -> Sequence[Sitting]:
    """Their own sittings of the last half year and to come, with session, course, room and venue: those they hold a
    seat in, and those they give.
    """
    takes = (
        sa.select(Enrolment.course_session_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Employee.user_id == user.id, Enrolment.status.in_(SEAT_HOLDING))
    )
    gives = (
        sa.select(TrainerAssignment.sitting_id)
        .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
        .where(Trainer.user_id == user.id, TrainerAssignment.answer != AssignmentAnswer.DECLINED)
    )
    return db.session.scalars(
        within(user)
        .trusting(sa.select(Sitting), Sitting, CourseSession, Enrolment, Employee, TrainerAssignment, Trainer)
        .join(Sitting.course_session)
        .where(
            sa.or_(Sitting.course_session_id.in_(takes), Sitting.id.in_(gives)),
            Sitting.date >= today() - BACK,
            CourseSession.status.in_(SHOWN),
        )
        .options(
            contains_eager(Sitting.course_session).joinedload(CourseSession.course),
            joinedload(Sitting.room).joinedload(Room.venue),
        )
        .order_by(Sitting.date, Sitting.starts, Sitting.id)
    ).all()


def events(course_session: CourseSession, sittings: Iterable[Sitting]) -> list[CalendarEvent]:
    """One event for each sitting that has a date, as a subscribed calendar shows it and as those have it who were
    invited before there were series; one that is not held is marked as cancelled.
    """
    title = letters.title(course_session)
    return [
        CalendarEvent(
            uid=f"sitting-{sitting.id}@{post_letters.host()}",
            sequence=sitting.sequence,
            start=at(sitting.date, sitting.starts),
            end=at(sitting.date, sitting.ends),
            summary=title,
            location=letters.place(sitting),
            url=public_address("sessions.show_session", course_session_id=course_session.id),
            cancelled=sitting.state is SittingState.NOT_HELD,
        )
        for sitting in sittings
        if sitting.date is not None
    ]
