"""What stands between a person and a seat: found for many people at once, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.calendar.days import Calendar
from app.catalogue.models import Course, CoursePrerequisite
from app.core.clock import now
from app.core.db import db
from app.core.errors import Text
from app.enrolment.completed import completed_courses
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.language import format_date, format_time, in_language, lazy_gettext
from app.people.models import Employee
from app.settings import queries as settings
from app.trainers.models import Trainer
from app.training import circumstances
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    SessionStatus,
    Sitting,
    SittingState,
    TrainerAssignment,
)

TAKING = (SessionStatus.OPEN, SessionStatus.CONFIRMED)


class Kind(StrEnum):
    INACTIVE = "inactive"
    TRAINER = "trainer"
    SAME_COURSE = "same_course"
    PREREQUISITE = "prerequisite"
    CLASH = "clash"


@dataclass(frozen=True)
class Obstacle:
    """One sentence with its kind. Only a clash can be overridden, or waited out on the waiting list."""

    kind: Kind
    sentence: Text

    @property
    def passes(self) -> bool:
        return self.kind is Kind.CLASH


def nominations_close(course_session: CourseSession, calendar: Calendar | None = None) -> datetime | None:
    """When institutions and staff may no longer ask: as set, else so many working days before the first sitting."""
    return circumstances.nominations_close(
        course_session.starts_on,
        course_session.nominations_close_at,
        calendar or settings.calendar(),
        int(settings.value("nominations_close_days")),
    )


def nominations_closed(course_session: CourseSession) -> bool:
    closes = nominations_close(course_session)
    return closes is not None and closes < now()


def obstacles(course_session: CourseSession, employee_ids: Collection[int]) -> dict[int, list[Obstacle]]:
    """What keeps each of these people from a seat in this session (loaded with its course); nobody's list is empty."""
    found: dict[int, list[Obstacle]] = defaultdict(list)
    if not employee_ids:
        return found
    for search in (_inactive, _trainers, _same_course, _prerequisites, _clashes):
        search(course_session, employee_ids, found)
    return dict(found)


Found = dict[int, list[Obstacle]]


def _inactive(course_session: CourseSession, ids: Collection[int], found: Found) -> None:
    statement = EVERYWHERE.restrict(sa.select(Employee.id), Employee).where(
        Employee.id.in_(ids), Employee.active.is_(False)
    )
    for employee_id in db.session.scalars(statement):
        found[employee_id].append(Obstacle(Kind.INACTIVE, lazy_gettext("No longer on the staff.")))


def _trainers(course_session: CourseSession, ids: Collection[int], found: Found) -> None:
    """People who give a sitting of the session themselves, linked as staff or by their sign-in."""
    statement = (
        EVERYWHERE.restrict(sa.select(Employee.id).distinct(), Employee, Trainer, TrainerAssignment, Sitting)
        .join(
            Trainer,
            sa.or_(
                Trainer.employee_id == Employee.id,
                sa.and_(Trainer.user_id.is_not(None), Trainer.user_id == Employee.user_id),
            ),
        )
        .join(TrainerAssignment, TrainerAssignment.trainer_id == Trainer.id)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .where(
            Employee.id.in_(ids),
            Sitting.course_session_id == course_session.id,
            TrainerAssignment.answer != AssignmentAnswer.DECLINED,
        )
    )
    for employee_id in db.session.scalars(statement):
        found[employee_id].append(
            Obstacle(Kind.TRAINER, lazy_gettext("Is a trainer of this course session and cannot take part in it."))
        )


def _same_course(course_session: CourseSession, ids: Collection[int], found: Found) -> None:
    statement = (
        EVERYWHERE.restrict(sa.select(Enrolment.employee_id, CourseSession.ordinal), Enrolment, CourseSession)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .where(
            Enrolment.employee_id.in_(ids),
            Enrolment.status.in_(SEAT_HOLDING),
            CourseSession.course_id == course_session.course_id,
            CourseSession.id != course_session.id,
            CourseSession.status.in_([*TAKING, SessionStatus.POSTPONED]),
        )
    )
    for employee_id, ordinal in db.session.execute(statement):
        code = f"{course_session.course.code}/{ordinal}"
        found[employee_id].append(
            Obstacle(Kind.SAME_COURSE, lazy_gettext("Already has a seat in this course: %(code)s.", code=code))
        )


def _prerequisites(course_session: CourseSession, ids: Collection[int], found: Found) -> None:
    required = db.session.scalars(
        sa.select(Course)
        .join(CoursePrerequisite, CoursePrerequisite.required_id == Course.id)
        .where(CoursePrerequisite.course_id == course_session.course_id)
        .order_by(Course.code)
    ).all()
    if not required:
        return
    completed = completed_courses(ids, [course.id for course in required])
    for employee_id in ids:
        for course in required:
            if course.id not in completed.get(employee_id, ()):
                sentence = lazy_gettext("Has not completed the required course: %(course)s.", course=_named(course))
                found[employee_id].append(Obstacle(Kind.PREREQUISITE, sentence))


def _named(course: Course) -> str:
    return f"{course.code} {in_language(course, 'name')}"


@dataclass(frozen=True)
class Block:
    """A stretch of time on a day, half-open."""

    day: date
    starts: time
    ends: time

    def meets(self, other: Block) -> bool:
        return self.day == other.day and self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True)
class Busy:
    """A sitting of another session somebody holds a seat in."""

    employee_id: int
    course_session_id: int
    code: str
    block: Block


def busy(employee_ids: Collection[int], days: Collection[date], leaving_out: int) -> list[Busy]:
    """Where these people have to be on these days, in time, by the seats they hold in sessions other than one."""
    if not employee_ids or not days:
        return []
    rows = db.session.execute(
        EVERYWHERE.restrict(
            sa.select(Enrolment.employee_id, CourseSession.id, Course.code, CourseSession.ordinal)
            .add_columns(Sitting.date, Sitting.starts, Sitting.ends)
            .select_from(Enrolment),
            Enrolment,
            CourseSession,
            Sitting,
        )
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Sitting, Sitting.course_session_id == CourseSession.id)
        .where(
            Enrolment.employee_id.in_(employee_ids),
            Enrolment.status.in_(SEAT_HOLDING),
            CourseSession.id != leaving_out,
            CourseSession.status.not_in([SessionStatus.CANCELLED, SessionStatus.POSTPONED]),
            Sitting.state != SittingState.NOT_HELD,
            Sitting.date.in_(days),
        )
        .order_by(Sitting.date, Sitting.starts)
    )
    return [
        Busy(employee_id, other_id, f"{code}/{ordinal}", Block(day, starts, ends))
        for employee_id, other_id, code, ordinal, day, starts, ends in rows
    ]


def _blocks(course_session: CourseSession) -> list[Block]:
    rows = db.session.execute(
        EVERYWHERE.restrict(sa.select(Sitting.date, Sitting.starts, Sitting.ends), Sitting).where(
            Sitting.course_session_id == course_session.id,
            Sitting.date.is_not(None),
            Sitting.state != SittingState.NOT_HELD,
        )
    )
    return [Block(day, starts, ends) for day, starts, ends in rows if day is not None]


def _clashes(course_session: CourseSession, ids: Collection[int], found: Found) -> None:
    """Sittings of other sessions a person holds a seat in, at the same time; one obstacle a session."""
    blocks = _blocks(course_session)
    told: set[tuple[int, int]] = set()
    for other in busy(ids, {block.day for block in blocks}, course_session.id):
        pair = other.employee_id, other.course_session_id
        if pair in told or not any(block.meets(other.block) for block in blocks):
            continue
        told.add(pair)
        span = f"{format_time(other.block.starts)}–{format_time(other.block.ends)}"
        when = f"{format_date(other.block.day)} {span}"
        sentence = lazy_gettext(
            "Has another training at the same time: %(code)s, %(when)s.", code=other.code, when=when
        )
        found[other.employee_id].append(Obstacle(Kind.CLASH, sentence))
