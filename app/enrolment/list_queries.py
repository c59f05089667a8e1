"""The lists: who is on a session's list, whom one could put on it, what waits for a focal point."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Organisation
from app.access.scope import EVERYWHERE, Scope
from app.catalogue.models import CourseTitle
from app.core.db import db
from app.core.paging import ListQuery, Page, in_order
from app.core.search import matches
from app.enrolment import queries
from app.enrolment.completed import completed_courses
from app.enrolment.models import SEAT_HOLDING, WAITING, Answer, Enrolment, EnrolmentStatus
from app.language import in_language
from app.needs import queries as needs
from app.people.models import Employee, Sex
from app.training.models import CourseSession

CURRENT = (*SEAT_HOLDING, *WAITING)


@dataclass(frozen=True)
class Row:
    """One line of a session's list. Institution, unit and title in the reader's language."""

    id: int
    employee_id: int
    name: str
    organisation: str
    unit: str
    title: str
    registry_no: str
    sex: Sex
    status: EnrolmentStatus
    answer: Answer
    priority: int
    queued_at: datetime


ENROLMENT_SORTS = {
    "name": (Employee.name_sort, Enrolment.id),
    "organisation": (Organisation.name_sort, Employee.name_sort, Enrolment.id),
    "status": (Enrolment.status, Employee.name_sort, Enrolment.id),
    "queue": (Enrolment.priority, Enrolment.queued_at, Enrolment.id),
}


def _listed(scope: Scope, course_session: CourseSession, query: ListQuery) -> sa.Select[Any]:
    ids = (
        scope.trusting(scope.restrict(sa.select(Enrolment.id), Enrolment), Employee)
        .join(Enrolment.employee)
        .join(Employee.organisation)
        .where(Enrolment.course_session_id == course_session.id, matches(Employee, query.q))
    )
    state = query.filter("status")
    if state == "ended":
        ids = ids.where(Enrolment.status.not_in(CURRENT))
    elif state:
        ids = ids.where(Enrolment.status == state)
    else:
        ids = ids.where(Enrolment.status.in_(CURRENT))
    return ids  # type: ignore[no-any-return]  # trusting() keeps the statement's kind


def _load(keys: Sequence[int]) -> Sequence[Row]:
    found = db.session.scalars(
        EVERYWHERE.restrict(sa.select(Enrolment), Enrolment, Employee)
        .join(Enrolment.employee)
        .where(Enrolment.id.in_(keys))
        .options(
            contains_eager(Enrolment.employee).joinedload(Employee.organisation),
            contains_eager(Enrolment.employee).joinedload(Employee.unit),
            contains_eager(Enrolment.employee).joinedload(Employee.title),
        )
    )
    rows = [
        Row(
            row.id,
            row.employee_id,
            row.employee.name,
            in_language(row.employee.organisation, "name"),
            in_language(row.employee.unit, "name"),
            in_language(row.employee.title, "name"),
            row.employee.registry_no,
            row.employee.sex,
            row.status,
            row.answer,
            row.priority,
            row.queued_at,
        )
        for row in found
    ]
    return in_order(keys, rows, lambda row: row.id)


def enrolments(scope: Scope, course_session: CourseSession, query: ListQuery) -> Page[Row]:
    """A session's list as far as this scope sees it. Filter `status`: a status, `ended`, or nothing for all current."""
    return Page.of(_listed(scope, course_session, query), ENROLMENT_SORTS[query.sort], query, _load)


def all_enrolments(scope: Scope, course_session: CourseSession, query: ListQuery) -> Sequence[Row]:
    return Page.everything(_listed(scope, course_session, query), ENROLMENT_SORTS[query.sort], query, _load)


@dataclass(frozen=True)
class Counts:
    """How many of a session's people, as far as a scope sees them, stand where; and women and men with a seat."""

    states: dict[EnrolmentStatus, int]
    seats: dict[Sex, int]

    @property
    def current(self) -> int:
        return sum(number for status, number in self.states.items() if status in CURRENT)

    @property
    def ended(self) -> int:
        return sum(number for status, number in self.states.items() if status not in CURRENT)

    @property
    def seated(self) -> int:
        return sum(self.seats.values())


def counts(scope: Scope, course_session: CourseSession) -> Counts:
    rows = db.session.execute(
        scope.trusting(scope.restrict(sa.select(Enrolment.status, Employee.sex, sa.func.count()), Enrolment), Employee)
        .join(Enrolment.employee)
        .where(Enrolment.course_session_id == course_session.id)
        .group_by(Enrolment.status, Employee.sex)
    )
    states: dict[EnrolmentStatus, int] = {}
    seats: dict[Sex, int] = {}
    for status, sex, number in rows:
        states[status] = states.get(status, 0) + number
        if status in SEAT_HOLDING:
            seats[sex] = seats.get(sex, 0) + number
    return Counts({status: states[status] for status in EnrolmentStatus if status in states}, seats)


# --- whom one could add ---------------------------------------------------------------------------------


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


def found_people(scope: Scope, course_session: CourseSession, typed: str, limit: int = 30) -> list[Candidate]:
    """People this scope sees whose name, number or address holds what was typed and who are not on the list yet."""
    if len(typed.strip()) < 2:
        return []
    statement = (
        scope.trusting(scope.select(Employee), Enrolment)
        .where(
            matches(Employee, typed),
            Employee.active.is_(True),
            Employee.merged_into_id.is_(None),
            Employee.id.not_in(_listed_already(course_session)),
        )
        .order_by(Employee.name_sort, Employee.id)
        .limit(limit)
    )
    return _candidates(statement)


def suggested_people(scope: Scope, course_session: CourseSession, limit: int = 60) -> list[Candidate]:
    """People this scope sees with a gap in what the course builds and an eligible title who have not completed it
    and are not on its list, largest gap first, with the reason.
    """
    titles = db.session.scalars(
        sa.select(CourseTitle.title_id).where(CourseTitle.course_id == course_session.course_id)
    ).all()
    found = needs.needy(scope, queries.competency_ids(course_session), titles)
    keys = [one.employee_id for one in found]
    listed = set(
        db.session.scalars(
            EVERYWHERE.restrict(sa.select(Enrolment.employee_id), Enrolment)
            .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
            .where(
                Enrolment.employee_id.in_(keys),
                Enrolment.status.in_(CURRENT),
                sa.or_(
                    CourseSession.id == course_session.id,
                    sa.and_(
                        CourseSession.course_id == course_session.course_id,
                        CourseSession.status.in_(["open", "confirmed", "postponed"]),
                    ),
                ),
            )
            .execution_options(scoped=frozenset({Enrolment.__table__, CourseSession.__table__, Employee.__table__}))
        )
    )
    trained = completed_courses(keys, [course_session.course_id])
    chosen = {one.employee_id: one for one in found if one.employee_id not in listed and one.employee_id not in trained}
    first = list(chosen)[:limit]
    people = {row.employee_id: row for row in _candidates(EVERYWHERE.select(Employee).where(Employee.id.in_(first)))}
    return [
        Candidate(
            **{
                **people[key].__dict__,
                "why": chosen[key].competency,
                "gap": chosen[key].gap,
                "high": chosen[key].high,
            }
        )
        for key in first
    ]


def employees(scope: Scope, keys: Collection[int]) -> Sequence[Employee]:
    """Those of these people the scope sees, by name; whoever is foreign is not there."""
    return db.session.scalars(
        scope.select(Employee).where(Employee.id.in_(keys)).order_by(Employee.name_sort, Employee.id)
    ).all()


# --- what waits -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """An application or nomination somebody has to decide."""

    id: int
    name: str
    organisation: str
    status: EnrolmentStatus
    course_session_id: int
    code: str
    course: str
    since: datetime


def awaiting(scope: Scope, status: EnrolmentStatus, limit: int = 100) -> list[Waiting]:
    """People in this state in sessions that are open or confirmed, as far as the scope sees them, oldest first."""
    rows = db.session.scalars(
        scope.trusting(scope.restrict(sa.select(Enrolment), Enrolment), Employee, CourseSession)
        .join(Enrolment.employee)
        .join(Enrolment.course_session)
        .where(Enrolment.status == status, CourseSession.status.in_(["open", "confirmed"]))
        .options(
            contains_eager(Enrolment.employee).joinedload(Employee.organisation),
            contains_eager(Enrolment.course_session).joinedload(CourseSession.course),
        )
        .order_by(Enrolment.id)
        .limit(limit)
    )
    return [
        Waiting(
            row.id,
            row.employee.name,
            in_language(row.employee.organisation, "name"),
            row.status,
            row.course_session_id,
            row.course_session.code,
            in_language(row.course_session.course, "name"),
            row.created_at,
        )
        for row in rows
    ]


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


def my_enrolments(scope: Scope, user_id: int) -> Sequence[Enrolment]:
    """A person's own enrolments with session, course and province, soonest first, those without a date last."""
    return db.session.scalars(
        scope.trusting(scope.select(Enrolment), Employee, CourseSession)
        .join(Enrolment.employee)
        .join(Enrolment.course_session)
        .where(Employee.user_id == user_id, Enrolment.merged_into_id.is_(None))
        .options(
            contains_eager(Enrolment.employee),
            contains_eager(Enrolment.course_session).joinedload(CourseSession.course),
            contains_eager(Enrolment.course_session).joinedload(CourseSession.province),
        )
        .order_by(CourseSession.starts_on.is_(None), CourseSession.starts_on, Enrolment.id)
    ).all()


def enrolments_of(scope: Scope, employee: Employee) -> Sequence[Enrolment]:
    """What a person (loaded through a scope) has taken part in or will, latest first."""
    return db.session.scalars(
        scope.trusting(scope.select(Enrolment), CourseSession)
        .join(Enrolment.course_session)
        .where(Enrolment.employee_id == employee.id, Enrolment.merged_into_id.is_(None))
        .options(
            contains_eager(Enrolment.course_session).joinedload(CourseSession.course),
            joinedload(Enrolment.employee),
        )
        .order_by(CourseSession.starts_on.desc(), Enrolment.id.desc())
        .limit(100)
    ).all()
