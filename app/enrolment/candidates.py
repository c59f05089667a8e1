"""Whom one could put on a session's list: found by name, or suggested because of a gap."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access.scope import EVERYWHERE, Scope
from app.catalogue.models import CourseTitle
from app.core.db import db
from app.core.errors import Missing, Refused
from app.core.search import matches
from app.enrolment import queries
from app.enrolment.completed import completed_courses
from app.enrolment.list_queries import CURRENT
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.enrolment.obstacles import Obstacle, obstacles
from app.language import in_language, lazy_gettext
from app.needs import queries as needs
from app.people.models import Employee, Sex
from app.training.models import CourseSession, SessionStatus

LEAST_TYPED = 2
RUNNING = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.POSTPONED)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be put on the list. `why`: the competency with its gap, for a suggestion."""

    employee_id: int
    name: str
    organisation: str
    title: str
    sex: Sex
    why: str = ""
    gap: Decimal | None = None
    high: bool = False


def _candidates(statement: sa.Select[Any]) -> list[Candidate]:
    rows = db.session.scalars(
        statement.join(Employee.organisation)
        .join(Employee.title)
        .options(contains_eager(Employee.organisation), contains_eager(Employee.title))
    )
    return [
        Candidate(
            row.id,
            row.name,
            in_language(row.organisation, "name"),
            in_language(row.title, "name"),
            row.sex,
        )
        for row in rows
    ]


def _listed_already(course_session: CourseSession) -> sa.Select[Any]:
    return sa.select(Enrolment.employee_id).where(
        Enrolment.course_session_id == course_session.id, Enrolment.status.in_(CURRENT)
    )


def _not_listed(scope: Scope, course_session: CourseSession) -> sa.Select[Any]:
    """People the scope sees who are on the staff and not yet on the session's list."""
    listed = sa.select(Enrolment.employee_id).where(
        Enrolment.course_session_id == course_session.id, Enrolment.status.in_(CURRENT)
    )
    statement: sa.Select[Any] = scope.trusting(scope.select(Employee), Enrolment)
    return statement.where(Employee.active.is_(True), Employee.merged_into_id.is_(None), Employee.id.not_in(listed))


def found_people(scope: Scope, course_session: CourseSession, typed: str, limit: int = 30) -> list[Candidate]:
    """People this scope sees whose name, number or address holds what was typed and who are not on the list yet."""
    if len(typed.strip()) < LEAST_TYPED:
        return []
    statement = _not_listed(scope, course_session).where(matches(Employee, typed))
    return _candidates(statement.order_by(Employee.name_sort, Employee.id).limit(limit))


def ticked_people(scope: Scope, course_session: CourseSession, keys: Collection[int]) -> list[Candidate]:
    """People who had been ticked when a form came back."""
    if not keys:
        return []
    statement = _not_listed(scope, course_session).where(Employee.id.in_(keys))
    return _candidates(statement.order_by(Employee.name_sort, Employee.id))


def suggested_people(scope: Scope, course_session: CourseSession, limit: int = 40) -> list[Candidate]:
    """People this scope sees with a gap in what the course builds and an eligible title, who neither have a place in
    this course nor completed it; largest gap first, with the reason.
    """
    titles = db.session.scalars(
        sa.select(CourseTitle.title_id).where(CourseTitle.course_id == course_session.course_id)
    ).all()
    found = needs.needy(scope, queries.competency_ids(course_session), titles)
    keys = [one.employee_id for one in found]
    left_out = _in_this_course(course_session, keys) | set(completed_courses(keys, [course_session.course_id]))
    chosen = {one.employee_id: one for one in found if one.employee_id not in left_out}
    first = list(chosen)[:limit]
    if not first:
        return []
    people = _candidates(EVERYWHERE.select(Employee).where(Employee.id.in_(first)))
    by_id = {one.employee_id: one for one in people}
    return [
        replace(by_id[key], why=chosen[key].competency, gap=chosen[key].gap, high=chosen[key].high)
        for key in first
        if key in by_id
    ]


def _in_this_course(course_session: CourseSession, keys: Collection[int]) -> set[int]:
    """Those of these people who are on the list of this session or of another one of its course."""
    statement = (
        EVERYWHERE.restrict(sa.select(Enrolment.employee_id), Enrolment, CourseSession)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .where(
            Enrolment.employee_id.in_(keys),
            Enrolment.status.in_(CURRENT),
            CourseSession.course_id == course_session.course_id,
            CourseSession.status.in_(RUNNING),
        )
    )
    return set(db.session.scalars(statement))


def employees(scope: Scope, keys: Collection[int]) -> Sequence[Employee]:
    """Those of these people the scope sees, by name."""
    return db.session.scalars(
        scope.select(Employee).where(Employee.id.in_(keys)).order_by(Employee.name_sort, Employee.id)
    ).all()


def chosen(scope: Scope, keys: Collection[int]) -> Sequence[Employee]:
    """The people ticked in a form; Missing if one of them is nobody this scope sees."""
    if not keys:
        raise Refused(lazy_gettext("Tick at least one person."))
    found = employees(scope, keys)
    if len(found) != len(set(keys)):
        raise Missing
    return found


def many_this_quarter(employee_ids: Collection[int], course_session: CourseSession, limit: int = 2) -> set[int]:
    """Those of these people who already hold seats in `limit` or more other sessions of the session's quarter."""
    start = course_session.starts_on
    if start is None or not employee_ids:
        return set()
    first = start.replace(month=3 * ((start.month - 1) // 3) + 1, day=1)
    last = first.replace(year=first.year + 1, month=1) if first.month == 10 else first.replace(month=first.month + 3)
    rows = db.session.scalars(
        EVERYWHERE.restrict(sa.select(Enrolment.employee_id), Enrolment, CourseSession)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .where(
            Enrolment.employee_id.in_(employee_ids),
            Enrolment.status.in_(SEAT_HOLDING),
            CourseSession.id != course_session.id,
            CourseSession.starts_on >= first,
            CourseSession.starts_on < last,
            CourseSession.status.not_in(["cancelled", "postponed"]),
        )
        .group_by(Enrolment.employee_id)
        .having(sa.func.count() >= limit)
    )
    return set(rows)


@dataclass(frozen=True)
class Choice:
    """What the page offers to tick, and what is to be known about each of them before."""

    typed: str
    found: Sequence[Candidate]
    suggested: Sequence[Candidate]
    ticked: Collection[int] = ()
    warnings: dict[int, list[Obstacle]] = field(default_factory=dict)
    often: Collection[int] = ()


def choice(scope: Scope, course_session: CourseSession, typed: str, ticked: Collection[int]) -> Choice:
    """People found for what was typed (or who had been ticked already), and those suggested besides."""
    found = found_people(scope, course_session, typed) or ticked_people(scope, course_session, ticked)
    there = {one.employee_id for one in found}
    suggested = [one for one in suggested_people(scope, course_session) if one.employee_id not in there]
    keys = there | {one.employee_id for one in suggested}
    return Choice(
        typed,
        found,
        suggested,
        frozenset(ticked),
        obstacles(course_session, keys),
        many_this_quarter(keys, course_session),
    )
