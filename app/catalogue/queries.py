from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.catalogue.models import (
    Competency,
    Course,
    CourseCompetency,
    CourseLevel,
    CoursePrerequisite,
    CourseTitle,
    DeliveryMode,
    Theme,
)
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.core.search import matches
from app.people.models import Title

COURSE_SORTS: dict[str, tuple[Any, ...]] = {
    "theme": (Theme.position, Course.code, Course.id),
    "code": (Course.code, Course.id),
    "name": (Course.name_sort, Course.id),
    "hours": (Course.hours, Course.code, Course.id),
}


@dataclass(frozen=True)
class CourseRow:
    """A line of the catalogue."""

    id: int
    code: str
    name_tr: str
    name_en: str
    theme_tr: str
    theme_en: str
    level: CourseLevel
    delivery_mode: DeliveryMode
    hours: int
    days: int
    min_participants: int
    max_participants: int
    has_test: bool
    active: bool


@dataclass(frozen=True)
class Links:
    """The ids of what a course is joined to; for its form."""

    competency_ids: tuple[int, ...] = ()
    title_ids: tuple[int, ...] = ()
    required_ids: tuple[int, ...] = ()


def courses(query: ListQuery) -> Rows[CourseRow]:
    """The catalogue. Filters: theme, level, mode, competency, active ("no": no longer offered, "all")."""
    return Rows(_ids(query), COURSE_SORTS[query.sort], query, _rows)


def _ids(query: ListQuery) -> sa.Select[Any]:
    ids = sa.select(Course.id).where(matches(Course, query.q))
    if query.filter("active") != "all":
        ids = ids.where(Course.active == (sa.false() if query.filter("active") == "no" else sa.true()))
    columns = {"theme": Course.theme_id, "level": Course.level, "mode": Course.delivery_mode}
    ids = narrowed(ids, query, columns)
    if (competency_id := query.filter_id("competency")) is not None:
        builds = sa.select(CourseCompetency.course_id).where(CourseCompetency.competency_id == competency_id)
        ids = ids.where(Course.id.in_(builds))
    if query.sort == "theme":
        ids = ids.join(Theme, Theme.id == Course.theme_id)
    return ids


def _lines() -> sa.Select[Any]:
    """The columns of `CourseRow`."""
    columns: tuple[Any, ...] = (
        Course.id,
        Course.code,
        Course.name_tr,
        Course.name_en,
        Theme.name_tr,
        Theme.name_en,
        Course.level,
        Course.delivery_mode,
        Course.hours,
        Course.days,
        Course.min_participants,
        Course.max_participants,
        Course.has_test,
        Course.active,
    )
    return sa.select(*columns).join(Theme, Theme.id == Course.theme_id)


def _rows(keys: Sequence[int]) -> Sequence[CourseRow]:
    found: Sequence[Any] = db.session.execute(_lines().where(Course.id.in_(keys))).all()
    return in_order(keys, [CourseRow(*row) for row in found], lambda row: row.id)


def found_courses(typed: str) -> sa.Select[Any]:
    """The courses on offer a typed text finds, with code and theme, as `web.parts.Sought` asks for them."""
    names = Course.code + " " + Course.name_tr, Course.code + " " + Course.name_en
    columns: tuple[Any, ...] = (Course.id, *names, Theme.name_tr, Theme.name_en)
    found = sa.select(*columns).join(Theme, Theme.id == Course.theme_id)
    return found.where(matches(Course, typed), Course.active.is_(True))


def course(course_id: int) -> Course:
    """One course with its theme; Missing where there is none. Courses no longer offered too: sessions had them."""
    found = db.session.scalar(sa.select(Course).where(Course.id == course_id).options(joinedload(Course.theme)))
    if found is None:
        raise Missing
    return found


def competencies_of(course: Course) -> Sequence[Competency]:
    """What a course builds, with theme, by theme and name."""
    return db.session.scalars(
        sa.select(Competency)
        .join(CourseCompetency, CourseCompetency.competency_id == Competency.id)
        .join(Competency.theme)
        .options(contains_eager(Competency.theme))
        .where(CourseCompetency.course_id == course.id)
        .order_by(Theme.position, Competency.name_sort, Competency.id)
    ).all()


def built_by(course_id: Any) -> sa.CompoundSelect[Any]:
    """The ids of what a course builds, and of what became part of that: needs stay with what was rated."""
    builds = CourseCompetency.course_id == course_id
    own = sa.select(CourseCompetency.competency_id.label("id")).where(builds)
    parts = sa.select(Competency.id).join(CourseCompetency, CourseCompetency.competency_id == Competency.merged_into_id)
    return sa.union_all(own, parts.where(builds))


def titles_of(course: Course) -> Sequence[Title]:
    """Whom a course is meant for."""
    return db.session.scalars(
        sa.select(Title)
        .join(CourseTitle, CourseTitle.title_id == Title.id)
        .where(CourseTitle.course_id == course.id)
        .order_by(Title.name_sort, Title.id)
    ).all()


def prerequisites_of(course: Course) -> Sequence[Course]:
    """What must be completed before a course."""
    return db.session.scalars(
        sa.select(Course)
        .join(CoursePrerequisite, CoursePrerequisite.required_id == Course.id)
        .where(CoursePrerequisite.course_id == course.id)
        .order_by(Course.code, Course.id)
    ).all()


def prerequisites() -> dict[int, set[int]]:
    """The whole net: the courses each course asks for itself."""
    found: dict[int, set[int]] = {}
    pairs = sa.select(CoursePrerequisite.course_id, CoursePrerequisite.required_id)
    for course_id, required_id in db.session.execute(pairs):
        found.setdefault(course_id, set()).add(required_id)
    return found


def links(course: Course) -> Links:
    """What a course is joined to, by id, in a fixed order; one statement."""
    columns = (
        (CourseCompetency.competency_id, CourseCompetency.course_id),
        (CourseTitle.title_id, CourseTitle.course_id),
        (CoursePrerequisite.required_id, CoursePrerequisite.course_id),
    )
    parts = (
        sa.select(sa.literal(kind).label("kind"), column.label("id")).where(owner == course.id)
        for kind, (column, owner) in enumerate(columns)
    )
    ids: tuple[list[int], ...] = ([], [], [])
    for kind, key in db.session.execute(sa.union_all(*parts).order_by("kind", "id")):
        ids[kind].append(key)
    return Links(*map(tuple, ids))


def themes(*kept: int | None) -> Sequence[Theme]:
    """Those a form offers, and those the thing has."""
    return db.session.scalars(sa.select(Theme).where(Theme.offered(*kept)).order_by(Theme.position, Theme.id)).all()


def competencies(*kept: int) -> Sequence[Competency]:
    """Those a form offers, and those the thing has, with their theme, by theme and name."""
    return db.session.scalars(
        sa.select(Competency)
        .join(Competency.theme)
        .options(contains_eager(Competency.theme))
        .where(Competency.offered(*kept))
        .order_by(Theme.position, Competency.name_sort, Competency.id)
    ).all()


@dataclass(frozen=True)
class Choice:
    """Something a list can be filtered by."""

    id: int
    name_tr: str
    name_en: str


def choices() -> tuple[Sequence[Choice], Sequence[Choice]]:
    """Themes and competencies the list can be filtered by, in their order; one statement."""
    none, first = sa.literal(""), sa.literal(0)
    themes = sa.select(
        first.label("kind"), Theme.id, Theme.name_tr, Theme.name_en, Theme.position.label("place"), none.label("sort")
    )
    built = sa.select(sa.literal(1), Competency.id, Competency.name_tr, Competency.name_en, first, Competency.name_sort)
    there = (themes.where(Theme.merged_into_id.is_(None)), built.where(Competency.merged_into_id.is_(None)))
    found: Sequence[Any] = db.session.execute(sa.union_all(*there).order_by("kind", "place", "sort")).all()
    return [Choice(*row[1:4]) for row in found if row[0] == 0], [Choice(*row[1:4]) for row in found if row[0] == 1]


def offered_courses(besides: Course | None, kept: Collection[int]) -> Sequence[Course]:
    """Courses on offer besides one, and those of `kept` whether on offer or not, by code; for choices."""
    offered = sa.or_(Course.active.is_(True), Course.id.in_(kept))
    other = sa.true() if besides is None else Course.id != besides.id
    return db.session.scalars(sa.select(Course).where(offered, other).order_by(Course.code, Course.id)).all()


def code_taken(code: str, *, besides: int | None = None) -> bool:
    statement = sa.select(Course.id).where(Course.code == code)
    if besides is not None:
        statement = statement.where(Course.id != besides)
    return db.session.scalar(statement.limit(1)) is not None
