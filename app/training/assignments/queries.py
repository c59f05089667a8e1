"""What trainers are asked to give, and what waits for their answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.models import Province, User
from app.access.scope import EVERYWHERE, within
from app.access.second_factor import secrets
from app.catalogue.models import Course, CourseCompetency
from app.core.db import db
from app.core.tables.written import TODAY, WALL, in_days, written_once
from app.people.models import Employee
from app.trainers.models import Trainer, TrainerExpertise
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    SessionStatus,
    Sitting,
    SittingState,
    TrainerAssignment,
)
from app.training.rules import LIVE
from app.venues.models import Room


@dataclass(frozen=True)
class Waiting:
    """Some sittings of one session, the first of them on `day` (None: they have no date)."""

    course_session_id: int
    course_code: str
    ordinal: int
    name_tr: str
    name_en: str
    day: date | None
    last: date | None
    sittings: int

    @property
    def code(self) -> str:
        return f"{self.course_code}/{self.ordinal}"


def sessions_with(*more: Any) -> sa.Select[Any]:
    # asked as a set: what goes on leads to its sittings, where SQLite would walk course by course through all years
    going_on = sa.select(CourseSession.id).where(CourseSession.status.in_(LIVE)).correlate(None)
    return (
        sa.select(
            CourseSession.id,
            Course.code,
            CourseSession.ordinal,
            Course.name_tr,
            Course.name_en,
            sa.func.min(Sitting.date).label("day"),
            sa.func.max(Sitting.date).label("last"),
            sa.func.count(sa.distinct(Sitting.id)).label("sittings"),
            *more,
        )
        .select_from(Sitting)
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .where(CourseSession.id.in_(going_on))
        .group_by(CourseSession.id, Course.id)
    )


def ahead() -> sa.ColumnElement[bool]:
    return sa.or_(Sitting.date > TODAY, sa.and_(Sitting.date == TODAY, Sitting.ends > WALL))


def unanswered(user_id: int) -> Sequence[Waiting]:
    """The sessions a trainer is asked to give sittings of that lie ahead, the first to come first."""
    statement = (
        sessions_with()
        .join(TrainerAssignment, TrainerAssignment.sitting_id == Sitting.id)
        .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
        .where(Trainer.user_id == user_id, TrainerAssignment.answer == AssignmentAnswer.PENDING, ahead())
        .order_by(sa.func.min(Sitting.date), CourseSession.id)
    )
    rows = db.session.execute(within(User).trusting(statement, Sitting, CourseSession, TrainerAssignment, Trainer))
    return [Waiting(*row) for row in rows]


def awaited() -> sa.ColumnElement[bool]:
    """Whether a trainer of the surrounding statement's session has still to answer for a sitting that lies ahead."""
    asked = sa.select(TrainerAssignment.id).join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
    asked = asked.where(Sitting.course_session_id == CourseSession.id, Sitting.state != SittingState.NOT_HELD, ahead())
    return sa.and_(
        CourseSession.status.in_(LIVE), asked.where(TrainerAssignment.answer == AssignmentAnswer.PENDING).exists()
    )


def nobody_asked() -> sa.ColumnElement[bool]:
    """Whether it has a sitting ahead that nobody was ever asked to give; one that was declined is told apart."""
    given = sa.select(TrainerAssignment.id).where(TrainerAssignment.sitting_id == Sitting.id).correlate(Sitting)
    lonely = sa.select(Sitting.id).where(
        Sitting.course_session_id == CourseSession.id, Sitting.state != SittingState.NOT_HELD, ahead(), ~given.exists()
    )
    return sa.and_(CourseSession.status.in_(LIVE), lonely.exists())


def given(whose: sa.ColumnElement[bool]) -> Sequence[Waiting]:
    """The sessions with sittings ahead that these trainers are to give, the first to come first."""
    statement = (
        sessions_with()
        .join(TrainerAssignment, TrainerAssignment.sitting_id == Sitting.id)
        .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
        .where(whose, TrainerAssignment.answer != AssignmentAnswer.DECLINED, ahead())
        .order_by(sa.func.min(Sitting.date), CourseSession.id)
    )
    rows = db.session.execute(within(Trainer).trusting(statement, Sitting, CourseSession, TrainerAssignment, Trainer))
    return [Waiting(*row) for row in rows]


def trainer_of(assignment_id: int) -> Trainer:
    """Whose assignment it is, with their account."""
    return db.session.scalars(
        # a letter about an answer goes to whoever gave it
        EVERYWHERE.restrict(sa.select(Trainer), Trainer, TrainerAssignment, User)
        .join(TrainerAssignment, TrainerAssignment.trainer_id == Trainer.id)
        .where(TrainerAssignment.id == assignment_id)
        .options(joinedload(Trainer.user))
    ).one()


@dataclass(frozen=True)
class TrainerChoice:
    """Somebody who may be asked. `expert`: in one of the course's competencies; `minutes`: what they are to give in the
    90 days from now on, as their load.
    """

    id: int
    name: str
    expert: bool
    province_id: int | None
    province_tr: str | None
    province_en: str | None
    minutes: int


def trainer_choices(course_id: int, province_id: int | None) -> Sequence[TrainerChoice]:
    """Experts first, of these the province's own first, then by name.

    Trainers cross provinces: whoever may change a session may ask any of them.
    """
    told = {"course": course_id, "province": province_id}
    rows = db.session.execute(_trainer_choices(province_id is None), told).all()
    return [
        TrainerChoice(key, " ".join(filter(None, names)), bool(knows), of, turkish, english, minutes or 0)
        for key, *names, knows, of, turkish, english, minutes in rows
    ]


@written_once
def _trainer_choices(everywhere: bool) -> sa.Select[Any]:
    """It is told the `course` and, unless `everywhere`, the `province` when it is carried out."""
    course, province = (sa.bindparam(name, type_=sa.Integer()) for name in ("course", "province"))
    expert = (
        sa.select(TrainerExpertise.id)
        .join(CourseCompetency, CourseCompetency.competency_id == TrainerExpertise.competency_id)
        .where(TrainerExpertise.trainer_id == Trainer.id, CourseCompetency.course_id == course)
        .exists()
    )
    of_there = Trainer.province_id.is_(None) if everywhere else Trainer.province_id == province
    load = _load()
    columns = (Trainer.id, Trainer.academic_title, Trainer.given_name, Trainer.family_name, expert)
    named = (Trainer.province_id, Province.name_tr, Province.name_en, load.c.minutes)
    return (
        EVERYWHERE.restrict(sa.select(*columns, *named), Trainer, *LOADED)  # trainers cross provinces
        .outerjoin(Province, Province.id == Trainer.province_id)
        .outerjoin(load, load.c.trainer_id == Trainer.id)
        .where(Trainer.active.is_(True))
        .order_by(expert.desc(), sa.func.coalesce(of_there, sa.false()).desc(), Trainer.name_sort, Trainer.id)
    )


LOADED = (Sitting, CourseSession, TrainerAssignment)
LOAD_DAYS = 90


def _load() -> sa.Subquery:
    """Minutes each trainer is to give from today on: the sittings of these days lead to whoever gives them, a trainer
    would lead through all they ever gave.
    """
    return (
        sa.select(TrainerAssignment.trainer_id, sa.func.sum(Sitting.minutes).label("minutes"))
        .select_from(Sitting)
        .join(TrainerAssignment, TrainerAssignment.sitting_id == Sitting.id)
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .where(
            TrainerAssignment.answer != AssignmentAnswer.DECLINED,
            Sitting.date >= TODAY,
            Sitting.date < in_days(LOAD_DAYS),
            Sitting.state != SittingState.NOT_HELD,
            CourseSession.status.not_in((SessionStatus.CANCELLED, SessionStatus.POSTPONED)),
        )
        .group_by(TrainerAssignment.trainer_id)
        .subquery()
    )


def assignment(user_id: int, assignment_id: int) -> TrainerAssignment | None:
    """One of a trainer's own assignments, with its sitting and session; drafts ask nobody yet."""
    found: TrainerAssignment | None = db.session.scalar(
        _own_assignments(Trainer.user_id == user_id).where(TrainerAssignment.id == assignment_id)
    )
    return found


def own_assignments(user_id: int) -> Sequence[TrainerAssignment]:
    """A trainer's own assignments with sitting, room, venue, session and course: by session, then in time."""
    order = (CourseSession.starts_on.desc(), CourseSession.id, Sitting.date, Sitting.starts, Sitting.id)
    return db.session.scalars(_own_assignments(Trainer.user_id == user_id).order_by(*order)).all()


def staff_assignments(employee_id: int, course_session_id: int) -> Sequence[TrainerAssignment]:
    """The same of one session, of somebody on the staff who may have no account."""
    statement = _own_assignments(Trainer.employee_id == employee_id).where(CourseSession.id == course_session_id)
    return db.session.scalars(statement.order_by(Sitting.date, Sitting.starts, Sitting.id)).all()


def outside_assignments(trainer_id: int, course_session_id: int) -> Sequence[TrainerAssignment]:
    """The same of a trainer who is on nobody's staff."""
    whose = sa.and_(Trainer.id == trainer_id, Trainer.employee_id.is_(None))
    statement = _own_assignments(whose).where(CourseSession.id == course_session_id)
    return db.session.scalars(statement.order_by(Sitting.date, Sitting.starts, Sitting.id)).all()


@dataclass(frozen=True)
class Asked:
    """Whose assignment it is, and of which session; `employee_id`: where they are on the staff of an institution."""

    trainer_id: int
    employee_id: int | None
    course_session_id: int


def asked(assignment_id: int) -> Asked | None:
    """None where nothing is asked of them any more: they teach no more, or have left."""
    found = db.session.execute(
        # a letter goes to whom it is about
        EVERYWHERE.restrict(
            sa.select(Trainer.id, Trainer.employee_id, Sitting.course_session_id).select_from(TrainerAssignment),
            TrainerAssignment,
            Trainer,
            Employee,
            Sitting,
        )
        .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
        .outerjoin(Employee, Employee.id == Trainer.employee_id)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .where(TrainerAssignment.id == assignment_id, Trainer.active.is_(True))
        .where(sa.or_(Trainer.employee_id.is_(None), Employee.active.is_(True)))
    ).one_or_none()
    return None if found is None else Asked(*found)


OUTSIDE = "teaches"
"""What a link of a trainer from outside says first, before whose and of which session."""


def outside_token(trainer_id: int, course_session_id: int) -> str:
    """What opens their answer: sealed, so that nobody else can make one, and stored nowhere. It holds no signs that a
    mail program would leave out of an address.
    """
    return secrets.seal(f"{OUTSIDE} {trainer_id} {course_session_id}").rstrip("=")


def opened_outside(token: str) -> tuple[Trainer, int] | None:
    """Whose such a token is, and of which session; None for any other, and for who teaches no more."""
    said = secrets.unsealed(token + "=" * (-len(token) % 4)) or ""
    kind, *ids = said.split(" ")
    if kind != OUTSIDE:
        return None
    trainer_id, course_session_id = map(int, ids)
    # the token is the key
    found = EVERYWHERE.select(Trainer).where(Trainer.id == trainer_id, Trainer.active.is_(True))
    trainer = db.session.scalar(found.where(Trainer.employee_id.is_(None)))
    return None if trainer is None else (trainer, course_session_id)


def all_own(user_id: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Every sitting a trainer was ever asked for, latest first; drafts, too: code and names of the course, the
    session's number, date and times, and the answer.
    """
    columns: tuple[Any, ...] = (Course.code, Course.name_tr, Course.name_en, CourseSession.ordinal)
    times = (Sitting.date, Sitting.starts, Sitting.ends, TrainerAssignment.answer)
    return db.session.execute(
        within(User)
        .restrict(sa.select(*columns, *times), Trainer, TrainerAssignment, Sitting, CourseSession)
        .join(TrainerAssignment.trainer)
        .join(TrainerAssignment.sitting)
        .join(Sitting.course_session)
        .join(CourseSession.course)
        .where(Trainer.user_id == user_id)
        .order_by(Sitting.date.desc(), Sitting.starts, Sitting.id)
    ).all()


def _own_assignments(whose: sa.ColumnElement[bool]) -> sa.Select[Any]:
    sitting = contains_eager(TrainerAssignment.sitting)
    session = sitting.contains_eager(Sitting.course_session)
    # a postponed one that has new dates asks, too: it opens again once they suit
    shown = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.POSTPONED, SessionStatus.FINALISED)
    return (
        within(User)
        .restrict(sa.select(TrainerAssignment), Trainer, TrainerAssignment, Sitting, CourseSession)
        .join(TrainerAssignment.trainer)
        .join(TrainerAssignment.sitting)
        .join(Sitting.course_session)
        .where(whose, CourseSession.status.in_(shown), Sitting.date.is_not(None))
        .options(
            session.joinedload(CourseSession.course),
            session.joinedload(CourseSession.province),
            sitting.joinedload(Sitting.room).joinedload(Room.venue),
        )
    )
