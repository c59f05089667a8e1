from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.scope import Everyone, OwnedBy, Scope, any_of
from app.completion.models import DocumentKind
from app.core.db import Model, any_row, index_where_set, points_to
from app.core.search import searchable
from app.core.status import Status, Worded
from app.enrolment.models import Enrolment
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training.models import CourseSession


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


class EndReason(Worded):
    """Why a certificate ended, as the public is told; the words somebody wrote beside it stay inside."""

    SPELLING = "spelling", "Spelling corrected"
    NAME_CHANGE = "name_change", "Name changed"
    WRONG_PERSON = "wrong_person", "Wrong person"
    ATTENDANCE = "attendance", "Attendance corrected"
    OTHER = "other", "Other"


class HeldOrRun:
    """By whoever may see the holder, and by the coordinator of the session's province.

    Every coordinator sees every trainer, but a letter of thanks is seen by its holder and where it was earned only; a
    trainer sees their own letters and no participant's certificate.
    """

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        if scope.provinces:
            return self.each(model, scope)  # a share of all there are, found while a list's own index is read
        # A handful: each way has its index, and the ids come together before anything else is read.
        ids = [sa.select(Certificate.id).where(way).correlate(None) for way in self._ways(scope)]
        few: sa.ColumnElement[bool] = model.id.in_(sa.union_all(*ids))
        return few

    def each(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        """The same, each certificate asked by its keys, where reading ends as soon as there are enough. A CASE, not an
        OR: an OR would be answered index by index, and all of it sorted.
        """
        hers = sa.or_(self._of_hers(model, scope), *self._own(model, scope))
        return sa.case((sa.or_(*self._run(model, scope)), sa.true()), else_=hers) if scope.provinces else hers

    @staticmethod
    def _of_hers(model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        """Of an enrolment of somebody they see; whoever moved on took part from there."""
        there = Enrolment.organisation_id.in_(sorted(scope.organisations))
        seen = sa.or_(there, Employee.__scope__.visible(Employee, scope))
        one = sa.select(Enrolment.id).join(Employee).where(Enrolment.id == model.enrolment_id, seen)
        return any_row(one.correlate(model))

    def held_elsewhere(self, scope: Scope, sessions: sa.Select[Any]) -> sa.ColumnElement[bool]:
        """The same of certificates of these sessions, none of which the scope runs: nearly none are theirs. Whoever
        they see is gathered once and met with who took part, instead of each certificate being asked for its holder.
        """
        people = sa.select(Employee.id).where(Employee.__scope__.visible(Employee, scope))
        there = Enrolment.organisation_id.in_(sorted(scope.organisations))
        # by the sessions' index: led by the people it would be asked for each of them by itself
        seen = sa.or_(there, (Enrolment.employee_id + 0).in_(people))
        took_part = sa.select(Enrolment.id).where(Enrolment.course_session_id.in_(sessions), seen)
        return sa.or_(Certificate.enrolment_id.in_(took_part), *self._own(Certificate, scope))

    def _ways(self, scope: Scope) -> list[sa.ColumnElement[bool]]:
        people = sa.select(Employee.id).where(Employee.__scope__.visible(Employee, scope))
        held: list[sa.ColumnElement[bool]] = [Enrolment.employee_id.in_(people)]
        if scope.organisations:
            held.append(Enrolment.organisation_id.in_(sorted(scope.organisations)))
        enrolments = [sa.select(Enrolment.id).where(way) for way in held]
        return [*(Certificate.enrolment_id.in_(each) for each in enrolments), *self._own(Certificate, scope)]

    @staticmethod
    def _run(model: Any, scope: Scope) -> list[sa.ColumnElement[bool]]:
        run = sa.select(CourseSession.id).where(CourseSession.province_id.in_(sorted(scope.provinces)))
        return [model.course_session_id.in_(run)]

    @staticmethod
    def _own(model: Any, scope: Scope) -> list[sa.ColumnElement[bool]]:
        """A trainer's letters of thanks."""
        if scope.own_user is None and scope.own_trainer is None:
            return []
        herself = any_of(OwnedBy("user_id", "own_trainer"), OwnedBy("user_id", "own_user"))
        return [model.trainer_id.in_(sa.select(Trainer.id).where(herself.visible(Trainer, scope)))]

    def tables(self, model: Any) -> set[Any]:
        """All its conditions read, whatever the scope."""
        return {one.__table__ for one in (model, Enrolment, Employee, CourseSession, Trainer)}


class CertificateCounter(Model):
    """The last number given of one sequence: a year of issue and a province (`PRG` where there is none)."""

    __tablename__ = "certificate_counters"
    __scope__ = Everyone()
    __table_args__ = (sa.UniqueConstraint("year", "series"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    series: Mapped[str] = mapped_column(sa.String(3))
    last: Mapped[int] = mapped_column(default=0)


DECIDING = ("id", "course_session_id", "enrolment_id", "trainer_id", "kind", "status")


class Certificate(Model):
    """A numbered, frozen fact. `snapshot` holds all that was printed; no later edit changes it. Never deleted.

    For a participant by `enrolment_id`, for a trainer by `trainer_id` (letter of thanks).
    """

    __tablename__ = "certificates"
    __scope__ = HeldOrRun()
    __table_args__ = (
        # The list in each of its orders, with all that decides whether a line is in it; the certificates are long.
        sa.Index("ix_certificates_by_date", "issued_on", *DECIDING),
        sa.Index("ix_certificates_by_number", "number", *DECIDING),
        sa.Index("ix_certificates_by_name", "name_sort", *DECIDING),
        sa.Index("ix_certificates_by_session", "course_session_id", "issued_on", "id", "kind", "status"),
        *(index_where_set(f"ix_certificates_{key}", key) for key in ("trainer_id", "ended_by", "superseded_by_id")),
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
    course_session_id: Mapped[int] = mapped_column(sa.ForeignKey("course_sessions.id"))  # indexed above
    enrolment_id: Mapped[int | None] = points_to("enrolments.id")
    trainer_id: Mapped[int | None] = points_to("trainers.id", index=False)
    kind: Mapped[DocumentKind]
    language: Mapped[str] = mapped_column(sa.String(2))
    status: Mapped[CertificateStatus] = mapped_column(default=CertificateStatus.VALID)
    printed_name: Mapped[str] = mapped_column(sa.String(220))
    name_sort: Mapped[str] = mapped_column(sa.String(800))
    search_text: Mapped[str] = mapped_column(sa.String(500))
    snapshot: Mapped[dict[str, Any]]
    document_id: Mapped[int] = points_to("documents.id")
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = points_to("users.id")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = points_to("users.id", index=False)
    public_reason: Mapped[EndReason | None]
    end_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    superseded_by_id: Mapped[int | None] = points_to("certificates.id", index=False)
    enrolment: Mapped[Enrolment | None] = relationship(lazy="raise_on_sql")
    trainer: Mapped[Trainer | None] = relationship(lazy="raise_on_sql")
    course_session: Mapped[CourseSession] = relationship(lazy="raise_on_sql")


searchable(Certificate)
