from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.access.models import User
from app.access.scope import Scope, within
from app.catalogue.models import Course
from app.certificates.models import Certificate, CertificateStatus
from app.completion.models import Outcome, Result
from app.core.clock import today
from app.core.db import db
from app.core.status import Worded
from app.core.tables.written import written_once
from app.enrolment.models import SEAT_HOLDING, WAITING, Answer, Enrolment, EnrolmentStatus
from app.home.counted import LIVE, Asked, columns, planned, run_by, seated
from app.language import format_time, in_language, ngettext
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    SessionStatus,
    Sitting,
    SittingState,
    TrainerAssignment,
)
from app.venues.models import Room, Venue

Page = Callable[[Any], str]
"""Where a sitting leads in somebody's schedule; its row has `id` and `course_session_id`."""
COMPLETED = (Result.COMPLETED_ATTENDANCE, Result.COMPLETED_SUCCESS, Result.FAILED_ASSESSMENT)


@dataclass(frozen=True)
class Slot:
    """One sitting in somebody's schedule; the names are those `ui.schedule` reads."""

    date: date
    title: str
    url: str
    time: str
    place: str
    people: str = ""
    note: str = ""
    status: Worded | None = None
    today: bool = False
    code: str = ""
    blocks: tuple[tuple[int, str], ...] = ()
    """The sittings drawn together: id and start of each."""
    links: tuple[tuple[str, str], ...] = ()
    """What can be done there: a word and an address each."""


def _sittings() -> Any:
    """Date, start, end, ids, course and place of sittings that have a date and take place."""
    return (
        sa.select(
            Sitting.id,
            Sitting.date,
            Sitting.starts,
            Sitting.ends,
            CourseSession.id.label("course_session_id"),
            CourseSession.ordinal,
            CourseSession.status,
            Course.code,
            Course.name_tr,
            Course.name_en,
            Room.name_tr.label("room_tr"),
            Room.name_en.label("room_en"),
            Venue.name_tr.label("venue_tr"),
            Venue.name_en.label("venue_en"),
        )
        .select_from(Sitting)
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .outerjoin(Room, Room.id == Sitting.room_id)
        .outerjoin(Venue, Venue.id == Room.venue_id)
        .where(Sitting.date.is_not(None), Sitting.state != SittingState.NOT_HELD)
        .order_by(Sitting.date, Sitting.starts, Sitting.id)
    )


def _slots(statement: sa.Select[Any], page: Page) -> list[Slot]:
    """What a statement finds as a schedule, the blocks of one session on one day drawn together."""
    return _drawn(db.session.execute(statement), page)


def _drawn(rows: Iterable[Any], page: Page) -> list[Slot]:
    grouped: dict[tuple[date, int], list[Any]] = {}
    for row in rows:
        grouped.setdefault((row.date, row.course_session_id), []).append(row)
    now = today()
    found = []
    for (day, _), blocks in grouped.items():
        first, last = blocks[0], blocks[-1]
        names = [in_language(first, name) for name in ("venue", "room") if getattr(first, f"{name}_tr")]
        found.append(
            Slot(
                date=day,
                title=f"{first.code}/{first.ordinal} {in_language(first, 'name')}",
                code=f"{first.code}/{first.ordinal}",
                url=page(first),
                time=f"{format_time(first.starts)}–{format_time(last.ends)}",
                place=" · ".join(dict.fromkeys(names)),
                people=ngettext("%(num)s person", "%(num)s people", first.people) if hasattr(first, "people") else "",
                status=first.status,
                today=day == now,
                blocks=tuple((block.id, format_time(block.starts)) for block in blocks),
            )
        )
    return found


@dataclass(frozen=True)
class Counts:
    """People with a seat in the sessions that are open or confirmed, and the groups of this year's plan."""

    people: int
    women: int
    planned: int
    opened: int


@dataclass(frozen=True)
class Overview:
    """The numbers of the sessions a coordinator runs, what takes place in them in two weeks, and what was asked
    besides: numbers, and lines.
    """

    counts: Counts
    ahead: list[Slot]
    numbers: Sequence[int]
    lines: Sequence[Any]


def overview(
    scope: Scope, day: date, page: Page, asked: Sequence[Asked], beside: sa.Select[Any] | None = None, most: int = 120
) -> Overview:
    """From `day` on, in one statement. `beside`: a few lines more, told apart by `line_id`, which read nothing else."""
    rows = db.session.execute(_overview(scope, day, most, tuple(asked), beside)).all()
    first, lines = rows[0], {row.line_id: row for row in rows if row.line_id is not None}
    once = [row for row in rows if row.line_id in (None, first.line_id) and row.id is not None]
    found = Counts(first.n_people or 0, first.n_women or 0, first.n_planned or 0, first.n_opened or 0)
    return Overview(found, _drawn(once, page)[:most], first[: len(asked)], list(lines.values()))


@written_once
def _overview(scope: Scope, day: date, most: int, asked: Sequence[Asked], beside: sa.Select[Any] | None) -> Any:
    running, sums, fortnight = _parts(scope, day, most)
    numbers, models = columns(asked)
    both = sa.select(*numbers, running, sums, fortnight)
    both = both.select_from(running.join(sums, sa.true()).outerjoin(fortnight, sa.true()))
    both = both.order_by(fortnight.c.date, fortnight.c.starts, fortnight.c.id)
    nothing = sa.select(sa.literal(0).label("line_id"))
    both = _with_lines(both, fortnight.c.turn, nothing if beside is None else beside)
    return scope.trusting(both, Sitting, CourseSession, Enrolment, Employee, *models)


@written_once
def _parts(scope: Scope, day: date, most: int) -> tuple[sa.Subquery, sa.Subquery, sa.Subquery]:
    """Who has a seat in what a scope runs, how far this year's plan is, and what takes place in two weeks."""
    mine = run_by(scope)
    people, plan = seated(scope), planned(scope, day)
    seats = sa.select(sa.func.sum(people.c.n_people).label("n_people"), sa.func.sum(people.c.n_women).label("n_women"))
    groups = sa.select(sa.func.sum(plan.c.planned).label("n_planned"), sa.func.sum(plan.c.opened).label("n_opened"))
    in_turn = sa.func.row_number().over(order_by=(Sitting.date, Sitting.starts, Sitting.id)).label("turn")
    fortnight = (
        _sittings()
        .add_columns(in_turn)
        .where(Sitting.date.between(day, day + timedelta(days=13)), *mine)
        .where(CourseSession.status.in_([*LIVE, SessionStatus.FINALISED]))
        .limit(most * 4)
        .subquery()
    )
    return seats.subquery(), groups.subquery(), fortnight


def _with_lines(statement: sa.Select[Any], turn: Any, beside: sa.Select[Any]) -> sa.Select[Any]:
    """The first row (or the only one) once for each line: there are as many of these as provinces."""
    lines = beside.subquery()
    return statement.add_columns(*lines.c).outerjoin(lines, sa.func.coalesce(turn, 1) == 1)


def given_by(user_id: int, first: date, last: date, page: Page) -> list[Slot]:
    """The sittings a trainer gives between two days, each day of a session once."""
    mine = (
        sa.select(TrainerAssignment.sitting_id)
        .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
        .where(Trainer.user_id == user_id, TrainerAssignment.answer != AssignmentAnswer.DECLINED)
    )
    statement = _sittings().where(
        Sitting.id.in_(mine),
        Sitting.date.between(first, last),
        CourseSession.status.in_([*LIVE, SessionStatus.FINALISED]),
    )
    own = within(User).trusting(statement, Sitting, CourseSession, TrainerAssignment, Trainer)
    return _slots(own, page)


def of_user(user_id: int) -> sa.ColumnElement[bool]:
    """Whose things are asked for: the person this user is on the staff."""
    return Employee.user_id == user_id


def of_employee(employee_id: int) -> sa.ColumnElement[bool]:
    """The same of somebody who has no account."""
    return Employee.id == employee_id


def attended_by(whose: sa.ColumnElement[bool], first: date, page: Page) -> list[Slot]:
    """The schedule of a staff member from a day on: sessions in which they hold a seat."""
    mine = (
        sa.select(Enrolment.course_session_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(whose, Enrolment.status.in_(SEAT_HOLDING))
    )
    statement = _sittings().where(CourseSession.id.in_(mine), Sitting.date >= first, CourseSession.status.in_(LIVE))
    own = within(User).trusting(statement, Sitting, CourseSession, Enrolment, Employee)
    return _slots(own, page)


@dataclass(frozen=True)
class OwnEnrolment:
    """One of a person's own places, with what they may do about it. `minutes`: learned, once it is completed."""

    id: int
    course_session_id: int
    code: str
    course: str
    status: EnrolmentStatus
    session_status: SessionStatus
    answer: Answer
    starts_on: date | None
    ends_on: date | None
    result: Result | None
    minutes: int

    @property
    def may_answer(self) -> bool:
        return self.certain and self.starts_on is not None and self.starts_on > today()

    @property
    def certain(self) -> bool:
        """Whether they have a seat, and it will take place."""
        return self.status is EnrolmentStatus.ENROLLED and self.session_status is SessionStatus.CONFIRMED

    @property
    def may_return(self) -> bool:
        """Whether a seat that was given up may still be there."""
        ahead = self.starts_on is None or self.starts_on > today()
        return self.status is EnrolmentStatus.DECLINED and self.session_status in LIVE and ahead

    @property
    def may_withdraw(self) -> bool:
        return self.status in WAITING


def own_enrolments(whose: sa.ColumnElement[bool]) -> Sequence[OwnEnrolment]:
    """Every place a person has or had, latest first."""
    columns = (
        Enrolment.id,
        Enrolment.course_session_id,
        CourseSession.ordinal,
        CourseSession.status.label("session_status"),
        CourseSession.starts_on,
        CourseSession.ends_on,
        Course.code,
        Course.name_tr,
        Course.name_en,
        Enrolment.status,
        Enrolment.answer,
        Outcome.result,
        Outcome.credit_minutes,
    )
    statement = (
        sa.select(*columns)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .outerjoin(Outcome, Outcome.enrolment_id == Enrolment.id)
        .where(whose, Enrolment.merged_into_id.is_(None))
    )
    found = db.session.execute(within(User).trusting(statement, Enrolment, CourseSession, Employee, Outcome)).all()
    # put in order here: an index of dates would lead through the sessions of everybody
    rows: list[Any] = sorted(found, key=lambda row: (row.starts_on or date.min, row.id), reverse=True)
    return [_own_enrolment(row) for row in rows]


def _own_enrolment(row: Any) -> OwnEnrolment:
    return OwnEnrolment(
        row.id,
        row.course_session_id,
        f"{row.code}/{row.ordinal}",
        in_language(row, "name"),
        row.status,
        row.session_status,
        row.answer,
        row.starts_on,
        row.ends_on,
        row.result,
        row.credit_minutes if row.result in COMPLETED else 0,
    )


@dataclass(frozen=True)
class OwnCertificate:
    id: int
    number: str
    course_tr: str
    course_en: str
    kind: Worded
    issued_on: date
    hours_minutes: int


def own_certificates(whose: sa.ColumnElement[bool]) -> Sequence[OwnCertificate]:
    """A person's valid certificates, latest first."""
    mine = sa.select(Enrolment.id).join(Employee, Employee.id == Enrolment.employee_id).where(whose)
    columns = (Certificate.id, Certificate.number, Certificate.snapshot, Certificate.kind, Certificate.issued_on)
    statement = sa.select(*columns, Certificate.status).where(Certificate.enrolment_id.in_(mine))
    # a handful of them: told apart and put in order here, or an index of dates or states would be read whole
    rows = db.session.execute(within(User).trusting(statement, Certificate, Enrolment, Employee)).all()
    rows = sorted(rows, key=lambda row: (row.issued_on, row.id), reverse=True)
    return [
        OwnCertificate(
            row.id,
            row.number,
            row.snapshot["course_tr"],
            row.snapshot["course_en"],
            row.kind,
            row.issued_on,
            int(row.snapshot["hours_minutes"]),
        )
        for row in rows
        if row.status is CertificateStatus.VALID
    ]


def staff_in_training(scope: Scope, day: date, page: Page, most: int = 20) -> list[Slot]:
    """A focal point's staff in training from a day on for a month: one line per session and day, people counted."""
    counted = (
        sa.select(Enrolment.course_session_id, sa.func.count().label("people"))
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Employee.organisation_id.in_(sorted(scope.organisations)), Enrolment.status.in_(SEAT_HOLDING))
        .group_by(Enrolment.course_session_id)
        .subquery()
    )
    statement = (
        _sittings()
        .join(counted, counted.c.course_session_id == CourseSession.id)
        .add_columns(counted.c.people)
        .where(Sitting.date.between(day, day + timedelta(days=30)), CourseSession.status.in_(LIVE))
        .limit(most * 4)
    )
    theirs = scope.trusting(statement, Sitting, CourseSession, Enrolment, Employee)
    return _slots(theirs, page)[:most]
