from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from app.access.models import Organisation, Province, User
from app.access.scope import OwnedBy, OwnedThrough
from app.catalogue.models import Theme
from app.core.clock import now
from app.core.db import Model, points_to
from app.core.search import folded
from app.core.status import Status, Worded
from app.programme.asks.models import Asks


class StudyMethod(Worded):
    HOUSEHOLD_SURVEY = "household_survey", "Household survey"
    FOCUS_GROUP = "focus_group", "Focus group"
    INTERVIEW = "interview", "Interview"


class StudyStage(Status):
    """What a study is in; from each one step on, or one back."""

    DESIGN = "design", "Design"
    DEVELOPMENT = "development", "Development"
    FIELDWORK = "fieldwork", "Fieldwork"
    ANALYSIS = "analysis", "Analysis"
    DONE = "done", "Done"

    @property
    def next(self) -> frozenset[Self]:
        return frozenset(each for each in (self.forward, self.backward) if each is not None)

    @property
    def forward(self) -> Self | None:
        return self._beside(1)

    @property
    def backward(self) -> Self | None:
        return self._beside(-1)

    def _beside(self, step: int) -> Self | None:
        stages = list(type(self))
        at = stages.index(self) + step
        return stages[at] if 0 <= at < len(stages) else None

    @property
    def tone(self) -> str:
        return "ok" if self.value == "done" else "plain"


class StudyStep(Worded):
    """What is to be done in a stage before the next one begins; the same in every study."""

    QUESTIONS = "questions", "Aim and research questions are written"
    SAMPLE = "sample", "Sample and districts are settled"
    ETHICS = "ethics", "Ethics and consent text are approved"
    TOOLS = "tools", "Questionnaires are ready in all languages"
    TRIAL = "trial", "A trial was held"
    TEAM = "team", "The field team is trained"
    PERMITS = "permits", "Permissions are there, districts are informed"
    ASKED = "asked", "The planned interviews are held"
    CHECKED = "checked", "The quality of the data was checked"
    CLEANED = "cleaned", "Data are cleaned and made anonymous"
    FINDINGS = "findings", "Findings are written and verified"
    REPORT = "report", "The report is attached"
    SUMMARY = "summary", "The public summary is written"


STEPS: dict[StudyStage, tuple[StudyStep, ...]] = {
    StudyStage.DESIGN: (StudyStep.QUESTIONS, StudyStep.SAMPLE, StudyStep.ETHICS),
    StudyStage.DEVELOPMENT: (StudyStep.TOOLS, StudyStep.TRIAL, StudyStep.TEAM),
    StudyStage.FIELDWORK: (StudyStep.PERMITS, StudyStep.ASKED, StudyStep.CHECKED),
    StudyStage.ANALYSIS: (StudyStep.CLEANED, StudyStep.FINDINGS, StudyStep.REPORT, StudyStep.SUMMARY),
    StudyStage.DONE: (),
}


class FieldStudy(Model):
    """A field study of needs in a province. `…_on`: the day by which a stage ends; once it has ended, that day.
    `steps`: values of `StudyStep` that are done. `lead`: the institution or team, no person.

    `planned` and `held`: its interviews, `verified`: its findings that are, where it was loaded with that.
    """

    __tablename__ = "field_studies"
    __scope__ = OwnedBy("province_id", of="audience_provinces")

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = points_to("provinces.id")
    title_tr: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(200), default="")
    method: Mapped[StudyMethod]
    stage: Mapped[StudyStage] = mapped_column(default=StudyStage.DESIGN)
    design_on: Mapped[date | None]
    development_on: Mapped[date | None]
    fieldwork_on: Mapped[date | None]
    analysis_on: Mapped[date | None]
    steps: Mapped[list[Any]] = mapped_column(default=list)
    lead: Mapped[str] = mapped_column(sa.String(200), default="")
    summary_tr: Mapped[str] = mapped_column(sa.Text, default="")
    summary_en: Mapped[str] = mapped_column(sa.Text, default="")
    report_id: Mapped[int | None] = points_to("documents.id")
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province] = relationship(lazy="raise_on_sql")
    planned: Mapped[int | None] = query_expression()
    held: Mapped[int | None] = query_expression()
    verified: Mapped[int | None] = query_expression()

    __mapper_args__ = {"version_id_col": version}

    def ends_on(self, stage: StudyStage) -> date | None:
        found: date | None = getattr(self, f"{stage.value}_on", None)
        return found

    def open_steps(self) -> list[StudyStep]:
        """Steps of its stage that are not done."""
        return [step for step in STEPS[self.stage] if step.value not in self.steps]


class StudyDistrict(Model):
    """How many interviews are planned with women and men of a district, which is its municipality."""

    __tablename__ = "study_districts"
    __scope__ = OwnedThrough("study")
    __table_args__ = (
        sa.UniqueConstraint("study_id", "organisation_id"),
        sa.CheckConstraint("planned_women >= 0 AND planned_men >= 0", name="planned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = points_to("field_studies.id")
    organisation_id: Mapped[int] = points_to("organisations.id")
    planned_women: Mapped[int] = mapped_column(default=0)
    planned_men: Mapped[int] = mapped_column(default=0)
    study: Mapped[FieldStudy] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class StudyInterviews(Model):
    """Interviews held in a district on a day."""

    __tablename__ = "study_interviews"
    __scope__ = OwnedThrough("district")
    __table_args__ = (
        sa.UniqueConstraint("district_id", "day"),
        sa.CheckConstraint("women >= 0 AND men >= 0", name="held"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = points_to("study_districts.id")
    day: Mapped[date]
    women: Mapped[int] = mapped_column(default=0)
    men: Mapped[int] = mapped_column(default=0)
    entered_by: Mapped[int | None] = points_to("users.id")
    entered_at: Mapped[datetime] = mapped_column(default=now)
    district: Mapped[StudyDistrict] = relationship(lazy="raise_on_sql")


class FindingStrength(Worded):
    STRONG = "strong", "Strong"
    MEDIUM = "medium", "Medium"
    WEAK = "weak", "Weak"


class FindingStatus(Status):
    DRAFT = "draft", "Draft"
    VERIFIED = "verified", "Verified"
    WITHDRAWN = "withdrawn", "Retracted"

    @property
    def next(self) -> frozenset[Self]:
        """A withdrawn one may be looked into again."""
        moves: dict[str, set[str]] = {
            "draft": {"verified"},
            "verified": {"draft", "withdrawn"},
            "withdrawn": {"draft"},
        }
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def tone(self) -> str:
        return {"verified": "ok", "withdrawn": "cancel"}.get(self.value, "plain")


class Finding(Model):
    """What a study found. `share` in tenths of a percent, `n` the number it is a share of. `rests_on`: the table or
    figure of the report. A draft is seen by those who write it, the others by all who read the study.

    `asks`: how many competencies it supports, `rows`: how many rows of plans rest on it, where it was loaded with that.
    """

    __tablename__ = "findings"
    __scope__ = OwnedThrough("study")
    __table_args__ = (sa.CheckConstraint("share IS NULL OR share BETWEEN 0 AND 1000", name="share"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = points_to("field_studies.id")
    theme_id: Mapped[int] = points_to("themes.id")
    statement_tr: Mapped[str] = mapped_column(sa.String(500))
    statement_en: Mapped[str] = mapped_column(sa.String(500), default="")
    strength: Mapped[FindingStrength]
    share: Mapped[int | None]
    n: Mapped[int | None]
    rests_on: Mapped[str] = mapped_column(sa.String(200), default="")
    search_text: Mapped[str] = folded(1001, "statement_tr", "statement_en")
    status: Mapped[FindingStatus] = mapped_column(default=FindingStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    study: Mapped[FieldStudy] = relationship(lazy="raise_on_sql")
    theme: Mapped[Theme] = relationship(lazy="raise_on_sql")
    asks: Mapped[int | None] = query_expression()
    rows: Mapped[int | None] = query_expression()

    __mapper_args__ = {"version_id_col": version}


class FindingAsk(Asks, Model):
    """A finding supports a competency."""

    __tablename__ = "finding_asks"
    __scope__ = OwnedThrough("finding")
    __table_args__ = (sa.UniqueConstraint("finding_id", "competency_id"),)

    finding_id: Mapped[int] = points_to("findings.id")
    finding: Mapped[Finding] = relationship(lazy="raise_on_sql")


class StudyMove(Worded):
    STAGE = "stage", "Stage"
    REPORT = "report", "Report"
    FINDING = "finding", "Finding"
    ASK = "ask", "Competency"


CHANGED = "changed"


class StudyChange(Model):
    """What became of a study or of one of its findings. `new`: the state it came to, or that a draft says
    something else (`CHANGED`); of an ask its `AskMove`.
    """

    __tablename__ = "study_changes"
    __scope__ = OwnedThrough("study")

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = points_to("field_studies.id")
    finding_id: Mapped[int | None] = points_to("findings.id")
    kind: Mapped[StudyMove]
    new: Mapped[str] = mapped_column(sa.String(32), default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    changed_by: Mapped[int | None] = points_to("users.id")
    at: Mapped[datetime] = mapped_column(default=now)
    study: Mapped[FieldStudy] = relationship(lazy="raise_on_sql")
    changer: Mapped[User | None] = relationship(lazy="raise_on_sql")
