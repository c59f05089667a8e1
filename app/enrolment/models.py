from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Organisation, OrganisationKind
from app.access.scope import Nobody, OwnedBy, OwnedThrough, Scope, any_of
from app.core.clock import now
from app.core.db import Model, index_where_set, points_to
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


PLACE = (
    "organisation_id",
    "organisation_kind",
    "province_id",
    "unit_id",
    "title_id",
    "called",
    "registry_no",
    "place_guessed",
)
"""Where somebody took part from: the columns of an enrolment that belong together."""


CONCERNED = any_of(OwnedThrough("employee"), OwnedThrough("course_session", RunBy()))
"""Who may change something about an enrolment. The institution somebody took part from, and has left, only looks."""


class TookPart(OwnedBy):
    """By the institution somebody took part from; not while they wait for another seat."""

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        return sa.and_(super().visible(model, scope), model.status.not_in(WAITING))


@dataclass(frozen=True)
class Called:
    """What something was called at the time."""

    name_tr: str
    name_en: str


class Enrolment(Model):
    """An employee's place in a course session: one row, its history beside it.

    `priority` 1 need of class High in one of the course's competencies, 2 any need, 3 none, 4 completed the course
    already. `queued_at` orders the waiting list within a priority. `answered_by_id`: the user who gave the answer or
    recorded it. `untold_since`: when the last thing came up that is to be told and no letter could tell.
    `offered_until`: when the seat that is offered goes to the next; it stays when the offer is over.

    `PLACE`: where they worked when they took the seat, frozen by `services.freeze` (None: never had one); anew with the
    next one. What is told of this training is read from there: people move on, and institutions too. Who waits (again)
    is told of as of today. `called`: what institution, unit and title were called then, by `organisation_tr`,
    `organisation_en`, `organisation_sort`, `short_name`, `unit_tr`, `unit_en`, `title_tr`, `title_en`.
    `place_guessed`: filled in afterwards, from what was still known.

    Seen by whoever sees the employee, by those who run the session, and by the institution they took part from.
    """

    __tablename__ = "enrolments"
    __scope__ = any_of(CONCERNED, TookPart("organisation_id"))
    __table_args__ = (
        sa.UniqueConstraint("course_session_id", "employee_id"),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name="priority"),
        sa.CheckConstraint(
            "status NOT IN ('enrolled', 'offered')"
            " OR organisation_id IS NOT NULL AND organisation_kind IS NOT NULL AND title_id IS NOT NULL"
            " AND called IS NOT NULL",
            name="place",
        ),
        sa.CheckConstraint("status <> 'offered' OR offered_until IS NOT NULL", name="offered_until"),
        sa.Index("ix_enrolments_session_status", "course_session_id", "status"),
        # with whom they are of: all who took part in a province are met with all whom somebody sees
        sa.Index("ix_enrolments_course_session_id", "course_session_id", "organisation_id", "employee_id"),
        sa.Index("ix_enrolments_employee_status", "employee_id", "status"),
        index_where_set("ix_enrolments_merged_into_id", "merged_into_id"),
        sa.Index(
            "ix_enrolments_untold",
            "course_session_id",
            sqlite_where=sa.text("untold_since IS NOT NULL"),
            postgresql_where=sa.text("untold_since IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int] = points_to("course_sessions.id", index=False)  # first in an index above
    employee_id: Mapped[int] = points_to("employees.id")
    status: Mapped[EnrolmentStatus]
    priority: Mapped[int] = mapped_column(default=3)
    queued_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[Answer] = mapped_column(default=Answer.NONE)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None]
    untold_since: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    invited_version: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = points_to("enrolments.id", index=False)
    organisation_id: Mapped[int | None] = points_to("organisations.id")
    organisation_kind: Mapped[OrganisationKind | None]
    province_id: Mapped[int | None] = points_to("provinces.id")
    unit_id: Mapped[int | None] = points_to("units.id")
    title_id: Mapped[int | None] = points_to("titles.id", stays=True)
    called: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    registry_no: Mapped[str | None] = mapped_column(sa.String(32))
    place_guessed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)
    course_session: Mapped[CourseSession] = relationship(lazy="raise_on_sql")
    employee: Mapped[Employee] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def position(self) -> Title | Called:
        """Their title when they took the seat; without one (yet), today's."""
        return self._called("title") or self.employee.title

    @property
    def institution(self) -> Organisation | Called:
        """The same."""
        return self._called("organisation") or self.employee.organisation

    @property
    def unit(self) -> Unit | Called:
        """The same; one that is not known any more has no name."""
        return self._called("unit") or self.employee.unit

    def _called(self, what: str) -> Called | None:
        if self.called is None or self.status in WAITING:
            return None
        return Called(self.called[f"{what}_tr"], self.called[f"{what}_en"])


def called(name: str) -> sa.ColumnElement[str]:
    """One of the names of an enrolment that has or had a seat, in a statement."""
    named: sa.ColumnElement[str] = Enrolment.called[name].as_string()
    return named


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


class Quota(Model):
    """Seats of a session that are kept for the people of one institution, until its `quota_release_at`."""

    __tablename__ = "quotas"
    __scope__ = OwnedThrough("course_session")
    __table_args__ = (
        sa.UniqueConstraint("course_session_id", "organisation_id"),
        sa.CheckConstraint("seats > 0", name="seats"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int] = points_to("course_sessions.id", index=False)  # first in the unique index
    organisation_id: Mapped[int] = points_to("organisations.id")
    seats: Mapped[int]
    course_session: Mapped[CourseSession] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class CalendarFeed(Model):
    """One of a person's own calendar addresses, called as they like ("" from before there were names). The token is
    shown once; only its hash is stored.
    """

    __tablename__ = "calendar_feeds"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = points_to("users.id")
    name: Mapped[str] = mapped_column(sa.String(80), default="")
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


CURRENT = (*SEAT_HOLDING, *WAITING)
