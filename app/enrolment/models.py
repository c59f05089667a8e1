from __future__ import annotations

from datetime import datetime
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Organisation, OrganisationKind, Province
from app.access.scope import Nobody, OwnedBy, OwnedThrough, any_of
from app.core.clock import now
from app.core.db import Model, points_to
from app.core.status import Status, Worded
from app.people.models import Employee, Title, Unit
from app.training.models import CourseSession, RunBy


class EnrolmentStatus(Status):
    APPLIED = "applied", "Applied"
    NOMINATED = "nominated", "Nominated"
    ENROLLED = "enrolled", "Enrolled"
    WAITLISTED = "waitlisted", "On the waiting list"
    OFFERED = "offered", "Seat offered"
    OFFER_EXPIRED = "offer_expired", "Offer expired"
    REJECTED = "rejected", "Not accepted"
    DECLINED = "declined", "Cannot attend"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REMOVED = "removed", "Removed"
    CANCELLED = "cancelled", "Cancelled"

    @property
    def next(self) -> frozenset[Self]:
        # those that ended may be asked, nominated or enrolled anew: the row is one, its history says the rest
        again = ("applied", "nominated", "enrolled", "waitlisted")
        moves: dict[str, tuple[str, ...]] = {
            "applied": ("nominated", "rejected", "withdrawn", "cancelled"),
            "nominated": ("enrolled", "waitlisted", "rejected", "withdrawn", "cancelled"),
            "waitlisted": ("enrolled", "offered", "rejected", "withdrawn", "cancelled"),
            "offered": ("enrolled", "offer_expired", "withdrawn", "cancelled"),
            "enrolled": ("declined", "withdrawn", "removed", "rejected", "cancelled"),
            "offer_expired": again,
            "rejected": again,
            "declined": again,
            "withdrawn": again,
            "removed": again,
            "cancelled": (),
        }
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def tone(self) -> str:
        return {
            "enrolled": "ok",
            "waitlisted": "warn",
            "applied": "full",
            "nominated": "full",
            "offered": "warn",
            "rejected": "cancel",
            "removed": "cancel",
            "cancelled": "cancel",
        }.get(self.value, "plain")


SEAT_HOLDING = (EnrolmentStatus.ENROLLED, EnrolmentStatus.OFFERED)
WAITING = (EnrolmentStatus.APPLIED, EnrolmentStatus.NOMINATED, EnrolmentStatus.WAITLISTED)


LEFT = "Kurumdan ayrıldı"
"""The one reason the programme itself gives; stored in Turkish like the others, `queries.said` words it."""


class Answer(Worded):
    NONE = "none", "No answer"
    YES = "yes", "Will attend"
    NO = "no", "Cannot attend"


class Enrolment(Model):
    """An employee's place in a course session: one row, its history beside it.

    `priority` 1 need of class High in one of the course's competencies, 2 any need, 3 none, 4 completed the course
    already. `queued_at` orders the waiting list within a priority. `answered_by_id`: the user who gave the answer or
    recorded it. `untold_since`: since when there is something to be told that no letter could tell.

    `organisation_id` … `title_id`: where they worked when they took the seat, frozen by `steps.freeze` (None: never had
    one). What is told of this training is read from there: people move on, and institutions too. `place_guessed`:
    filled in afterwards, from what was still known.

    Seen by whoever sees the employee, by those who run the session, and by the institution they took part from.
    """

    __tablename__ = "enrolments"
    __scope__ = any_of(OwnedThrough("employee"), OwnedThrough("course_session", RunBy()), OwnedBy("organisation_id"))
    __table_args__ = (
        sa.UniqueConstraint("course_session_id", "employee_id"),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name="priority"),
        sa.CheckConstraint(
            "status NOT IN ('enrolled', 'offered')"
            " OR organisation_id IS NOT NULL AND organisation_kind IS NOT NULL AND title_id IS NOT NULL",
            name="place",
        ),
        sa.Index("ix_enrolments_session_status", "course_session_id", "status"),
        sa.Index("ix_enrolments_employee_status", "employee_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int] = points_to("course_sessions.id")
    employee_id: Mapped[int] = points_to("employees.id")
    status: Mapped[EnrolmentStatus]
    priority: Mapped[int] = mapped_column(default=3)
    queued_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[Answer] = mapped_column(default=Answer.NONE)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None]
    untold_since: Mapped[datetime | None]
    invited_version: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = points_to("enrolments.id")
    organisation_id: Mapped[int | None] = points_to("organisations.id")
    organisation_kind: Mapped[OrganisationKind | None]
    province_id: Mapped[int | None] = points_to("provinces.id")
    unit_id: Mapped[int | None] = points_to("units.id")
    title_id: Mapped[int | None] = points_to("titles.id")
    place_guessed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)
    course_session: Mapped[CourseSession] = relationship(lazy="raise_on_sql")
    employee: Mapped[Employee] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")
    unit: Mapped[Unit | None] = relationship(lazy="raise_on_sql")
    title: Mapped[Title | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def institution(self) -> Organisation:
        """Where she took part from; without a seat yet, where she works."""
        return self.organisation or self.employee.organisation


ORGANISATION_THEN: sa.ColumnElement[int] = sa.func.coalesce(Enrolment.organisation_id, Employee.organisation_id)
UNIT_THEN = sa.case((Enrolment.organisation_id.is_(None), Employee.unit_id), else_=Enrolment.unit_id)
TITLE_THEN = sa.func.coalesce(Enrolment.title_id, Employee.title_id)
"""Where somebody took part from, in a statement that joins both; without a seat yet, where she works. A unit that is
not known any more (`place_guessed`) is None.
"""


class EnrolmentChange(Model):
    """One step of an enrolment's history; never edited."""

    __tablename__ = "enrolment_changes"
    __scope__ = OwnedThrough("enrolment")

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = points_to("enrolments.id")
    old: Mapped[str] = mapped_column(sa.String(32), default="")
    new: Mapped[str] = mapped_column(sa.String(32))
    by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")


class CalendarFeed(Model):
    """A person's own calendar address. The token is shown once; only its hash is stored."""

    __tablename__ = "calendar_feeds"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = points_to("users.id", unique=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
