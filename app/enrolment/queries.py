"""Who takes part, and who waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Organisation
from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.enrolment.models import SEAT_HOLDING, Answer, Enrolment, EnrolmentStatus
from app.language import in_language
from app.people.models import Employee, Sex
from app.training.models import CourseSession


@dataclass(frozen=True)
class Participant:
    """Somebody with a seat, as lists and sheets print her. Institution, unit and title in the reader's language."""

    enrolment_id: int
    employee_id: int
    name: str
    printed_name: str
    name_sort: str
    organisation: str
    unit: str
    title: str
    sex: Sex
    status: EnrolmentStatus
    answer: Answer


def participants(scope: Scope, course_session: CourseSession) -> Sequence[Participant]:
    """Whoever holds a seat in a session, as far as this scope sees her, by name."""
    found = db.session.scalars(
        scope.trusting(scope.select(Enrolment), Employee)
        .join(Enrolment.employee)
        .where(Enrolment.course_session_id == course_session.id, Enrolment.status.in_(SEAT_HOLDING))
        .options(
            contains_eager(Enrolment.employee).joinedload(Employee.organisation),
            contains_eager(Enrolment.employee).joinedload(Employee.unit),
            contains_eager(Enrolment.employee).joinedload(Employee.title),
        )
        .order_by(Employee.name_sort, Enrolment.id)
    )
    return [
        Participant(
            enrolment_id=row.id,
            employee_id=row.employee_id,
            name=row.employee.name,
            printed_name=row.employee.printed_name,
            name_sort=row.employee.name_sort,
            organisation=in_language(row.employee.organisation, "name"),
            unit=in_language(row.employee.unit, "name"),
            title=in_language(row.employee.title, "name"),
            sex=row.employee.sex,
            status=row.status,
            answer=row.answer,
        )
        for row in found
    ]


def seats_taken(course_session: CourseSession) -> int:
    """How many seats of a session are held, whoever asks: a number reveals nobody."""
    return (
        db.session.scalar(
            EVERYWHERE.restrict(sa.select(sa.func.count()).select_from(Enrolment), Enrolment).where(
                Enrolment.course_session_id == course_session.id, Enrolment.status.in_(SEAT_HOLDING)
            )
        )
        or 0
    )


def enrolment(scope: Scope, enrolment_id: int) -> Enrolment:
    """One enrolment with its session, course and person, or Missing."""
    return scope.get(
        Enrolment,
        enrolment_id,
        joinedload(Enrolment.course_session).joinedload(CourseSession.course),
        joinedload(Enrolment.course_session).joinedload(CourseSession.province),
        joinedload(Enrolment.employee).joinedload(Employee.organisation).joinedload(Organisation.province),
        joinedload(Enrolment.employee).joinedload(Employee.unit),
        joinedload(Enrolment.employee).joinedload(Employee.title),
    )
