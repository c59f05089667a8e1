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
from app.trainers.models import Trainer
from app.training.assignments import untold
from app.training.assignments.untold import still_due
from app.training.models import CourseSession, UntoldTrainer

TRAINERS = (UntoldTrainer, Trainer)


@dataclass(frozen=True)
class Person:
    """Somebody without an address. `waits`: whether there is something nobody has told them yet."""

    enrolment_id: int
    name: str
    organisation: str
    unit: str
    phone: str
    status: EnrolmentStatus
    answer: Answer
    waits: bool


@dataclass(frozen=True)
class Named:
    """Somebody without an address, participant or trainer. `waits` as above."""

    name: str
    waits: bool


def _statement(scope: Scope, course_session: CourseSession, *columns: Any) -> sa.Select[Any]:
    """These columns of those of a list no letter reaches: who holds a seat, and who waits to be told something."""
    unwritten = sa.and_(sa.or_(User.id.is_(None), User.active.is_(False)), Employee.email == "")
    due = still_due(Enrolment.untold_since)
    statement = scope.restrict(sa.select(*columns, due.label("waits")).select_from(Enrolment), Enrolment)
    statement = scope.trusting(statement, Employee, User, CourseSession)
    found: sa.Select[Any] = (
        statement.join(Employee, Employee.id == Enrolment.employee_id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .outerjoin(User, User.id == Employee.user_id)
        .where(
            Enrolment.course_session_id == course_session.id,
            Enrolment.merged_into_id.is_(None),
            concerned(scope),
            sa.or_(due, sa.and_(Enrolment.status.in_(SEAT_HOLDING), unwritten)),
        )
    )
    return found


def without_address(scope: Scope, course_session: CourseSession) -> list[Person]:
    """Those participants, by name."""
    rows = db.session.execute(
        _statement(scope, course_session, Enrolment, Employee, Organisation, Unit)
        .join(Organisation, Organisation.id == Employee.organisation_id)
        .join(Unit, Unit.id == Employee.unit_id)
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
            bool(waits),
        )
        for row, employee, organisation, unit, waits in rows
    ]


def names(scope: Scope, course_session: CourseSession, *, trainers: bool) -> list[Named]:
    """The same in few words; `trainers`: and after them those of its trainers who are still to be told something."""
    named = (sa.literal("").label("title"), Employee.given_name, Employee.family_name, Employee.name_sort)
    people = _statement(scope, course_session, *named, sa.literal(0).label("place"))
    both = [people]
    if trainers:
        hers = (Trainer.academic_title, Trainer.given_name, Trainer.family_name, Trainer.name_sort)
        waiting = untold.rows(scope, course_session)
        both.append(waiting.with_only_columns(*hers, sa.literal(1), sa.true(), maintain_column_froms=True))
    found = sa.union_all(*both).subquery()
    statement = sa.select(found).order_by(found.c.place, found.c.name_sort)
    rows = db.session.execute(scope.trusting(statement, Enrolment, Employee, User, CourseSession, *TRAINERS))
    return [Named(" ".join(filter(None, row[:3])), bool(row.waits)) for row in rows]
