from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from app.access.models import Organisation, Province, User
from app.access.scope import OwnedBy, OwnedThrough, any_of
from app.catalogue.models import Theme
from app.core.clock import now
from app.core.db import Model, points_to
from app.core.search import folded
from app.core.status import Worded
from app.core.tables.append_only import append_only
from app.people.models import Employee
from app.programme.asks.models import Asks
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentStatus
from app.training.models import CourseSession


class TrackingStatus(Worded):
    PREPARING = "preparing", "Being prepared"
    TESTING = "testing", "Being tested"
    IN_USE = "in_use", "In use"


class ManagementPlanStatus(Worded):
    """How a management plan stands: that of its document, where a draft with something in all sections is one more."""

    DRAFT = "draft", "Draft"
    DRAFT_COMPLETED = "draft_completed", "Draft completed"
    IN_REVIEW = "submitted", "In review"
    RETURNED = "returned", "Returned"
    APPROVED = "approved", "Approved"

    @property
    def tone(self) -> str:
        return {"approved": "ok", "submitted": "warn", "returned": "cancel", "draft_completed": "full"}.get(
            self.value, "plain"
        )


class Pilot(Model):
    """`organisation_id` and `unit`: who runs it. `closed_on`: it has ended; nothing is asked of it any more.

    `closed_through`: the first day of the last month whose users are closed; what is changed of those is a correction.
    `complete` and `written`: how many of its eight sections are, where it was loaded with that.
    """

    __tablename__ = "pilots"
    __scope__ = any_of(OwnedBy("province_id", "provinces"), OwnedBy("organisation_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    province_id: Mapped[int] = points_to("provinces.id")
    organisation_id: Mapped[int | None] = points_to("organisations.id")
    theme_id: Mapped[int] = points_to("themes.id")
    document_id: Mapped[int] = points_to("programme_documents.id", unique=True)
    unit: Mapped[str] = mapped_column(sa.String(160), default="")
    district: Mapped[str] = mapped_column(sa.String(80), default="")
    name_tr: Mapped[str] = mapped_column(sa.String(160))
    name_en: Mapped[str] = mapped_column(sa.String(160))
    name_sort: Mapped[str] = mapped_column(sa.String(700))
    search_text: Mapped[str] = folded(420, "code", "name_tr", "name_en", "district")
    beneficiaries_tr: Mapped[str] = mapped_column(sa.String(300), default="")
    beneficiaries_en: Mapped[str] = mapped_column(sa.String(300), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    tracking: Mapped[TrackingStatus] = mapped_column(default=TrackingStatus.PREPARING)
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    closed_on: Mapped[date | None]
    closing_note: Mapped[str] = mapped_column(sa.String(1000), default="")
    closed_through: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    theme: Mapped[Theme] = relationship(lazy="raise_on_sql")
    document: Mapped[ProgrammeDocument] = relationship(lazy="raise_on_sql")
    complete: Mapped[int | None] = query_expression()
    written: Mapped[int | None] = query_expression()

    __mapper_args__ = {"version_id_col": version}

    @property
    def plan(self) -> ManagementPlanStatus:
        """How its management plan stands; lists ask the same in SQL. Needs `document` and `written`."""
        if self.document.status is ProgrammeDocumentStatus.DRAFT and self.written == len(SectionKey):
            return ManagementPlanStatus.DRAFT_COMPLETED
        return ManagementPlanStatus(self.document.status.value)


class SectionKey(Worded):
    PURPOSE = "purpose", "Purpose and scope"
    STAFF = "staff", "Management and staff"
    SERVICES = "services", "Services and how they run"
    BENEFICIARIES = "beneficiaries", "Choice of beneficiaries"
    BUDGET = "budget", "Budget and income"
    INDICATORS = "indicators", "Monitoring indicators"
    RISKS = "risks", "Risks"
    SUSTAINABILITY = "sustainability", "Sustainability"


class SectionState(Worded):
    EMPTY = "empty", "Empty"
    DRAFT = "draft", "Draft"
    COMPLETE = "complete", "Complete"

    @property
    def tone(self) -> str:
        return {"complete": "ok", "draft": "warn"}.get(self.value, "plain")


class PilotSection(Model):
    """One of the eight sections of a management plan. `responsible`: an office or a role, nobody's name."""

    __tablename__ = "pilot_sections"
    __scope__ = OwnedThrough("pilot")
    __table_args__ = (sa.UniqueConstraint("pilot_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = points_to("pilots.id")
    key: Mapped[SectionKey]
    state: Mapped[SectionState] = mapped_column(default=SectionState.EMPTY)
    text_tr: Mapped[str] = mapped_column(sa.Text, default="")
    text_en: Mapped[str] = mapped_column(sa.Text, default="")
    responsible: Mapped[str] = mapped_column(sa.String(160), default="")
    due_on: Mapped[date | None]
    attachment_id: Mapped[int | None] = points_to("documents.id")
    version: Mapped[int] = mapped_column(default=1)
    pilot: Mapped[Pilot] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class PilotStaff(Model):
    __tablename__ = "pilot_staff"
    __scope__ = OwnedThrough("pilot")
    __table_args__ = (sa.UniqueConstraint("pilot_id", "employee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = points_to("pilots.id")
    employee_id: Mapped[int] = points_to("employees.id")
    since: Mapped[date]
    pilot: Mapped[Pilot] = relationship(lazy="raise_on_sql")
    employee: Mapped[Employee] = relationship(lazy="raise_on_sql")


class PilotAsk(Asks, Model):
    """A competency the staff of a pilot need."""

    __tablename__ = "pilot_asks"
    __scope__ = OwnedThrough("pilot")
    __table_args__ = (sa.UniqueConstraint("pilot_id", "competency_id"),)

    pilot_id: Mapped[int] = points_to("pilots.id")
    pilot: Mapped[Pilot] = relationship(lazy="raise_on_sql")


class PilotSession(Model):
    """A course session that was given for a pilot: it names one at most."""

    __tablename__ = "pilot_sessions"
    __scope__ = OwnedThrough("pilot")

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = points_to("pilots.id")
    course_session_id: Mapped[int] = points_to("course_sessions.id", unique=True)
    pilot: Mapped[Pilot] = relationship(lazy="raise_on_sql")
    course_session: Mapped[CourseSession] = relationship(lazy="raise_on_sql")


class PilotService(Model):
    """What a pilot offers, whose users are counted from `first_month` to `last_month`: first days of months."""

    __tablename__ = "pilot_services"
    __scope__ = OwnedThrough("pilot")

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = points_to("pilots.id")
    name_tr: Mapped[str] = mapped_column(sa.String(160))
    name_en: Mapped[str] = mapped_column(sa.String(160))
    first_month: Mapped[date]
    last_month: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    pilot: Mapped[Pilot] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


BANDS = ("0", "13", "18", "30", "60")
"""The age each band begins with."""
WOMEN, MEN = (tuple(f"{sex}_{band}" for band in BANDS) for sex in ("women", "men"))
FIGURES = (*WOMEN, *MEN, "newcomers", "settled", "visits")
"""What is counted of a month: new users by sex and age, how many of them came to the city within five years and how
many live there longer, and visits of all users.
"""


def _together(names: Sequence[str]) -> Callable[[DefaultExecutionContext], int]:
    def summed(context: DefaultExecutionContext) -> int:
        counted = context.get_current_parameters()  # type: ignore[no-untyped-call]  # it has no types
        return sum(counted.get(name) or 0 for name in names)

    return summed


class PilotMonth(Model):
    """The users of a service in a month: counts, never anybody's name. `women` and `men`: of all ages, which stand in
    two indexes, so that years of users are summed from one alone.
    """

    __tablename__ = "pilot_months"
    __scope__ = OwnedThrough("service")
    __table_args__ = (
        sa.UniqueConstraint("service_id", "month"),
        sa.Index("ix_pilot_months_month", "month", "service_id", "women", "men"),
        sa.Index("ix_pilot_months_service_id", "service_id", "month", "women", "men"),
        sa.CheckConstraint(" AND ".join(f"{name} >= 0" for name in FIGURES), name="counts"),
        sa.CheckConstraint(f"women = {' + '.join(WOMEN)} AND men = {' + '.join(MEN)}", name="sums"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = points_to("pilot_services.id", index=False)  # indexed above
    month: Mapped[date]
    women_0: Mapped[int] = mapped_column(default=0)
    women_13: Mapped[int] = mapped_column(default=0)
    women_18: Mapped[int] = mapped_column(default=0)
    women_30: Mapped[int] = mapped_column(default=0)
    women_60: Mapped[int] = mapped_column(default=0)
    men_0: Mapped[int] = mapped_column(default=0)
    men_13: Mapped[int] = mapped_column(default=0)
    men_18: Mapped[int] = mapped_column(default=0)
    men_30: Mapped[int] = mapped_column(default=0)
    men_60: Mapped[int] = mapped_column(default=0)
    newcomers: Mapped[int] = mapped_column(default=0)
    settled: Mapped[int] = mapped_column(default=0)
    visits: Mapped[int] = mapped_column(default=0)
    women: Mapped[int] = mapped_column(default=_together(WOMEN))
    men: Mapped[int] = mapped_column(default=_together(MEN))
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    entered_by: Mapped[int | None] = points_to("users.id")
    entered_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)
    service: Mapped[PilotService] = relationship(lazy="raise_on_sql")
    enterer: Mapped[User | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def provisional(self) -> bool:
        """Whether it is still open; lists ask the same in SQL (`queries.OPEN`). Needs `service` and its pilot."""
        through = self.service.pilot.closed_through
        return through is None or self.month > through

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in FIGURES}

    @property
    def spelled(self) -> str:
        return spell(self.counts, self.source)


def spell(counts: Mapping[str, int], source: str) -> str:
    """A month's counts as one text, to see whether anything is another."""
    return ",".join(str(counts[name]) for name in FIGURES) + f",{source}"


class PilotCorrection(Model):
    """A figure that was changed after its month was closed; `was` None where nothing had been entered."""

    __tablename__ = "pilot_corrections"
    __scope__ = OwnedThrough("service")

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = points_to("pilot_services.id")
    month: Mapped[date]
    figure: Mapped[str] = mapped_column(sa.String(16))
    was: Mapped[int | None]
    now: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(500))
    changed_by: Mapped[int | None] = points_to("users.id")
    at: Mapped[datetime] = mapped_column(default=now)
    service: Mapped[PilotService] = relationship(lazy="raise_on_sql")
    changer: Mapped[User | None] = relationship(lazy="raise_on_sql")


append_only(PilotCorrection)
