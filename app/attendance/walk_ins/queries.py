"""Staff of the institutions a session is offered to who turn up without a seat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import EVERYWHERE
from app.core.db import db, typed_id
from app.core.errors import Missing
from app.core.search import matches
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.language.turkish import search_key
from app.people.models import Employee
from app.training.models import CourseSession, SessionAudience

SHOWN = 8
LETTERS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the one who calls the roll needs to recognise a person, and no more."""

    employee_id: int
    name: str
    organisation: str


def _offered_to(course_session: CourseSession) -> sa.ColumnElement[bool]:
    """Staff of institutions in the session's audience."""
    audience = sa.select(SessionAudience).where(SessionAudience.course_session_id == course_session.id)
    organisations = audience.with_only_columns(SessionAudience.organisation_id).where(
        SessionAudience.organisation_id.is_not(None)
    )
    provinces = audience.with_only_columns(SessionAudience.province_id).where(SessionAudience.province_id.is_not(None))
    return sa.or_(
        Employee.organisation_id.in_(organisations),
        Employee.organisation_id.in_(sa.select(Organisation.id).where(Organisation.province_id.in_(provinces))),
    )


def candidates(course_session: CourseSession, typed: str) -> Sequence[Candidate]:
    """Up to eight active people without a seat whose name holds what was typed (three letters at least)."""
    if len(search_key(typed).replace(" ", "")) < LETTERS:
        return []
    seated = sa.select(Enrolment.employee_id).where(
        Enrolment.course_session_id == course_session.id, Enrolment.status.in_(SEAT_HOLDING)
    )
    statement = EVERYWHERE.restrict(  # who came may be of any institution it is offered to
        sa.select(Employee.id, Employee.given_name, Employee.family_name, Organisation.short_name),
        Employee,
        Enrolment,
        SessionAudience,
    )
    rows = db.session.execute(
        statement.join(Organisation, Organisation.id == Employee.organisation_id)
        .where(
            matches(Employee, typed),
            Employee.active.is_(True),
            Employee.merged_into_id.is_(None),
            Employee.id.not_in(seated),
            _offered_to(course_session),
        )
        .order_by(Employee.name_sort, Employee.id)
        .limit(SHOWN)
    )
    return [Candidate(id, f"{given} {family}", organisation) for id, given, family, organisation in rows]


def candidate(course_session: CourseSession, typed: str) -> Employee:
    """The person with this id, if the session is offered to their institution; else Missing."""
    key = typed_id(typed) or 0
    # who came may be of any institution it is offered to
    statement = EVERYWHERE.restrict(sa.select(Employee), Employee, SessionAudience)
    found = db.session.scalar(
        statement.where(Employee.id == key, Employee.active.is_(True), _offered_to(course_session))
    )
    if found is None:
        raise Missing
    return found
