"""Whom no letter reaches: people without an e-mail address, and what somebody has to tell them otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation, User
from app.access.scope import Scope
from app.core.db import db
from app.enrolment.models import SEAT_HOLDING, Answer, Enrolment, EnrolmentStatus
from app.enrolment.queries import concerned
from app.language import in_language
from app.people.models import Employee, Unit
from app.training.models import CourseSession


@dataclass(frozen=True)
class Person:
    """Somebody without an address. `waits`: whether there is something nobody has told her yet."""

    enrolment_id: int
    name: str
    organisation: str
    unit: str
    phone: str
    status: EnrolmentStatus
    answer: Answer
    waits: bool


def without_address(scope: Scope, course_session: CourseSession) -> list[Person]:
    """Those of a session's list no letter reaches: who holds a seat, and who waits to be told something; by name."""
    unwritten = sa.and_(sa.or_(User.id.is_(None), User.active.is_(False)), Employee.email == "")
    statement: sa.Select[Any] = scope.trusting(
        scope.restrict(sa.select(Enrolment, Employee, Organisation, Unit), Enrolment), Employee, User
    )
    rows = db.session.execute(
        statement.join(Employee, Employee.id == Enrolment.employee_id)
        .join(Organisation, Organisation.id == Employee.organisation_id)
        .join(Unit, Unit.id == Employee.unit_id)
        .outerjoin(User, User.id == Employee.user_id)
        .where(
            Enrolment.course_session_id == course_session.id,
            Enrolment.merged_into_id.is_(None),
            concerned(scope),
            sa.or_(Enrolment.untold_since.is_not(None), sa.and_(Enrolment.status.in_(SEAT_HOLDING), unwritten)),
        )
        .order_by(Employee.name_sort, Enrolment.id)
    )
    return [
        Person(
            row.id,
            employee.name,
            in_language(organisation, "name"),
            in_language(unit, "name"),
            employee.phone,
            row.status,
            row.answer,
            row.untold_since is not None,
        )
        for row, employee, organisation, unit in rows
    ]
