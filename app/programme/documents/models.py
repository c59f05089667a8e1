from __future__ import annotations

from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Province, User
from app.access.scope import OwnedBy, OwnedThrough, any_of
from app.core.clock import now
from app.core.db import Model, points_to
from app.core.status import Status, Worded
from app.core.tables.append_only import append_only


class ProgrammeDocumentKind(Worded):
    MANAGEMENT_PLAN = "management_plan", "Management plan"
    ACTION_PLAN = "action_plan", "Strategic action plan"
    STRATEGY = "strategy", "Visibility strategy"


class ProgrammeDocumentStatus(Status):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "In review"
    APPROVED = "approved", "Approved"
    RETURNED = "returned", "Returned"

    @property
    def next(self) -> frozenset[Self]:
        """Of an approved one the next edition is drafted; until that is approved the former is in force. Whoever
        submitted one takes it back into its draft.
        """
        moves: dict[str, set[str]] = {
            "draft": {"submitted"},
            "submitted": {"approved", "returned", "draft"},
            "approved": {"draft"},
            "returned": {"submitted"},
        }
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def tone(self) -> str:
        return {"approved": "ok", "submitted": "warn", "returned": "cancel"}.get(self.value, "plain")


EDITABLE = (ProgrammeDocumentStatus.DRAFT, ProgrammeDocumentStatus.RETURNED)


class ProgrammeDocument(Model):
    """`edition`: the one that is written, or in force where it is approved. `approved_at`: when the one in force was.
    `organisation_id`: whose focal points read it beside those who run the province. `reason`: what this edition
    changes.
    """

    __tablename__ = "programme_documents"
    __scope__ = any_of(OwnedBy("province_id", "provinces"), OwnedBy("organisation_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ProgrammeDocumentKind]
    province_id: Mapped[int] = points_to("provinces.id")
    organisation_id: Mapped[int | None] = points_to("organisations.id")
    name_tr: Mapped[str] = mapped_column(sa.String(240))
    name_en: Mapped[str] = mapped_column(sa.String(240))
    status: Mapped[ProgrammeDocumentStatus] = mapped_column(default=ProgrammeDocumentStatus.DRAFT)
    edition: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    submitted_by: Mapped[int | None] = points_to("users.id")
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def editable(self) -> bool:
        """Whether what it says can be changed now."""
        return self.status in EDITABLE

    @property
    def in_force(self) -> int | None:
        current = self.edition if self.status is ProgrammeDocumentStatus.APPROVED else self.edition - 1
        return current or None


class ProgrammeDocumentStep(Model):
    """By whom it was submitted, returned, approved or taken up again, when, with which remarks."""

    __tablename__ = "programme_document_steps"
    __scope__ = OwnedThrough("document")

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = points_to("programme_documents.id")
    edition: Mapped[int]
    status: Mapped[ProgrammeDocumentStatus]
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    changed_by: Mapped[int | None] = points_to("users.id")
    at: Mapped[datetime] = mapped_column(default=now)
    document: Mapped[ProgrammeDocument] = relationship(lazy="raise_on_sql")
    changer: Mapped[User | None] = relationship(lazy="raise_on_sql")


class ProgrammeDocumentVersion(Model):
    """An edition as it was approved; `passages` are `rules.Passage`s in their order."""

    __tablename__ = "programme_document_versions"
    __scope__ = OwnedThrough("document")
    __table_args__ = (sa.UniqueConstraint("document_id", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = points_to("programme_documents.id")
    edition: Mapped[int]
    name_tr: Mapped[str] = mapped_column(sa.String(240))
    name_en: Mapped[str] = mapped_column(sa.String(240))
    approved_at: Mapped[datetime]
    approved_by: Mapped[int | None] = points_to("users.id")
    submitted_by: Mapped[int | None] = points_to("users.id")
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    passages: Mapped[list[Any]]
    document: Mapped[ProgrammeDocument] = relationship(lazy="raise_on_sql")
    approver: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=approved_by)


append_only(ProgrammeDocumentVersion)
