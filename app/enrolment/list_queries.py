"""The lists: who is on a session's list, whom one could put on it, what waits for a focal point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Organisation
from app.access.scope import Scope
from app.core.clock import now, today
from app.core.db import db
from app.core.paging import ListQuery, Page
from app.core.search import matches
from app.enrolment import obstacles, queries
from app.enrolment.completed import last_day, reading
from app.enrolment.models import (
    SEAT_HOLDING,
    WAITING,
    Answer,
    Enrolment,
    EnrolmentStatus,
    called,
)
from app.language import in_language, language
from app.people.models import Employee, Sex, Title, Unit
from app.settings import queries as settings
from app.training import rules
from app.training.models import CourseSession, SessionStatus

CURRENT = (*SEAT_HOLDING, *WAITING)


@dataclass(frozen=True)
class Row:
    """One line of a session's list. Institution, unit and title in the reader's language.

    `on_staff`: has not left. `completed_on`: when the person last completed this course.
    """

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
    on_staff: bool
    completed_on: date | None


_NOT_WAITING = sa.case((Enrolment.status == EnrolmentStatus.WAITLISTED, 0), else_=1)


def _then(stands: Any, today: Any) -> sa.ColumnElement[Any]:
    """What stands with the seat; without one (yet), what is so today."""
    return sa.case((sa.or_(Enrolment.organisation_id.is_(None), Enrolment.status.in_(WAITING)), today), else_=stands)


ENROLMENT_SORTS = {
    "name": (Employee.name_sort, Enrolment.id),
    "organisation": (_then(called("organisation_sort"), Organisation.name_sort), Employee.name_sort, Enrolment.id),
    "status": (Enrolment.status, Employee.name_sort, Enrolment.id),
    "queue": (_NOT_WAITING, Enrolment.priority, Enrolment.queued_at, Enrolment.id),
}


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

    @property
    def waiting(self) -> int:
        return self.states.get(EnrolmentStatus.WAITLISTED, 0)

    @property
    def women(self) -> int:
        return self.seats.get(Sex.WOMAN, 0)

    @property
    def men(self) -> int:
        return self.seats.get(Sex.MAN, 0)

    @property
    def share_of_women(self) -> int | None:
        """In tenths of a percent of women and men together; None where there is neither."""
        both = self.women + self.men
        return self.women * 1000 // both if both else None

    def with_more(self, people: Iterable[Sex]) -> Counts:
        """As it would be if these had seats, too."""
        seats = dict(self.seats)
        for sex in people:
            seats[sex] = seats.get(sex, 0) + 1
        return Counts(self.states, seats)


@dataclass(frozen=True)
class Listed:
    """Everybody on a session's list a scope sees, read in one statement: a list is as long as a session is large.

    `fitting` are those that were asked for, in the order asked for; `taken` is how many seats are held in all.
    """

    everybody: Sequence[Row]
    fitting: Sequence[Row]
    taken: int

    @cached_property
    def counts(self) -> Counts:
        states, seats = Counter(row.status for row in self.everybody), Counter[Sex]()
        for row in self.everybody:
            seats[row.sex] += row.status in SEAT_HOLDING
        return Counts({status: states[status] for status in EnrolmentStatus if status in states}, dict(seats))

    @property
    def line(self) -> Sequence[Row]:
        """Those who wait, in their order."""
        waiting = [row for row in self.everybody if row.status is EnrolmentStatus.WAITLISTED]
        return sorted(waiting, key=lambda row: (row.priority, row.queued_at, row.id))

    def page(self, query: ListQuery) -> Page[Row]:
        last = max(1, -(-len(self.fitting) // query.size))
        number = min(max(1, query.number), last)
        start = (number - 1) * query.size
        return Page(self.fitting[start : start + query.size], number, len(self.fitting), query.size)


def _named(what: str, model: Any) -> sa.ColumnElement[str]:
    """A name in the reader's language, as `in_language` would choose it; a dash for what is not known any more."""
    turkish = _then(called(f"{what}_tr"), model.name_tr)
    chosen = _then(called(f"{what}_en"), model.name_en) if language() == "en" else turkish
    return sa.func.coalesce(sa.func.nullif(chosen, ""), sa.func.nullif(turkish, ""), "–")


def listed(scope: Scope, course_session: CourseSession, query: ListQuery | None = None) -> Listed:
    """A session's list as far as this scope sees it. Filter `status`: a status, `ended`, or nothing for all current."""
    query = query or ListQuery(sort="name")
    columns = (
        Enrolment.id,
        Enrolment.employee_id,
        Employee.given_name,
        Employee.family_name,
        _named("organisation", Organisation),
        _named("unit", Unit),
        Title.name_en if language() == "en" else Title.name_tr,
        _then(Enrolment.registry_no, Employee.registry_no),
        Employee.sex,
        Enrolment.status,
        Enrolment.answer,
        Enrolment.priority,
        Enrolment.queued_at,
        Employee.active,
        last_day(Enrolment.employee_id, course_session.course_id),
        sa.case((matches(Employee, query.q), 1), else_=0),
        queries.seats_expression(sa.literal(course_session.id)),
    )
    statement: sa.Select[Any] = scope.trusting(
        scope.restrict(sa.select(*columns).select_from(Enrolment), Enrolment), Employee, queries.Seat
    )
    order = (column.desc() if query.descending else column.asc() for column in ENROLMENT_SORTS[query.sort])
    found = db.session.execute(
        reading(statement)
        .join(Enrolment.employee)
        .join(Employee.organisation)
        .join(Employee.unit)
        .join(Title, Title.id == _then(Enrolment.title_id, Employee.title_id))
        .where(Enrolment.course_session_id == course_session.id)
        .order_by(*order)
    ).all()
    rows = [Row(key, person, f"{given} {family}", *more[:-2]) for key, person, given, family, *more in found]
    asked = [row for row, line in zip(rows, found, strict=True) if line[-2] and _asked(row, query.filter("status"))]
    taken = found[0][-1] if found else queries.seats_taken(course_session)
    queries.know_seats(course_session, taken)
    sa.inspect(course_session).info[scope] = sum(row.status in CURRENT for row in rows)
    return Listed(rows, asked, taken)


def _asked(row: Row, state: str) -> bool:
    if state == "ended":
        return row.status not in CURRENT
    return row.status.value == state if state else row.status in CURRENT


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
    """People in this state in sessions that take nominations, as far as the scope sees them, oldest first."""
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
    ).all()
    closed = obstacles.closing()
    dated = [(row, row.course_session) for row in rows]
    still = [row for row, one in dated if not closed(one.starts_on, one.ends_on, one.nominations_close_at)]
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
        for row in still[:limit]
    ]


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


@dataclass(frozen=True)
class OpenSession:
    """A session people can still be put forward for. `mine`: how many of their people are on its list."""

    id: int
    code: str
    course: str
    starts_on: date | None
    ends_on: date | None
    capacity: int
    taken: int
    mine: int
    closes: datetime | None

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)


def open_sessions(scope: Scope, limit: int = 100) -> list[OpenSession]:
    """Sessions offered to a focal point's institution that still take nominations, soonest first."""
    hers = Employee.organisation_id.in_(sorted(scope.organisations)) if not scope.everything else sa.true()
    mine = (
        sa.select(sa.func.count())
        .select_from(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Enrolment.course_session_id == CourseSession.id, Enrolment.status.in_(CURRENT), hers)
        .scalar_subquery()
    )
    statement: sa.Select[Any] = scope.trusting(
        scope.restrict(sa.select(CourseSession, queries.seats_expression(CourseSession.id), mine), CourseSession),
        Enrolment,
        Employee,
        queries.Seat,
    )
    rows = db.session.execute(
        statement.where(
            CourseSession.status.in_([SessionStatus.OPEN, SessionStatus.CONFIRMED]),
            sa.or_(CourseSession.starts_on.is_(None), CourseSession.starts_on > today()),
        )
        .options(joinedload(CourseSession.course))
        .order_by(CourseSession.starts_on.is_(None), CourseSession.starts_on, CourseSession.id)
        .limit(limit)
    )
    calendar, days = settings.calendar(), int(settings.value("nominations_close_days"))
    found = [
        OpenSession(
            row.id,
            row.code,
            in_language(row.course, "name"),
            row.starts_on,
            row.ends_on,
            row.capacity,
            taken,
            own,
            rules.nominations_close(row.starts_on, row.nominations_close_at, calendar, days),
        )
        for row, taken, own in rows
    ]
    return [one for one in found if one.closes is None or one.closes > now()]
