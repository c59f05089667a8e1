"""A yearly plan, its rows, what became of it and the versions that were approved."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Organisation, Province
from app.access.scope import Everyone
from app.catalogue.models import Course
from app.core.clock import now
from app.core.db import Model, points_to
from app.core.status import Status, Worded
from app.core.tables.append_only import append_only


class PlanStatus(Status):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Awaiting approval"
    APPROVED = "approved", "Approved"
    RETURNED = "returned", "Returned"

    @property
    def next(self) -> frozenset[Self]:
        """Of an approved plan a revision is drafted; until that is approved the former version is in force."""
        moves: dict[str, set[str]] = {
            "draft": {"submitted"},
            "submitted": {"approved", "returned"},
            "approved": {"draft"},
            "returned": {"submitted"},
        }
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def tone(self) -> str:
        return {"approved": "ok", "submitted": "warn", "returned": "cancel"}.get(self.value, "plain")


class TrainingPlan(Model):
    """The yearly plan of a province, or of the programme (no province).

    `edition`: the version that is drafted, or in force where it is approved. `approved_at`: when the version in force
    was; None before the first. `submitted_by`, `reason`: who submitted this edition, and what changed and why.
    `limit_hours` (of teaching) and `limit_cost` (whole lira): what all rows together should not exceed.
    """

    __tablename__ = "training_plans"
    __scope__ = Everyone()
    __table_args__ = (
        sa.Index(
            "uq_training_plans_programme",
            "year",
            unique=True,
            sqlite_where=sa.text("province_id IS NULL"),
            postgresql_where=sa.text("province_id IS NULL"),
        ),
        sa.Index(
            "uq_training_plans_province",
            "year",
            "province_id",
            unique=True,
            sqlite_where=sa.text("province_id IS NOT NULL"),
            postgresql_where=sa.text("province_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    province_id: Mapped[int | None] = points_to("provinces.id")
    name_tr: Mapped[str] = mapped_column(sa.String(160))
    name_en: Mapped[str] = mapped_column(sa.String(160))
    status: Mapped[PlanStatus] = mapped_column(default=PlanStatus.DRAFT)
    edition: Mapped[int] = mapped_column(default=1)
    limit_hours: Mapped[int | None]
    limit_cost: Mapped[int | None]
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    submitted_by: Mapped[int | None] = points_to("users.id")
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def editable(self) -> bool:
        """Whether its rows can be changed now."""
        return self.status in (PlanStatus.DRAFT, PlanStatus.RETURNED)

    @property
    def in_force(self) -> int | None:
        """The version whose groups count now."""
        current = self.edition if self.status is PlanStatus.APPROVED else self.edition - 1
        return current or None


class PlanChange(Model):
    """A step of a plan: by whom, when, with which remarks."""

    __tablename__ = "plan_changes"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = points_to("training_plans.id")
    edition: Mapped[int]
    status: Mapped[PlanStatus]
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    changed_by: Mapped[int | None] = points_to("users.id")
    at: Mapped[datetime] = mapped_column(default=now)


class PlanVersion(Model):
    """A version as it was approved; `rows` are `snapshot.FrozenRow`s in their order."""

    __tablename__ = "plan_versions"
    __scope__ = Everyone()
    __table_args__ = (sa.UniqueConstraint("plan_id", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = points_to("training_plans.id")
    edition: Mapped[int]
    approved_at: Mapped[datetime]
    approved_by: Mapped[int | None] = points_to("users.id")
    submitted_by: Mapped[int | None] = points_to("users.id")
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    limit_hours: Mapped[int | None]
    limit_cost: Mapped[int | None]
    rows: Mapped[list[Any]]


append_only(PlanVersion)


class Origin(Worded):
    NEEDS = "needs", "Needs analysis"
    FIELD = "field", "Field finding"
    ACTION_PLAN = "action_plan", "Action plan"
    PILOT = "pilot", "Pilot project"
    MANAGER = "manager", "Manager's request"
    LAW = "law", "Legal requirement"


class PlanItem(Model):
    """A row of a plan; round, scope, hours of a group, score, N and GP are frozen when it is made.

    `approved`: it is in the version in force, and its figures are those of that version; what a revision would make of
    it stands in `pending` (see `snapshot.CHANGING`) until that is approved. A row of a version is never deleted:
    `dropped`, it has no groups. `cost`: of one group, in whole lira.
    """

    __tablename__ = "plan_items"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = points_to("training_plans.id")
    course_id: Mapped[int] = points_to("courses.id")
    province_id: Mapped[int | None] = points_to("provinces.id")
    organisation_id: Mapped[int | None] = points_to("organisations.id")
    position: Mapped[int] = mapped_column(default=0)
    groups: Mapped[int]
    quarter: Mapped[int]
    hours: Mapped[int]
    cost: Mapped[int | None]
    origin: Mapped[Origin]
    origin_text: Mapped[str] = mapped_column(sa.String(300), default="")
    round_id: Mapped[int | None] = points_to("assessment_rounds.id")
    score: Mapped[Decimal | None]
    eligible: Mapped[int | None]
    gap_points: Mapped[Decimal | None]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    approved: Mapped[bool] = mapped_column(default=False)
    dropped: Mapped[bool] = mapped_column(default=False)
    pending: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    plan: Mapped[TrainingPlan] = relationship(lazy="raise_on_sql")
    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
