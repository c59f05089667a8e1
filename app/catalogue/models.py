from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.scope import Everyone
from app.core.db import Model, points_to
from app.core.search import searchable
from app.core.status import Worded
from app.people.models import Title
from app.people.terms import Term


class Theme(Term, Model):
    """One of the ten problem areas of the programme."""

    __tablename__ = "themes"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    prefix: Mapped[str] = mapped_column(sa.String(2), unique=True)
    position: Mapped[int]
    name_tr: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    description_tr: Mapped[str] = mapped_column(sa.String(500))
    description_en: Mapped[str] = mapped_column(sa.String(500))
    merged_into_id: Mapped[int | None] = points_to("themes.id")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class CapacityArea(Model):
    __tablename__ = "capacity_areas"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name_tr: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))


class Competency(Term, Model):
    """Something a job requires; one theme, one capacity area. `name_key` is the folded Turkish name."""

    __tablename__ = "competencies"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    theme_id: Mapped[int] = points_to("themes.id")
    capacity_area_id: Mapped[int] = points_to("capacity_areas.id")
    name_tr: Mapped[str] = mapped_column(sa.String(160))
    name_en: Mapped[str] = mapped_column(sa.String(160))
    name_key: Mapped[str] = mapped_column(sa.String(160), index=True)
    name_sort: Mapped[str] = mapped_column(sa.String(700))
    merged_into_id: Mapped[int | None] = points_to("competencies.id")
    version: Mapped[int] = mapped_column(default=1)
    theme: Mapped[Theme] = relationship(lazy="raise_on_sql")
    capacity_area: Mapped[CapacityArea] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class CourseLevel(Worded):
    BASIC = "basic", "Basic"
    INTERMEDIATE = "intermediate", "Intermediate"
    ADVANCED = "advanced", "Advanced"


class DeliveryMode(Worded):
    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    BLENDED = "blended", "Blended"


class Course(Model):
    """What can be taught. Threshold, pass mark and documents are copied to a session when it opens."""

    __tablename__ = "courses"
    __scope__ = Everyone()
    __table_args__ = (
        sa.CheckConstraint("min_participants >= 1 AND max_participants >= min_participants", name="participants"),
        sa.CheckConstraint("threshold BETWEEN 0 AND 100", name="threshold"),
        sa.CheckConstraint("pass_mark IS NULL OR pass_mark BETWEEN 0 AND 100", name="pass_mark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(8), unique=True)
    theme_id: Mapped[int] = points_to("themes.id")
    name_tr: Mapped[str] = mapped_column(sa.String(160))
    name_en: Mapped[str] = mapped_column(sa.String(160))
    name_sort: Mapped[str] = mapped_column(sa.String(700), index=True)
    search_text: Mapped[str] = mapped_column(sa.String(400))
    hours: Mapped[int]
    days: Mapped[int]
    level: Mapped[CourseLevel]
    delivery_mode: Mapped[DeliveryMode]
    min_participants: Mapped[int]
    max_participants: Mapped[int]
    has_test: Mapped[bool]
    pass_mark: Mapped[int | None]
    threshold: Mapped[int] = mapped_column(default=80)
    attendance_document_on_fail: Mapped[bool] = mapped_column(default=True)
    sheet_required: Mapped[bool] = mapped_column(default=True)
    objectives_tr: Mapped[str] = mapped_column(sa.Text)
    objectives_en: Mapped[str] = mapped_column(sa.Text)
    target_units: Mapped[list[str]] = mapped_column(sa.JSON)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    theme: Mapped[Theme] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class CourseCompetency(Model):
    """A course builds a competency."""

    __tablename__ = "course_competencies"
    __scope__ = Everyone()
    __table_args__ = (sa.UniqueConstraint("course_id", "competency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = points_to("courses.id")
    competency_id: Mapped[int] = points_to("competencies.id")
    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    competency: Mapped[Competency] = relationship(lazy="raise_on_sql")


class CourseTitle(Model):
    """A course is meant for a title (eligible)."""

    __tablename__ = "course_titles"
    __scope__ = Everyone()
    __table_args__ = (sa.UniqueConstraint("course_id", "title_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = points_to("courses.id")
    title_id: Mapped[int] = points_to("titles.id")
    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    title: Mapped[Title] = relationship(lazy="raise_on_sql")


class CoursePrerequisite(Model):
    """A course asks that another was completed first."""

    __tablename__ = "course_prerequisites"
    __scope__ = Everyone()
    __table_args__ = (sa.UniqueConstraint("course_id", "required_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = points_to("courses.id")
    required_id: Mapped[int] = points_to("courses.id")
    required: Mapped[Course] = relationship(lazy="raise_on_sql", foreign_keys=[required_id])


searchable(Course)
