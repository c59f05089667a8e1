from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.scope import OwnedThrough
from app.core.clock import at, now
from app.core.db import Model, by_bytes, index_where_set, points_to
from app.core.status import Worded
from app.enrolment.models import Enrolment
from app.training.models import CourseSession, Sitting, SittingState


class Presence(Worded):
    PRESENT = "present", "Present"
    LATE = "late", "Late"
    LEFT_EARLY = "left_early", "Left early"
    ABSENT = "absent", "Absent"
    EXCUSED = "excused", "Excused"
    EXEMPT = "exempt", "Exempt"

    @property
    def tone(self) -> str:
        return {"present": "ok", "absent": "cancel", "excused": "full", "exempt": "full"}.get(self.value, "warn")

    @property
    def icon(self) -> str:
        return {
            "present": "check",
            "late": "clock",
            "left_early": "log-out",
            "absent": "x",
            "excused": "minus",
            "exempt": "circle-slash",
        }[self.value]


NEEDS_MINUTES = (Presence.LATE, Presence.LEFT_EARLY)
"""Marks that say how many minutes were missed. Who was late and left early as well is late, with the sum."""


class MarkSource(Worded):
    MANUAL = "manual", "By hand"
    QR = "qr", "QR code"
    KIOSK = "kiosk", "Kiosk"
    IMPORT = "import", "Import"


class AttendanceMark(Model):
    """Presence of one enrolment at one sitting. `minutes` missed: for late and left_early, else None."""

    __tablename__ = "attendance_marks"
    __scope__ = OwnedThrough("enrolment")
    __table_args__ = (
        sa.UniqueConstraint("sitting_id", "enrolment_id"),
        sa.CheckConstraint("(kind IN ('late', 'left_early')) = (minutes IS NOT NULL)", name="minutes"),
        sa.CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 1440", name="minutes_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = points_to("sittings.id")
    enrolment_id: Mapped[int] = points_to("enrolments.id")
    kind: Mapped[Presence]
    minutes: Mapped[int | None]
    source: Mapped[MarkSource] = mapped_column(default=MarkSource.MANUAL)
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None]
    sitting: Mapped[Sitting] = relationship(lazy="raise_on_sql")
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")


class MarkChange(Model):
    """Every change of a mark, appended. `old`/`new`: kind, or kind:minutes, or "" for unmarked. `request_key`: of the
    tap that made it; one that is sent again, because its answer was lost, changes nothing.
    """

    __tablename__ = "mark_changes"
    __scope__ = OwnedThrough("enrolment")
    __table_args__ = (index_where_set("ix_mark_changes_request_key", "request_key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = points_to("sittings.id")
    enrolment_id: Mapped[int] = points_to("enrolments.id")
    old: Mapped[str] = mapped_column(sa.String(40))
    new: Mapped[str] = mapped_column(sa.String(40))
    by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)
    source: Mapped[MarkSource]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    request_key: Mapped[str | None] = mapped_column(by_bytes(64))
    sitting: Mapped[Sitting] = relationship(lazy="raise_on_sql")
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")


class LateMark(Model):
    """A mark that arrived when its sheet was locked or closed: whoever runs the session accepts it or sets it aside
    (`accepted`; None until then). `word` as `rules.spell` writes it, "" for cleared; `at`: when it arrived, for what a
    phone says of the time is nothing to go by.
    """

    __tablename__ = "late_marks"
    __scope__ = OwnedThrough("sitting")
    __table_args__ = (sa.Index("ix_late_marks_accepted", "accepted"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = points_to("sittings.id")
    enrolment_id: Mapped[int] = points_to("enrolments.id")
    word: Mapped[str] = mapped_column(sa.String(40))
    request_key: Mapped[str] = mapped_column(by_bytes(64), unique=True)
    by_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    accepted: Mapped[bool | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    sitting: Mapped[Sitting] = relationship(lazy="raise_on_sql")
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")


class ClosedSheet(Model):
    """A sitting whose roll-call was closed by hand before it locks by itself."""

    __tablename__ = "closed_sheets"
    __scope__ = OwnedThrough("sitting")

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = points_to("sittings.id", unique=True)
    by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)
    sitting: Mapped[Sitting] = relationship(lazy="raise_on_sql")


class SignedSheet(Model):
    """The scan of a signed sheet, attached to the day it belongs to."""

    __tablename__ = "signed_sheets"
    __scope__ = OwnedThrough("course_session")
    __table_args__ = (sa.Index("ix_signed_sheets_session_day", "course_session_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int] = points_to("course_sessions.id")
    day: Mapped[date]
    document_id: Mapped[int] = points_to("documents.id")
    by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)
    course_session: Mapped[CourseSession] = relationship(lazy="raise_on_sql")


@dataclass(frozen=True, slots=True)
class SittingRow:
    """One sitting as attendance counts it: times are wall times, minutes planned; no date while postponed."""

    id: int
    date: date | None
    starts: time
    ends: time
    minutes: int
    state: SittingState
    effective_minutes: int | None

    @property
    def starts_at(self) -> datetime | None:
        return None if self.date is None else at(self.date, self.starts)

    @property
    def ends_at(self) -> datetime | None:
        return None if self.date is None else at(self.date, self.ends)

    def before(self, given: datetime | None) -> bool:
        """Whether it was over when somebody's seat was given."""
        return given is not None and self.ends_at is not None and self.ends_at <= given


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a seat: what a roll-call shows of them and no more."""

    enrolment_id: int
    name: str
    organisation: str


Key = tuple[int, int]
"""(sitting id, enrolment id)"""
Words = dict[int, str]
"""One person's marks by sitting id, as `rules.spell` writes them"""
