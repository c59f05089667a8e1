from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from app.access.models import Organisation, Province
from app.access.scope import Nobody, OwnedThrough, Scope
from app.catalogue.models import Competency, Course
from app.core.clock import now
from app.core.db import Model, points_to
from app.core.status import Status, Worded
from app.plans.models import PlanItem
from app.trainers.models import Trainer
from app.venues.models import Room


class SessionStatus(Status):
    DRAFT = "draft", "Draft"
    OPEN = "open", "Open for applications"
    CONFIRMED = "confirmed", "Confirmed"
    FINALISED = "finalised", "Finalised"
    POSTPONED = "postponed", "Postponed"
    CANCELLED = "cancelled", "Cancelled"

    @property
    def next(self) -> frozenset[Self]:
        moves: dict[str, tuple[str, ...]] = {
            "draft": ("open", "postponed", "cancelled"),
            "open": ("confirmed", "postponed", "cancelled"),
            "confirmed": ("finalised", "postponed", "cancelled"),
            "finalised": ("confirmed",),
            "postponed": ("open", "cancelled"),
            "cancelled": (),
        }
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def tone(self) -> str:
        return {
            "open": "ok",
            "confirmed": "full",
            "finalised": "full",
            "postponed": "warn",
            "cancelled": "cancel",
        }.get(self.value, "plain")

    @property
    def icon(self) -> str:
        return {
            "draft": "pencil",
            "open": "door-open",
            "confirmed": "circle-check",
            "finalised": "lock",
            "postponed": "hourglass",
            "cancelled": "circle-x",
        }[self.value]


class Acceptance(Worded):
    AUTOMATIC = "automatic", "Automatic"
    BY_HAND = "by_hand", "By hand"


class ExcusedPolicy(Worded):
    AS_ABSENT = "as_absent", "Counts as absent"
    EXCLUDE = "exclude", "Leaves the calculation"


class RunBy:
    """Whoever runs a session: the coordinator of its province, or a trainer assigned to one of its sittings."""

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        ways: list[sa.ColumnElement[bool]] = []
        if scope.provinces:
            ways.append(model.province_id.in_(sorted(scope.provinces)))
        if scope.own_trainer is not None:
            mine = (
                sa.select(Sitting.course_session_id)
                .join(TrainerAssignment, TrainerAssignment.sitting_id == Sitting.id)
                .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
                .where(Trainer.user_id == scope.own_trainer, TrainerAssignment.answer != AssignmentAnswer.DECLINED)
            )
            ways.append(sa.and_(model.id.in_(mine), model.status != SessionStatus.DRAFT))
        return sa.or_(sa.false(), *ways)

    def tables(self, model: Any) -> set[Any]:
        return {
            CourseSession.__table__,
            Sitting.__table__,
            TrainerAssignment.__table__,
            Trainer.__table__,
            SessionAudience.__table__,
        }


class RunOrOffered(RunBy):
    """Whoever runs it, and whoever it is offered to once it is no longer a draft."""

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        run = super().visible(model, scope)
        if not (scope.audience or scope.audience_provinces):
            return run
        offered = sa.select(SessionAudience.course_session_id).where(
            sa.or_(
                SessionAudience.organisation_id.in_(sorted(scope.audience)),
                SessionAudience.province_id.in_(sorted(scope.audience_provinces)),
            )
        )
        return sa.or_(run, sa.and_(model.id.in_(offered), model.status != SessionStatus.DRAFT))


class CourseSession(Model):
    """A course given once to a group. Display code `BK-02/3`: third group of the course in province and year.

    `threshold` … `excused_policy` are copied from the course when the session opens (None before).
    `starts_on`/`ends_on` are the first and last date of its sittings, kept by the service that changes those.
    `quota_release_at`: from then on no institution has seats of its own (`enrolment.quotas`).
    `taken` (held seats), `first_start` and `last_end` (wall times on those two dates) stand where
    `queries.course_session` loaded it, else None.
    """

    __tablename__ = "course_sessions"
    __scope__ = RunOrOffered()
    __table_args__ = (
        sa.Index(
            "uq_course_sessions_code",
            "course_id",
            sa.text("coalesce(province_id, 0)"),
            "year",
            "ordinal",
            unique=True,
        ),
        sa.CheckConstraint("capacity >= 0", name="capacity"),
        sa.Index("ix_course_sessions_starts", "starts_on", "id"),
        sa.Index("ix_course_sessions_province_starts", "province_id", "starts_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = points_to("courses.id")
    province_id: Mapped[int | None] = points_to("provinces.id")
    year: Mapped[int]
    ordinal: Mapped[int]
    status: Mapped[SessionStatus] = mapped_column(default=SessionStatus.DRAFT, index=True)
    status_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    capacity: Mapped[int]
    minimum: Mapped[int]
    acceptance: Mapped[Acceptance] = mapped_column(default=Acceptance.AUTOMATIC)
    nominations_close_at: Mapped[datetime | None]
    quota_release_at: Mapped[datetime | None]
    step_free_needed: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    plan_item_id: Mapped[int | None] = points_to("plan_items.id")
    competency_id: Mapped[int | None] = points_to("competencies.id")
    threshold: Mapped[int | None]
    pass_mark: Mapped[int | None]
    test_required: Mapped[bool | None]
    attendance_document_on_fail: Mapped[bool | None]
    sheet_required: Mapped[bool | None]
    excused_policy: Mapped[ExcusedPolicy] = mapped_column(default=ExcusedPolicy.AS_ABSENT)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_by: Mapped[int | None] = points_to("users.id")
    created_at: Mapped[datetime] = mapped_column(default=now)
    finalised_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")
    plan_item: Mapped[PlanItem | None] = relationship(lazy="raise_on_sql")
    competency: Mapped[Competency | None] = relationship(lazy="raise_on_sql")
    taken: Mapped[int | None] = query_expression()
    first_start: Mapped[time | None] = query_expression()
    last_end: Mapped[time | None] = query_expression()

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        """BK-02/3; needs `course` loaded."""
        return f"{self.course.code}/{self.ordinal}"


class SessionAudience(Model):
    """To whom a session is offered: a province or an organisation; default its own province."""

    __tablename__ = "session_audiences"
    __scope__ = OwnedThrough("course_session")
    __table_args__ = (
        sa.CheckConstraint("(province_id IS NULL) <> (organisation_id IS NULL)", name="one"),
        sa.UniqueConstraint("course_session_id", "province_id"),
        sa.UniqueConstraint("course_session_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int] = points_to("course_sessions.id")
    province_id: Mapped[int | None] = points_to("provinces.id")
    organisation_id: Mapped[int | None] = points_to("organisations.id")
    course_session: Mapped[CourseSession] = relationship(lazy="raise_on_sql")
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class SittingState(Worded):
    HELD = "held", "Held"
    SHORTENED = "shortened", "Shortened"
    NOT_HELD = "not_held", "Not held"


class Sitting(Model):
    """One dated block, in wall times of Europe/Istanbul. A postponed one has no date.

    `minutes` are the planned ones (ends − starts); `effective_minutes` stand where it was shortened.
    `sequence` counts changes for calendars (SEQUENCE).
    """

    __tablename__ = "sittings"
    __scope__ = OwnedThrough("course_session")
    __table_args__ = (
        sa.CheckConstraint("starts < ends", name="times"),
        sa.CheckConstraint("(state = 'shortened') = (effective_minutes IS NOT NULL)", name="effective_minutes"),
        sa.Index("ix_sittings_date_starts", "date", "starts"),
        sa.Index("ix_sittings_room_date", "room_id", "date"),
        # The minutes given, session by session: the figures read no more of them.
        sa.Index("ix_sittings_session_minutes", "course_session_id", "state", "minutes", "effective_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int] = mapped_column(sa.ForeignKey("course_sessions.id"))  # indexed above
    date: Mapped[date | None]
    starts: Mapped[time]
    ends: Mapped[time]
    minutes: Mapped[int]
    room_id: Mapped[int | None] = points_to("rooms.id")
    state: Mapped[SittingState] = mapped_column(default=SittingState.HELD)
    effective_minutes: Mapped[int | None]
    state_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    course_session: Mapped[CourseSession] = relationship(lazy="raise_on_sql")
    room: Mapped[Room | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class AssignmentAnswer(Status):
    PENDING = "pending", "Awaiting answer"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"

    @property
    def next(self) -> frozenset[Self]:
        moves = {"pending": ("accepted", "declined"), "accepted": ("declined",), "declined": ("accepted",)}
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def tone(self) -> str:
        return {"accepted": "ok", "declined": "cancel", "pending": "warn"}[self.value]


class TrainerAssignment(Model):
    """A trainer's place on a sitting. An unanswered one counts as taken; a declined one does not.

    `reason`: why they declined, for whoever runs the session.
    """

    __tablename__ = "trainer_assignments"
    __scope__ = OwnedThrough("sitting")
    __table_args__ = (sa.UniqueConstraint("sitting_id", "trainer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = points_to("sittings.id")
    trainer_id: Mapped[int] = points_to("trainers.id")
    answer: Mapped[AssignmentAnswer] = mapped_column(default=AssignmentAnswer.PENDING)
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    sitting: Mapped[Sitting] = relationship(lazy="raise_on_sql")
    trainer: Mapped[Trainer] = relationship(lazy="raise_on_sql")


class UntoldTrainer(Model):
    """A trainer who is to be told something about a session that no letter could, since when. The row goes when
    somebody told her. It stands by itself: whoever was taken off has no assignment left.
    """

    __tablename__ = "untold_trainers"
    __scope__ = OwnedThrough("course_session", RunBy())
    __table_args__ = (sa.UniqueConstraint("course_session_id", "trainer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int] = points_to("course_sessions.id")
    trainer_id: Mapped[int] = points_to("trainers.id")
    since: Mapped[datetime] = mapped_column(default=now)
    course_session: Mapped[CourseSession] = relationship(lazy="raise_on_sql")
    trainer: Mapped[Trainer] = relationship(lazy="raise_on_sql")


class ConflictOverride(Model):
    """A conflict somebody went ahead with, and why."""

    __tablename__ = "conflict_overrides"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int] = points_to("course_sessions.id")
    kind: Mapped[str] = mapped_column(sa.String(40))
    detail: Mapped[str] = mapped_column(sa.String(300))
    reason: Mapped[str] = mapped_column(sa.String(500))
    by_id: Mapped[int] = points_to("users.id")
    at: Mapped[datetime] = mapped_column(default=now)


class ChangeKind(Worded):
    STATUS = "status", "Status"
    MOVED = "sittings_moved", "Sittings moved"
    UNDATED = "sittings_undated", "Sittings postponed"
    TRAINERS = "trainers_replaced", "Trainers replaced"


class SessionChange(Model):
    """One step of a session's history; never edited.

    A status value from `old` (empty: it was made) to `new`, or so many `sittings` that were given another day, hour
    or room (MOVED), lost their date while the session goes on (UNDATED) or a trainer who was to give them (TRAINERS).
    """

    __tablename__ = "session_changes"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int] = points_to("course_sessions.id")
    kind: Mapped[ChangeKind]
    old: Mapped[str] = mapped_column(sa.String(32), default="")
    new: Mapped[str] = mapped_column(sa.String(32), default="")
    sittings: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
