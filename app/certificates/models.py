from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.scope import Everyone, OwnedBy, OwnedThrough, any_of
from app.completion.models import DocumentKind
from app.core.db import Model, points_to
from app.core.search import searchable
from app.core.status import Status
from app.enrolment.models import Enrolment
from app.trainers.models import Trainer
from app.training.models import CourseSession, RunBy


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
    __scope__ = any_of(
        OwnedThrough("enrolment"),
        OwnedThrough("course_session", RunBy()),
        # every coordinator sees every trainer, but not her letters from other provinces
        OwnedThrough("trainer", any_of(OwnedBy("user_id", "own_trainer"), OwnedBy("user_id", "own_user"))),
    )
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
