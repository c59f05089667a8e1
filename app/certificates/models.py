from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.scope import Everyone, OwnedBy, Scope, any_of
from app.completion.models import DocumentKind
from app.core.db import Model, points_to
from app.core.search import searchable
from app.core.status import Status
from app.enrolment.models import Enrolment
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training.models import CourseSession, RunBy, SessionAudience, Sitting, TrainerAssignment


class CertificateStatus(Status):
    VALID = "valid", "Valid"
    REVOKED = "revoked", "Revoked"
    SUPERSEDED = "superseded", "Superseded"

    @property
    def next(self) -> frozenset[Self]:
        valid = self.value == "valid"
        return frozenset({type(self)("revoked"), type(self)("superseded")}) if valid else frozenset()

    @property
    def tone(self) -> str:
        return {"valid": "ok", "revoked": "cancel", "superseded": "warn"}[self.value]

    @property
    def icon(self) -> str:
        return {"valid": "shield-check", "revoked": "shield-x", "superseded": "replace"}[self.value]


class HeldOrRun:
    """By whoever may see the holder, and by whoever runs the session.

    Said with sets of ids, each of which an index answers: a condition asked row by row makes long lists slow. Every
    coordinator sees every trainer, but a letter of thanks is seen by its holder and where it was earned only.
    """

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        people = sa.select(Employee.id).where(Employee.__scope__.visible(Employee, scope))
        held = sa.select(Enrolment.id).where(Enrolment.employee_id.in_(people))
        ways = [model.enrolment_id.in_(held)]
        if scope.provinces or scope.own_trainer is not None:
            run = sa.select(CourseSession.id).where(RunBy().visible(CourseSession, scope))
            ways.append(model.course_session_id.in_(run))
        if scope.own_user is not None or scope.own_trainer is not None:
            herself = any_of(OwnedBy("user_id", "own_trainer"), OwnedBy("user_id", "own_user"))
            ways.append(model.trainer_id.in_(sa.select(Trainer.id).where(herself.visible(Trainer, scope))))
        return sa.or_(*ways)

    def tables(self, model: Any) -> set[Any]:
        """All its conditions read, whatever the scope."""
        read = (model, Enrolment, Employee, CourseSession, Sitting, TrainerAssignment, Trainer, SessionAudience)
        return {one.__table__ for one in read}


class CertificateCounter(Model):
    """The last number given of one sequence: a year of issue and a province (`PRG` where there is none)."""

    __tablename__ = "certificate_counters"
    __scope__ = Everyone()
    __table_args__ = (sa.UniqueConstraint("year", "series"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    series: Mapped[str] = mapped_column(sa.String(3))
    last: Mapped[int] = mapped_column(default=0)


class Certificate(Model):
    """A numbered, frozen fact. `snapshot` holds all that was printed; no later edit changes it. Never deleted.

    For a participant by `enrolment_id`, for a trainer by `trainer_id` (letter of thanks).
    """

    __tablename__ = "certificates"
    __scope__ = HeldOrRun()
    __table_args__ = (
        sa.CheckConstraint("(enrolment_id IS NULL) <> (trainer_id IS NULL)", name="one_holder"),
        sa.Index(
            "uq_certificates_valid_enrolment",
            "enrolment_id",
            unique=True,
            sqlite_where=sa.text("status = 'valid'"),
            postgresql_where=sa.text("status = 'valid'"),
        ),
        sa.Index(
            "uq_certificates_valid_trainer",
            "course_session_id",
            "trainer_id",
            unique=True,
            sqlite_where=sa.text("status = 'valid' AND trainer_id IS NOT NULL"),
            postgresql_where=sa.text("status = 'valid' AND trainer_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    course_session_id: Mapped[int] = points_to("course_sessions.id")
    enrolment_id: Mapped[int | None] = points_to("enrolments.id")
    trainer_id: Mapped[int | None] = points_to("trainers.id")
    kind: Mapped[DocumentKind]
    language: Mapped[str] = mapped_column(sa.String(2))
    status: Mapped[CertificateStatus] = mapped_column(default=CertificateStatus.VALID, index=True)
    printed_name: Mapped[str] = mapped_column(sa.String(220))
    name_sort: Mapped[str] = mapped_column(sa.String(800), index=True)
    search_text: Mapped[str] = mapped_column(sa.String(500))
    snapshot: Mapped[dict[str, Any]]
    document_id: Mapped[int] = points_to("documents.id")
    issued_on: Mapped[date] = mapped_column(index=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = points_to("users.id")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = points_to("users.id")
    end_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    superseded_by_id: Mapped[int | None] = points_to("certificates.id")
    enrolment: Mapped[Enrolment | None] = relationship(lazy="raise_on_sql")
    trainer: Mapped[Trainer | None] = relationship(lazy="raise_on_sql")
    course_session: Mapped[CourseSession] = relationship(lazy="raise_on_sql")


searchable(Certificate)
