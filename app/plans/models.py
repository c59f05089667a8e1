from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Organisation, Province
from app.access.scope import Everyone
from app.catalogue.models import Course
from app.core.db import Model, points_to
from app.core.status import Status, Worded


class PlanStatus(Status):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Awaiting approval"
    APPROVED = "approved", "Approved"
    RETURNED = "returned", "Returned"

    @property
    def next(self) -> frozenset[Self]:
        moves: dict[str, set[str]] = {
            "draft": {"submitted"},
            "submitted": {"approved", "returned"},
            "approved": set(),
            "returned": {"submitted"},
        }
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def tone(self) -> str:
        return {"approved": "ok", "submitted": "warn", "returned": "cancel"}.get(self.value, "plain")


class TrainingPlan(Model):
    """The yearly plan of the programme."""

    __tablename__ = "training_plans"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    name_tr: Mapped[str] = mapped_column(sa.String(160))
    name_en: Mapped[str] = mapped_column(sa.String(160))
    status: Mapped[PlanStatus] = mapped_column(default=PlanStatus.DRAFT)
    approved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Origin(Worded):
    NEEDS = "needs", "Needs analysis"
    FIELD = "field", "Field finding"
    ACTION_PLAN = "action_plan", "Action plan"
    MANAGER = "manager", "Manager's request"
    LAW = "law", "Legal requirement"


class PlanItem(Model):
    """A row of a plan; round, scope, score, N and GP are frozen when it is made."""

    __tablename__ = "plan_items"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = points_to("training_plans.id")
    course_id: Mapped[int] = points_to("courses.id")
    province_id: Mapped[int | None] = points_to("provinces.id")
    organisation_id: Mapped[int | None] = points_to("organisations.id")
    groups: Mapped[int]
    quarter: Mapped[int]
    origin: Mapped[Origin]
    origin_text: Mapped[str] = mapped_column(sa.String(300), default="")
    round_id: Mapped[int | None] = points_to("assessment_rounds.id")
    score: Mapped[Decimal | None]
    eligible: Mapped[int | None]
    gap_points: Mapped[Decimal | None]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    plan: Mapped[TrainingPlan] = relationship(lazy="raise_on_sql")
    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
