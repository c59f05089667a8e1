"""Whether a focal point's people come: those with a seat in a training that is ahead, and those who gave one up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from app.access.scope import Scope
from app.catalogue.models import Course
from app.core.clock import today
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order
from app.core.search import matches
from app.enrolment.models import Answer, Enrolment, EnrolmentChange, EnrolmentStatus
from app.enrolment.queries import SEAT_GIVEN, concerned, said, seat_given
from app.enrolment.rules import TAKING
from app.language import in_language
from app.people.models import Employee, Unit
from app.training.models import ChangeKind, CourseSession, SessionChange, SessionStatus

S = EnrolmentStatus


class Said(StrEnum):
    """Who is not invited yet has nothing to answer."""

    NOTHING = "none"
    YES = "yes"
    NO = "no"
    UNASKED = "unasked"


@dataclass(frozen=True)
class Answered:
    """One person and one training. `since`: when they answered, or were asked; `reason`: of a no."""

    id: int
    name: str
    unit: str
    phone: str
    course_session_id: int
    code: str
    course: str
    starts_on: date | None
    said: Said
    since: datetime | None
    reason: str


@dataclass(frozen=True)
class Tally:
    """A training with how many of one's people have said what."""

    course_session_id: int
    code: str
    course: str
    starts_on: date | None
    yes: int
    no: int
    silent: int
    unasked: int


_said_of = sa.case(
    (Enrolment.status == S.DECLINED, Said.NO.value),
    (Enrolment.answer == Answer.YES, Said.YES.value),
    (CourseSession.status == SessionStatus.CONFIRMED, Said.NOTHING.value),
    else_=Said.UNASKED.value,
)
SORTS: dict[str, tuple[Any, ...]] = {
    "session": (sa.nulls_first(CourseSession.starts_on), CourseSession.id, Employee.name_sort, Enrolment.id),
    "name": (Employee.name_sort, Enrolment.id),
}


def replies(scope: Scope, query: ListQuery) -> Rows[Answered]:
    """By training, the next first. Filters: `answer` (a `Said`), `session` (its id)."""
    ids = _of(scope, sa.select(Enrolment.id))
    if answer := query.filter("answer"):
        ids = ids.where(_said_of == answer)
    session_id = query.filter_id("session")
    if session_id is not None:
        ids = ids.where(CourseSession.id == session_id)
    if query.q:
        ids = ids.where(matches(Employee, query.q, among_few=True))
    return Rows(ids, SORTS[query.sort], query, lambda keys: _rows(scope, keys))


def _of(scope: Scope, statement: sa.Select[Any]) -> sa.Select[Any]:
    """Of the people this scope sees today, in trainings that are not over and not put off."""
    # asked as a set: joined, everybody's enrolments of all years are read to find those of the few sessions that go on
    taking = sa.select(CourseSession.id).where(CourseSession.status.in_(TAKING)).correlate(None)
    restricted = scope.trusting(scope.restrict(statement, Enrolment), Employee, CourseSession)
    found: sa.Select[Any] = (
        restricted.join(Employee, Employee.id == Enrolment.employee_id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .where(
            Enrolment.status.in_((S.ENROLLED, S.DECLINED)),
            Enrolment.merged_into_id.is_(None),
            Employee.active.is_(True),
            concerned(scope),
            Enrolment.course_session_id.in_(taking),
            sa.or_(CourseSession.ends_on.is_(None), CourseSession.ends_on >= today()),
        )
    )
    return found


def _rows(scope: Scope, keys: Sequence[int]) -> Sequence[Answered]:
    statement = scope.trusting(
        _of(scope, sa.select(*_columns()).select_from(Enrolment)), EnrolmentChange, SessionChange, *SEAT_GIVEN
    )
    rows: Any = statement.join(Unit, Unit.id == Employee.unit_id).join(Course, Course.id == CourseSession.course_id)
    found = [_answered(row) for row in db.session.execute(rows.where(Enrolment.id.in_(keys)))]
    return in_order(keys, found, lambda row: row.id)


def _columns() -> tuple[Any, ...]:
    """What was asked was asked when the seat was given, or when it became certain or was moved after that."""
    why = (
        sa.select(EnrolmentChange.reason)
        .where(EnrolmentChange.enrolment_id == Enrolment.id)
        .order_by(EnrolmentChange.id.desc())
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    asks = sa.or_(
        SessionChange.kind == ChangeKind.MOVED,
        sa.and_(SessionChange.kind == ChangeKind.STATUS, SessionChange.new == SessionStatus.CONFIRMED.value),
    )
    asked = (
        sa.select(sa.func.max(SessionChange.at))
        .where(SessionChange.course_session_id == Enrolment.course_session_id, asks)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    person = (Enrolment.id, Employee.given_name, Employee.family_name, Employee.phone, Unit.name_tr, Unit.name_en)
    session = (CourseSession.id.label("course_session_id"), CourseSession.ordinal, CourseSession.starts_on)
    course = (Course.code, Course.name_tr.label("course_tr"), Course.name_en.label("course_en"))
    answer = (_said_of.label("said"), Enrolment.answered_at, seat_given().label("given"))
    return (*person, *session, *course, *answer, asked.label("asked"), why.label("reason"))


def _answered(row: Any) -> Answered:
    answer = Said(row.said)
    moments = [each for each in (row.given, row.asked if answer is Said.NOTHING else None) if each is not None]
    return Answered(
        row.id,
        f"{row.given_name} {row.family_name}",
        in_language(row, "name"),
        row.phone,
        row.course_session_id,
        f"{row.code}/{row.ordinal}",
        in_language(row, "course"),
        row.starts_on,
        answer,
        row.answered_at if answer in (Said.YES, Said.NO) else max(moments, default=None),
        said(row.reason or "") if answer is Said.NO else "",
    )


def tallies(scope: Scope) -> list[Tally]:
    """Every training with people on the list above, the next first; one statement."""

    def number(which: Said) -> sa.ColumnElement[int]:
        return sa.func.count(sa.case((_said_of == which.value, 1)))

    session: tuple[Any, ...] = (CourseSession.id, CourseSession.ordinal, CourseSession.starts_on)
    course: tuple[Any, ...] = (Course.code, Course.name_tr, Course.name_en)
    counted = (number(Said.YES), number(Said.NO), number(Said.NOTHING), number(Said.UNASKED))
    statement = _of(scope, sa.select(*session, *course, *counted).select_from(Enrolment))
    rows: Any = (
        statement.join(Course, Course.id == CourseSession.course_id)
        .group_by(CourseSession.id, Course.id)
        .order_by(sa.nulls_first(CourseSession.starts_on), CourseSession.id)
    )
    return [
        Tally(row.id, f"{row.code}/{row.ordinal}", in_language(row, "name"), row.starts_on, *row[6:])
        for row in db.session.execute(rows)
    ]


def silent(scope: Scope) -> sa.Select[Any]:
    """How many invitations of one's people nobody has answered, to trainings that have not begun; reads `SILENT`."""
    counted = sa.select(sa.func.count(Enrolment.id))
    ahead = sa.or_(CourseSession.starts_on.is_(None), CourseSession.starts_on > today())
    return _of(scope, counted).where(_said_of == Said.NOTHING.value, ahead)


SILENT = (Enrolment, Employee, CourseSession)
