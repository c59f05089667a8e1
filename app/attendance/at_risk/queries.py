"""Who can no longer pass, in the sessions a scope runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.access.scope import Scope
from app.attendance.queries import lost_people
from app.catalogue.models import Course
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order
from app.core.search import matches
from app.core.tables.written import written_once
from app.enrolment.models import Enrolment, called
from app.language import in_language
from app.people.models import Employee
from app.training.models import CourseSession


@dataclass(frozen=True)
class Lost:
    """One person in one session."""

    id: int
    name: str
    organisation: str
    course_session_id: int
    code: str
    course: str
    ends_on: date | None


SORTS: dict[str, tuple[Any, ...]] = {
    "session": (sa.nulls_first(CourseSession.ends_on), CourseSession.id, Employee.name_sort, Enrolment.id),
    "name": (Employee.name_sort, Enrolment.id),
}


def lost(scope: Scope, query: ListQuery) -> Rows[Lost]:
    """The sessions that end next come first."""
    ids = _ids(scope)
    if query.q:
        ids = ids.where(matches(Employee, query.q))
    return Rows(ids, SORTS[query.sort], query, lambda keys: _rows(scope, keys))


@written_once
def _ids(scope: Scope) -> sa.Select[Any]:
    return lost_people(scope, Enrolment.id)


def _rows(scope: Scope, keys: Sequence[int]) -> Sequence[Lost]:
    home = (called("organisation_tr").label("home_tr"), called("organisation_en").label("home_en"))
    person = (Enrolment.id, Employee.given_name, Employee.family_name, *home)
    session = (CourseSession.id.label("session_id"), CourseSession.ordinal, CourseSession.ends_on, Course.code)
    course = (Course.name_tr.label("course_tr"), Course.name_en.label("course_en"))
    # that they can no longer pass is known of these ids: it is not worked out again
    statement = (
        scope.trusting(scope.restrict(sa.select(*person, *session, *course), Enrolment), CourseSession, Employee)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .join(Course, Course.id == CourseSession.course_id)
        .where(Enrolment.id.in_(keys))
    )
    found = [_lost(row) for row in db.session.execute(statement)]
    return in_order(keys, found, lambda row: row.id)


def _lost(row: Any) -> Lost:
    code = f"{row.code}/{row.ordinal}"
    name = f"{row.given_name} {row.family_name}"
    return Lost(
        row.id, name, in_language(row, "home") or "–", row.session_id, code, in_language(row, "course"), row.ends_on
    )
