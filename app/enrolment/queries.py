"""Who takes part, how many seats are held, when nominations close, and who plays which part in a session."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, defaultload, joinedload, load_only
from sqlalchemy.sql.base import ExecutableOption

from app.access.caller import Caller
from app.access.models import Organisation
from app.access.permissions import Permission, Role
from app.access.scope import NOTHING, Scope, within
from app.catalogue.models import Course
from app.catalogue.queries import built_by
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import Missing
from app.enrolment import completed
from app.enrolment.models import (
    CONCERNED,
    LEFT,
    SEAT_HOLDING,
    WAITING,
    Answer,
    Enrolment,
    EnrolmentChange,
    EnrolmentStatus,
)
from app.language import gettext, in_language
from app.needs import queries as needs
from app.people.models import Employee, Sex
from app.settings import queries as settings
from app.training import queries as training
from app.training import rules
from app.training.models import CourseSession, SessionAudience

KNOWN_SEATS = "seats_taken"


@dataclass(frozen=True)
class Participant:
    """Somebody with a seat, as lists and sheets print it, in the reader's language. `given`: when the seat was."""

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
    given: datetime | None


def participants(scope: Scope, course_session: CourseSession) -> Sequence[Participant]:
    """Whoever holds a seat in a session, as far as this scope sees them, by name."""
    found = db.session.execute(
        scope.trusting(scope.select(Enrolment).add_columns(seat_given()), Employee, *SEAT_GIVEN)
        .join(Enrolment.employee)
        .where(Enrolment.course_session_id == course_session.id, Enrolment.status.in_(SEAT_HOLDING))
        .options(contains_eager(Enrolment.employee))
        .order_by(Employee.name_sort, Enrolment.id)
    )
    return [
        Participant(
            enrolment_id=row.id,
            employee_id=row.employee_id,
            name=row.employee.name,
            printed_name=row.employee.printed_name,
            name_sort=row.employee.name_sort,
            organisation=in_language(row.institution, "name"),
            unit=in_language(row.unit, "name") or "–",
            title=in_language(row.position, "name"),
            sex=row.employee.sex,
            status=row.status,
            answer=row.answer,
            given=given,
        )
        for row, given in found
    ]


def seats_taken(course_session: CourseSession) -> int:
    """How many seats of a session are held, whoever asks: a number reveals nobody."""
    return (
        db.session.scalar(
            within(course_session)
            .restrict(sa.select(sa.func.count()).select_from(Enrolment), Enrolment)
            .where(Enrolment.status.in_(SEAT_HOLDING))
        )
        or 0
    )


def know_seats(course_session: CourseSession, taken: int) -> None:
    """A page has just read everybody with a seat: the tabs above it need not count them again."""
    sa.inspect(course_session).info[KNOWN_SEATS] = taken


def known_seats(course_session: CourseSession) -> int:
    """The held seats, for show: as a page of this request has just read them, else counted."""
    known = sa.inspect(course_session).info.get(KNOWN_SEATS, course_session.taken)
    return seats_taken(course_session) if known is None else int(known)


def current_people(scope: Scope, course_session: CourseSession) -> int:
    """How many people this scope sees on a session's list now: as a page of this request has just read, or counted."""
    known = sa.inspect(course_session).info.get(scope)
    if known is not None:
        return int(known)
    statement = scope.trusting(scope.restrict(sa.select(sa.func.count(Enrolment.id)), Enrolment), Employee)
    current = Enrolment.status.in_([*SEAT_HOLDING, *WAITING])
    return int(db.session.scalar(statement.where(Enrolment.course_session_id == course_session.id, current)) or 0)


Seat = aliased(Enrolment)
"""An enrolment that is counted inside a statement about other things."""


def seats_expression(session_id: Any) -> sa.ColumnElement[int]:
    """The held seats of the session whose id stands in a column (or is given), for statements that read `Seat`, too."""
    counted: sa.ColumnElement[int] = (
        sa.select(sa.func.count())
        .select_from(Seat)
        .where(Seat.course_session_id == session_id, Seat.status.in_(SEAT_HOLDING))
        .correlate_except(Seat)
        .scalar_subquery()
    )
    return counted


_step, _row = aliased(EnrolmentChange), aliased(Enrolment)
SEAT_GIVEN = (_step, _row)
"""What `seat_given` reads."""


def seat_given() -> sa.ScalarSelect[datetime]:
    """When the surrounding statement's enrolment was given its seat: its last step into one; NULL without a history. Of
    two records that turned out to be one person's, the earlier counts. For statements that read `SEAT_GIVEN`, too.
    """
    given = sa.func.max(_step.at)
    # each record by its own index: with an OR every enrolment, or (PostgreSQL) every step, was read for each person
    other = sa.select(_row.id).where(_row.merged_into_id == Enrolment.id).correlate(Enrolment)
    records = sa.select(Enrolment.id).correlate(Enrolment).union_all(other)
    return (
        sa.select(given)
        .where(_step.new == EnrolmentStatus.ENROLLED.value, _step.enrolment_id.in_(records))
        .group_by(_step.enrolment_id)
        .order_by(given)
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def enrolment(scope: Scope, enrolment_id: int) -> Enrolment:
    """One enrolment with its session, course and person, for whoever may change something about it, or Missing."""
    return _one(scope, enrolment_id, concerned(scope))


def concerned(scope: Scope) -> sa.ColumnElement[bool]:
    """Of people this scope sees today, or in sessions it runs: not of those who have left its institutions."""
    return sa.true() if scope.everything else CONCERNED.visible(Enrolment, scope)


def participation(scope: Scope, enrolment_id: int) -> Enrolment:
    """The same to be looked at, also by the institution they took part from and has left since."""
    return _one(scope, enrolment_id)


def _one(scope: Scope, enrolment_id: int, *conditions: sa.ColumnElement[bool]) -> Enrolment:
    statement = scope.select(Enrolment).where(Enrolment.id == enrolment_id, *conditions)
    found = db.session.scalar(
        statement.options(
            joinedload(Enrolment.course_session).joinedload(CourseSession.course),
            joinedload(Enrolment.course_session).joinedload(CourseSession.province),
            joinedload(Enrolment.employee).joinedload(Employee.organisation).joinedload(Organisation.province),
            joinedload(Enrolment.employee).joinedload(Employee.unit),
            joinedload(Enrolment.employee).joinedload(Employee.title),
        )
    )
    if found is None:
        raise Missing
    return found


def enrolment_of(course_session: CourseSession, employee: Employee) -> Enrolment | None:
    """The one row a person has in a session, whatever became of it; both were loaded through a scope."""
    return db.session.scalar(within(course_session, employee).select(Enrolment))


def offered_to(course_session: CourseSession, employee: Employee) -> bool:
    return offered_at(course_session, employee.organisation_id)


def offered_at(course_session: CourseSession, organisation_id: int) -> bool:
    """Whether the session is offered to an institution or its province; its own province by default."""
    audience = db.session.execute(
        within(course_session).restrict(
            sa.select(SessionAudience.province_id, SessionAudience.organisation_id), SessionAudience
        )
    ).all()
    home = db.session.scalar(sa.select(Organisation.province_id).where(Organisation.id == organisation_id))
    if not audience:
        return home is not None and home == course_session.province_id
    return any(
        organisation == organisation_id or (province is not None and province == home)
        for province, organisation in audience
    )


def competency_ids(course_session: CourseSession) -> Sequence[int]:
    """What the session's course builds, by every id it may have been rated under."""
    return db.session.scalars(built_by(course_session.course_id)).all()


def priorities(course_session: CourseSession, employee_ids: Collection[int]) -> dict[int, int]:
    """The priority class of each of these people for this session's course; everybody is in the answer.

    1: a need of class High in one of the course's competencies, by the person's own importance and gap; 2: any need
    in one of them; 3: none; 4: has completed the course already.
    """
    classes = needs.priority_classes(employee_ids, competency_ids(course_session))
    return classes | dict.fromkeys(completed.days(employee_ids, course_session.course_id), 4)


def said(reason: str) -> str:
    """A reason as it is shown; the fixed one in the reader's language."""
    return gettext("Left the institution") if reason == LEFT else reason


def own_enrolment(scope: Scope, course_session: CourseSession, user_id: int) -> Enrolment | None:
    """A user's own enrolment in a session, if they have one."""
    statement: sa.Select[Enrolment] = scope.trusting(scope.select(Enrolment), Employee).join(Enrolment.employee)
    return db.session.scalar(
        statement.where(
            Enrolment.course_session_id == course_session.id,
            Employee.user_id == user_id,
            Enrolment.merged_into_id.is_(None),
        ).options(contains_eager(Enrolment.employee))
    )


ON_A_LIST = (
    load_only(Enrolment.status),
    defaultload(Enrolment.course_session)
    .load_only(CourseSession.ordinal, CourseSession.status, CourseSession.starts_on)
    .defaultload(CourseSession.course)
    .load_only(Course.code, Course.name_tr, Course.name_en),
)
"""What a line says of somebody's training."""


def enrolments_of(scope: Scope, employee: Employee, *narrower: ExecutableOption) -> Sequence[Enrolment]:
    """What a person (loaded through a scope) has taken part in or will, latest first."""
    return db.session.scalars(
        scope.trusting(scope.select(Enrolment), CourseSession)
        .join(Enrolment.course_session)
        .where(Enrolment.employee_id == employee.id, Enrolment.merged_into_id.is_(None))
        .options(
            contains_eager(Enrolment.course_session).joinedload(CourseSession.course),
            *narrower,
        )
        .order_by(CourseSession.starts_on.desc().nulls_last(), Enrolment.id.desc())
        .limit(100)
    ).all()


# --- when nominations close -----------------------------------------------------------------------------


DATED = (CourseSession.starts_on, CourseSession.ends_on, CourseSession.nominations_close_at)
"""What `closing` is asked by."""


def nominations_close(course_session: CourseSession) -> datetime | None:
    """When institutions and staff may no longer ask: as set, else so many working days before the first sitting."""
    return training.nominations_close(course_session, settings.calendar())


def nominations_closed(course_session: CourseSession) -> bool:
    """Whether that moment has come, or all of it is over, whenever nominations were to close."""
    return closing()(course_session.starts_on, course_session.ends_on, course_session.nominations_close_at)


def closing() -> Callable[[date | None, date | None, datetime | None], bool]:
    """The same, to be asked of many by first day, last day and chosen moment; the settings are read once."""
    days, calendar = cache(lambda: int(settings.value("nominations_close_days"))), cache(settings.calendar)

    def closed(starts_on: date | None, ends_on: date | None, chosen: datetime | None) -> bool:
        if ends_on is not None and ends_on < today():
            return True
        return rules.nominations_closed(starts_on, chosen, days(), calendar, now())

    return closed


# --- who plays which part ---------------------------------------------------------------------------------


class Plays(StrEnum):
    RUNS = "runs"
    NOMINATES = "nominates"
    TEACHES = "teaches"
    OWN = "own"


@dataclass(frozen=True)
class Part:
    """`scope` reaches the people and enrolments this part may see in the session."""

    plays: Plays
    scope: Scope

    @property
    def runs(self) -> bool:
        return self.plays is Plays.RUNS

    @property
    def nominates(self) -> bool:
        return self.plays is Plays.NOMINATES

    @property
    def manages(self) -> bool:
        """Whether others may be put on the list at all."""
        return self.plays in (Plays.RUNS, Plays.NOMINATES)


def part(caller: Caller, course_session: CourseSession) -> Part:
    """The furthest-reaching part a caller plays in a session they see; found once for a loaded session."""
    known = sa.inspect(course_session).info.setdefault("parts", {})
    if caller.id not in known:
        known[caller.id] = _part(caller, course_session)
    found: Part = known[caller.id]
    return found


def _part(caller: Caller, course_session: CourseSession) -> Part:
    write = caller.scope_for(Permission.ENROLMENT_WRITE)
    if write.covers_province(course_session.province_id):
        return Part(Plays.RUNS, write)
    nominate = caller.scope_for(Permission.ENROLMENT_NOMINATE)
    if nominate != NOTHING and training.sees(nominate, course_session):
        return Part(Plays.NOMINATES, nominate)
    teach = Scope(own_trainer=caller.id)
    if caller.is_a(Role.TRAINER) and training.sees(teach, course_session):
        return Part(Plays.TEACHES, teach)
    if write != NOTHING:
        # a session offered to their province and run by another: they see their own people on it and change nothing
        return Part(Plays.OWN, write)
    return Part(Plays.OWN, caller.scope_for(Permission.ENROLMENT_APPLY))
