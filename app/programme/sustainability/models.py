"""What keeps the programme's work alive when its funding ends: measures at four levels, each step of theirs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Organisation, Province, User
from app.access.scope import OwnedThrough, Scope
from app.core.clock import now, today
from app.core.db import Model, points_to
from app.core.search import folded
from app.core.status import Status, Worded
from app.programme.pilots.models import Pilot


class MeasureLevel(Worded):
    MUNICIPALITY = "municipality", "Municipalities"
    GOVERNORATE = "governorate", "Governorates"
    CENTRAL = "central", "Central government"
    INTERNATIONAL = "international", "International organisations"


class MeasureScope(Worded):
    PILOTS = "pilots", "Pilot projects"
    GENERAL = "general", "General components"


class MeasureKind(Worded):
    DECISION = "decision", "Decision"
    STAFF = "staff", "Staff"
    BUDGET = "budget", "Budget"
    PROTOCOL = "protocol", "Protocol"
    TRAINER_POOL = "trainer_pool", "Trainer pool"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"


class MeasureStatus(Status):
    PROPOSED = "proposed", "Proposed"
    ACCEPTED = "accepted", "Accepted"
    UNDER_WAY = "under_way", "Under way"
    IN_PLACE = "in_place", "In place"
    DROPPED = "dropped", "Dropped"

    @property
    def next(self) -> frozenset[Self]:
        """What is in place may cease to be; what was dropped may be proposed again."""
        moves: dict[str, set[str]] = {
            "proposed": {"accepted", "dropped"},
            "accepted": {"under_way", "in_place", "dropped"},
            "under_way": {"in_place", "dropped"},
            "in_place": {"under_way", "dropped"},
            "dropped": {"proposed"},
        }
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def tone(self) -> str:
        return {"in_place": "ok", "under_way": "full", "dropped": "cancel"}.get(self.value, "plain")


SETTLED = (MeasureStatus.IN_PLACE, MeasureStatus.DROPPED)


class ProvinceOrProgramme:
    """By whoever runs its province; what is the whole programme's by whoever runs any; by the institution it names."""

    def visible(self, model: Any, scope: Scope) -> sa.ColumnElement[bool]:
        ways: list[sa.ColumnElement[bool]] = []
        if scope.provinces:
            ways += [model.province_id.in_(sorted(scope.provinces)), model.province_id.is_(None)]
        if scope.organisations:
            ways.append(model.organisation_id.in_(sorted(scope.organisations)))
        return sa.or_(sa.false(), *ways)

    def tables(self, model: Any) -> set[Any]:
        return {model.__table__}


class Measure(Model):
    """`province_id` None: of the whole programme. `pilot_id`: the pilot project it keeps alive, where it does. `status`
    is that of its last step. Never deleted, but dropped.
    """

    __tablename__ = "measures"
    __scope__ = ProvinceOrProgramme()

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int | None] = points_to("provinces.id")
    organisation_id: Mapped[int | None] = points_to("organisations.id")
    pilot_id: Mapped[int | None] = points_to("pilots.id")
    level: Mapped[MeasureLevel]
    scope: Mapped[MeasureScope]
    kind: Mapped[MeasureKind]
    component: Mapped[str] = mapped_column(sa.String(160), default="")
    text_tr: Mapped[str] = mapped_column(sa.String(500))
    text_en: Mapped[str] = mapped_column(sa.String(500), default="")
    responsible: Mapped[str] = mapped_column(sa.String(160), default="")
    due: Mapped[date | None]
    status: Mapped[MeasureStatus] = mapped_column(default=MeasureStatus.PROPOSED)
    evidence: Mapped[str] = mapped_column(sa.String(1000), default="")
    document_id: Mapped[int | None] = points_to("documents.id")
    search_text: Mapped[str] = folded(1323, "text_tr", "text_en", "component", "responsible")
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    pilot: Mapped[Pilot | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def late(self) -> bool:
        """Past its day, and neither in place nor dropped; the list asks the same in SQL."""
        return self.due is not None and self.due < today() and self.status not in SETTLED


class MeasureStep(Model):
    """Since which day (`day`) it is so, by whom it was written down, and why."""

    __tablename__ = "measure_steps"
    __scope__ = OwnedThrough("measure")

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = points_to("measures.id")
    status: Mapped[MeasureStatus]
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    by_id: Mapped[int | None] = points_to("users.id")
    at: Mapped[datetime] = mapped_column(default=now)
    measure: Mapped[Measure] = relationship(lazy="raise_on_sql")
    by: Mapped[User | None] = relationship(lazy="raise_on_sql")
