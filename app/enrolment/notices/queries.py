"""Whom a letter is about, and where it goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import User
from app.access.scope import Scope, within
from app.core.clock import now
from app.core.db import db
from app.enrolment import queries
from app.enrolment.models import Enrolment, EnrolmentChange, EnrolmentStatus
from app.people.models import Employee
from app.post import letters
from app.post.addresses import public_address
from app.post.links import LINK
from app.training import letters as training_letters
from app.training import queries as training
from app.training.models import CourseSession, Sitting
from app.training.rules import over


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets a letter about an enrolment. Without an address nothing is sent."""

    enrolment_id: int
    name: str
    address: str
    language: str
    signs_in: bool

    @property
    def page(self) -> str:
        """The reader's own page; "" where the reader has no account to open it with."""
        return public_address("seats.show_enrolment", key=self.enrolment_id) if self.signs_in else ""

    @property
    def url(self) -> str:
        """What a letter says in its place: the page, or the personal link that is made while it is sent."""
        return self.page or LINK


@dataclass(frozen=True)
class About:
    """One enrolment, whom to write to, and the session with its sittings and who gives each."""

    enrolment: Enrolment
    to: Recipient
    course_session: CourseSession
    sittings: Sequence[Sitting]
    trainers: Mapping[int, str]

    @property
    def key(self) -> str:
        """What their calendar's series is kept under."""
        return f"enrolment:{self.enrolment.id}"

    @property
    def to_come(self) -> list[Sitting]:
        """What is not over; a sitting without a date is to come."""
        return [each for each in self.sittings if not over(each.date, each.ends, now())]


def chosen(scope: Scope, course_session: CourseSession, ids: Collection[int]) -> Sequence[Enrolment]:
    """Those of these enrolments of a session whose people are still there, by name, with institution and unit."""
    whole = contains_eager(Enrolment.employee)
    return db.session.scalars(
        scope.trusting(scope.select(Enrolment), Employee)
        .join(Enrolment.employee)
        .where(
            Enrolment.course_session_id == course_session.id,
            Enrolment.id.in_(ids),
            Employee.active.is_(True),
            queries.concerned(scope),
        )
        .options(whole.joinedload(Employee.organisation), whole.joinedload(Employee.unit))
        .order_by(Employee.name_sort, Enrolment.id)
    ).all()


def last_reason(enrolment: Enrolment) -> str:
    return queries.said(
        db.session.scalar(
            within(enrolment)
            .restrict(sa.select(EnrolmentChange.reason), EnrolmentChange)
            .order_by(EnrolmentChange.id.desc())
            .limit(1)
        )
        or ""
    )


def addressed(
    course_session: CourseSession, among: Collection[EnrolmentStatus] = (), ids: Collection[int] = ()
) -> list[About]:
    """Everybody in these states (or these enrolments), with whom to write to: their sign-in's address and language
    where they have one, else the address on their card and Turkish.
    """
    statement = (
        within(course_session)
        .restrict(sa.select(Enrolment), Enrolment, Employee, User)
        .join(Enrolment.employee)
        .outerjoin(Employee.user)
        .options(contains_eager(Enrolment.employee).contains_eager(Employee.user), joinedload(Enrolment.course_session))
        .order_by(Enrolment.id)
    )
    statement = statement.where(Enrolment.id.in_(ids)) if ids else statement.where(Enrolment.status.in_(among))
    found = db.session.scalars(statement).all()
    if not found:
        return []
    sittings, trainers = training.sittings(course_session), training_letters.trainers(course_session)
    return [About(row, _recipient(row), course_session, sittings, trainers) for row in found]


def _recipient(enrolment: Enrolment) -> Recipient:
    user = enrolment.employee.user
    reachable = user is not None and user.active
    address = user.email if user is not None and reachable else enrolment.employee.email
    address = letters.bare(address) if enrolment.employee.active else ""  # who left is told nothing
    language = user.language if user is not None and reachable else "tr"
    return Recipient(enrolment.id, enrolment.employee.name, address, language, reachable)
