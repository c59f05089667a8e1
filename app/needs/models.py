from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Organisation
from app.access.scope import Everyone, Nobody, OwnedBy, OwnedThrough
from app.catalogue.models import Competency
from app.core.clock import now
from app.core.db import Model, points_to
from app.core.status import Status, Worded
from app.people.models import Employee, Sex, TitleLevel

SCALE = 10_000
"""Ratings, gaps and weights carry four decimals; multiplied by this they are added as whole numbers."""


class RoundStatus(Status):
    """A closed round is opened again only with a reason, a published one never."""

    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    PUBLISHED = "published", "Published"

    @property
    def next(self) -> frozenset[Self]:
        moves: dict[str, set[str]] = {
            "draft": {"open"},
            "open": {"closed"},
            "closed": {"open", "published"},
            "published": set(),
        }
        return frozenset(type(self)(value) for value in moves[self.value])

    @property
    def tone(self) -> str:
        return {"open": "ok", "closed": "warn", "published": "full"}.get(self.value, "plain")


class Asking(Worded):
    """Who of the staff in scope is asked."""

    EVERYONE = "everyone", "Everyone"
    SAMPLE = "sample", "A sample of each institution"


class AssessmentRound(Model):
    """One training-needs analysis. `alpha` is the weight of the self rating (supervisor: 1 − alpha).

    `seed` makes the draw of a sample repeatable. `readers`: the roles (values) its notice names, which see who needs
    what, and `readers.SUPERVISOR`; `notice`: what it says besides; `paper`: whether answers on paper may be typed in.
    `follows_id`: the round whose people and competencies it asks about again. `designed`: it asks people itself; else
    its ratings come from workbooks, and needs follow each of them. `answers_gone_at`: since when single answers are
    destroyed, because their time was over; from then on only their sums are left.
    """

    __tablename__ = "assessment_rounds"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    name_tr: Mapped[str] = mapped_column(sa.String(160))
    name_en: Mapped[str] = mapped_column(sa.String(160))
    year: Mapped[int] = mapped_column(index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    status: Mapped[RoundStatus] = mapped_column(default=RoundStatus.DRAFT)
    alpha: Mapped[Decimal] = mapped_column(default=Decimal("0.5"))
    asking: Mapped[Asking] = mapped_column(default=Asking.EVERYONE)
    seed: Mapped[int] = mapped_column(default=0)
    notice: Mapped[str] = mapped_column(sa.Text, default="")
    readers: Mapped[list[Any]] = mapped_column(default=list)
    paper: Mapped[bool] = mapped_column(default=False)
    follows_id: Mapped[int | None] = points_to("assessment_rounds.id")
    designed: Mapped[bool] = mapped_column(default=False)
    answers_gone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class RoundPlace(Model):
    """A unit whose staff a round asks; `staff`: how many worked there when it was opened."""

    __tablename__ = "round_places"
    __scope__ = OwnedBy("organisation_id")
    __table_args__ = (sa.UniqueConstraint("round_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_rounds.id"))
    organisation_id: Mapped[int] = points_to("organisations.id")
    unit_id: Mapped[int] = points_to("units.id")
    staff: Mapped[int] = mapped_column(default=0)


class RoundItem(Model):
    """A competency in the questionnaire of a unit, at its place in it."""

    __tablename__ = "round_items"
    __scope__ = Everyone()
    __table_args__ = (sa.UniqueConstraint("round_id", "unit_id", "competency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_rounds.id"))
    unit_id: Mapped[int] = points_to("units.id")
    competency_id: Mapped[int] = points_to("competencies.id", stays=True)
    position: Mapped[int]
    competency: Mapped[Competency] = relationship(lazy="raise_on_sql")


class RoundChange(Model):
    """That a round became open, closed or published, and why."""

    __tablename__ = "round_changes"
    __scope__ = Nobody()

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = points_to("assessment_rounds.id")
    status: Mapped[RoundStatus]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    changed_by: Mapped[int | None] = points_to("users.id")
    at: Mapped[datetime] = mapped_column(default=now)


class Respondent(Model):
    """Who somebody was when a round met them. Figures read this row, and nothing that happens to the person changes it.

    `employee_id` is the record that was asked, at which ratings and needs point; `person_id` the one the person has
    today, which is another after a merge. `guessed`: an upgrade worked it out afterwards and could not be certain.
    """

    __tablename__ = "respondents"
    __scope__ = OwnedBy("organisation_id")
    __table_args__ = (sa.UniqueConstraint("round_id", "employee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_rounds.id"))
    employee_id: Mapped[int] = points_to("employees.id")
    person_id: Mapped[int] = points_to("employees.id")
    organisation_id: Mapped[int] = points_to("organisations.id")
    unit_id: Mapped[int] = points_to("units.id")
    title_id: Mapped[int] = points_to("titles.id", stays=True)
    title_level: Mapped[TitleLevel]
    sex: Mapped[Sex]
    supervisor_id: Mapped[int | None] = points_to("employees.id")
    guessed: Mapped[bool] = mapped_column(default=False)


class Told(Worded):
    """How somebody learnt of their questionnaire."""

    MAIL = "mail", "By e-mail"
    SLIP = "slip", "By a slip"
    PAPER = "paper", "On paper"


class Questionnaire(Model):
    """What a respondent was asked and how far they came; what they said of each competency stands in `Rating`.

    `told_at`, `told_by`: when and how they first learnt of it. `typed_by`: who typed it in from paper. The four texts
    are answers to open questions; `preferences` are codes of `answers.rules.PREFERENCES`.
    """

    __tablename__ = "questionnaires"
    __scope__ = OwnedThrough("respondent")
    __table_args__ = (sa.Index("ix_questionnaires_round_id_finished_at", "round_id", "finished_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    respondent_id: Mapped[int] = points_to("respondents.id", unique=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_rounds.id"))
    told_at: Mapped[datetime | None]
    told_by: Mapped[Told | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    typed_by: Mapped[int | None] = points_to("users.id")
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    past: Mapped[str] = mapped_column(sa.Text, default="")
    preferences: Mapped[list[Any]] = mapped_column(default=list)
    wish: Mapped[str] = mapped_column(sa.Text, default="")
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    respondent: Mapped[Respondent] = relationship(lazy="raise_on_sql")
    round: Mapped[AssessmentRound] = relationship(lazy="raise_on_sql")


def _of_respondent() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["round_id", "employee_id"], ["respondents.round_id", "respondents.employee_id"])


class RatingSource(Worded):
    SELF = "self", "Self-assessment"
    SUPERVISOR = "supervisor", "Supervisor assessment"


class Rating(Model):
    """Importance and current level (1–5) of one competency for one employee, from one source.

    While somebody is answering either may be missing; both are where the competency is not `relevant` to the job.
    """

    __tablename__ = "ratings"
    __scope__ = OwnedThrough("respondent")
    __table_args__ = (
        _of_respondent(),
        sa.UniqueConstraint("round_id", "employee_id", "competency_id", "source"),
        sa.Index("ix_ratings_competency_id", "competency_id", "round_id"),  # whether a round has any of it
        sa.CheckConstraint("importance BETWEEN 1 AND 5", name="importance"),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        sa.CheckConstraint("relevant OR (importance IS NULL AND level IS NULL)", name="relevant"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = points_to("assessment_rounds.id")
    employee_id: Mapped[int] = points_to("employees.id")
    competency_id: Mapped[int] = points_to("competencies.id", stays=True, index=False)
    source: Mapped[RatingSource]
    importance: Mapped[int | None]
    level: Mapped[int | None]
    relevant: Mapped[bool] = mapped_column(default=True)
    employee: Mapped[Employee] = relationship(lazy="raise_on_sql")
    respondent: Mapped[Respondent] = relationship(lazy="raise_on_sql", overlaps="employee,round")

    @property
    def answered(self) -> bool:
        """Whether nothing more is to be said: both values are there, or it is not part of the job."""
        return not self.relevant or (self.importance is not None and self.level is not None)


class Need(Model):
    """The combined rating of one competency for one employee: I, C, D = I − C, and whether that is a need.

    Recomputed from the ratings by the service that writes them, never typed. `weight` is 1 unless sampled.
    `self_level`/`supervisor_level` are kept for the divergence of the two sources.
    """

    __tablename__ = "needs"
    __scope__ = OwnedThrough("respondent")
    __table_args__ = (
        _of_respondent(),
        sa.UniqueConstraint("round_id", "employee_id", "competency_id"),
        sa.Index("ix_needs_round_competency", "round_id", "competency_id", "need", "gap", "importance"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = points_to("assessment_rounds.id")
    employee_id: Mapped[int] = points_to("employees.id")
    competency_id: Mapped[int] = points_to("competencies.id", stays=True)
    importance: Mapped[Decimal]
    level: Mapped[Decimal]
    gap: Mapped[Decimal]
    need: Mapped[bool]
    single_source: Mapped[bool]
    self_level: Mapped[int | None]
    supervisor_level: Mapped[int | None]
    weight: Mapped[Decimal] = mapped_column(default=Decimal(1))
    employee: Mapped[Employee] = relationship(lazy="raise_on_sql")
    respondent: Mapped[Respondent] = relationship(lazy="raise_on_sql", overlaps="employee,round")
    competency: Mapped[Competency] = relationship(lazy="raise_on_sql")
    round: Mapped[AssessmentRound] = relationship(lazy="raise_on_sql")


class PriorityClass(Worded):
    """How urgent a competency is, from its unrounded priority: 35 and more, 20 and more, above 0, 0."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"
    NONE = "none", "None"

    @property
    def tone(self) -> str:
        return {"high": "cancel", "medium": "warn", "low": "full"}.get(self.value, "plain")

    @property
    def icon(self) -> str:
        return {"high": "arrow-up", "medium": "equal", "low": "arrow-down"}.get(self.value, "minus")


def _one_each(table: str, whole: list[str], part: list[str]) -> Iterator[sa.Index]:
    """One row of an institution and competency (`whole`: by what else), and one of each of its parts."""
    of = ["round_id", "organisation_id", "competency_id"]
    for name, columns, which in (("institution", whole, "unit_id IS NULL"), ("part", part, "unit_id IS NOT NULL")):
        yield sa.Index(
            f"uq_{table}_{name}",
            *of,
            *columns,
            unique=True,
            sqlite_where=sa.text(which),
            postgresql_where=sa.text(which),
        )


class Summed:
    """The columns of sums over people; what each means stands at `rules.Sums`."""

    n: Mapped[int] = mapped_column(sort_order=1)
    needs: Mapped[int] = mapped_column(sort_order=1)
    weights: Mapped[int] = mapped_column(sa.BigInteger, sort_order=1)
    importance: Mapped[int] = mapped_column(sa.BigInteger, sort_order=1)
    level: Mapped[int] = mapped_column(sa.BigInteger, sort_order=1)
    gap_points: Mapped[int] = mapped_column(sa.BigInteger, sort_order=1)
    single: Mapped[int] = mapped_column(sort_order=1)
    paired: Mapped[int] = mapped_column(sort_order=1)
    own_minus_other: Mapped[int] = mapped_column(sort_order=1)


class NeedSum(Summed, Model):
    """The needs of a round added up over people: an institution's own, and those of its parts.

    Without unit and title group the row is the institution's; with them that of the respondents of such a unit and
    title group. Kept by `services.recompute_sums`, never typed.
    """

    __tablename__ = "need_sums"
    __scope__ = OwnedBy("organisation_id")
    __table_args__ = (
        *_one_each("need_sums", whole=[], part=["unit_id", "title_level"]),
        sa.Index("ix_need_sums_unit_id_round_id", "unit_id", "round_id"),
        sa.CheckConstraint("(unit_id IS NULL) = (title_level IS NULL)", name="part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_rounds.id"))
    organisation_id: Mapped[int] = points_to("organisations.id")
    competency_id: Mapped[int] = points_to("competencies.id", stays=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    title_level: Mapped[TitleLevel | None]


class SexSum(Summed, Model):
    """The same of women and of men apart: an institution's own (without unit), and its units'.

    A table of its own, read for those alone whom the notice of a round names: the rule of five looks at institutions,
    units and title groups, and a third way to divide the same people could be subtracted from those.
    """

    __tablename__ = "sex_sums"
    __scope__ = OwnedBy("organisation_id")
    __table_args__ = (
        *_one_each("sex_sums", whole=["sex"], part=["unit_id", "sex"]),
        sa.Index("ix_sex_sums_unit_id_round_id", "unit_id", "round_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_rounds.id"))
    organisation_id: Mapped[int] = points_to("organisations.id")
    competency_id: Mapped[int] = points_to("competencies.id", stays=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    sex: Mapped[Sex]


class ImportStatus(Status):
    STAGED = "staged", "Preview"
    COMMITTED = "committed", "Imported"
    DISCARDED = "discarded", "Discarded"

    @property
    def next(self) -> frozenset[Self]:
        staged = self.value == "staged"
        return frozenset({type(self)("committed"), type(self)("discarded")}) if staged else frozenset()


class RatingsImport(Model):
    """A filled ratings workbook, read and waiting for a yes.

    `rows` are what would be stored, `errors` what is wrong (see `ratings.rules`); `counts` what was done. Once it
    was carried out or thrown away the rows are emptied: the ratings themselves stand elsewhere.
    """

    __tablename__ = "ratings_imports"
    __scope__ = OwnedBy("organisation_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = points_to("assessment_rounds.id")
    organisation_id: Mapped[int] = points_to("organisations.id")
    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    status: Mapped[ImportStatus] = mapped_column(default=ImportStatus.STAGED)
    rows: Mapped[list[Any]]
    errors: Mapped[list[Any]]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_by: Mapped[int] = points_to("users.id")
    created_at: Mapped[datetime] = mapped_column(default=now)
    committed_at: Mapped[datetime | None]
    round: Mapped[AssessmentRound] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
