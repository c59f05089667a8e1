from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from app.access.models import User
from app.access.scope import Scope, within
from app.calendar.days import Calendar
from app.catalogue.models import Course
from app.core.db import db
from app.core.errors import Missing
from app.core.tables.written import TODAY, WALL, written_once
from app.plans.models import PlanItem
from app.settings.queries import value
from app.trainers.models import Trainer
from app.training import rules, seats
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    SessionAudience,
    Sitting,
    TrainerAssignment,
)
from app.training.rules import LIVE, Circumstance
from app.venues.models import Room, Venue


def running(scope: Scope) -> Scope:
    """The same scope without what is merely offered to it: for whoever changes a session or its sittings."""
    return replace(scope, audience=frozenset(), audience_provinces=frozenset())


def runs(scope: Scope, course_session: CourseSession) -> bool:
    """Whether a session is changed by this scope (of a permission to write), not only seen."""
    return scope.covers_province(course_session.province_id)


def seen(scope: Scope, ids: Collection[int]) -> set[int]:
    """Which of these sessions a scope sees."""
    statement = scope.restrict(sa.select(CourseSession.id), CourseSession)
    return set(db.session.scalars(statement.where(CourseSession.id.in_(ids)))) if ids else set()


def course_session(scope: Scope, course_session_id: int) -> CourseSession:
    """One course session with its course, its province, its plan's row and what is derived of it, or Missing."""
    found = db.session.scalar(_one(scope), {"session": course_session_id})
    if found is None:
        raise Missing
    return _seen_by(scope, found)


@written_once
def _one(scope: Scope) -> sa.Select[CourseSession]:
    """It is told which `session` when it is carried out: nearly every page of a session begins with it."""
    key: sa.BindParameter[int] = sa.bindparam("session", type_=sa.Integer())
    return scope.select(CourseSession).where(CourseSession.id == key).options(*_whole())


def _seen_by(scope: Scope, course_session: CourseSession) -> CourseSession:
    """The session, which knows from here whose it is seen as."""
    sa.inspect(course_session).info.setdefault("seen_by", set()).add(scope)
    return course_session


def sees(scope: Scope, course_session: CourseSession) -> bool:
    """Whether a scope reaches a session, however it was loaded; it is not asked twice."""
    if scope in sa.inspect(course_session).info.get("seen_by", ()):
        return True
    found = scope.restrict(sa.select(CourseSession.id), CourseSession).where(CourseSession.id == course_session.id)
    return db.session.scalar(found) is not None


def course_session_of(scope: Scope, sitting_id: int) -> CourseSession:
    """The same for the session a sitting belongs to."""
    of = sa.select(Sitting.course_session_id).where(Sitting.id == sitting_id)
    statement = scope.trusting(scope.select(CourseSession), Sitting)
    found: CourseSession | None = db.session.scalar(
        statement.where(CourseSession.id == of.scalar_subquery()).options(*_whole())
    )
    if found is None:
        raise Missing
    return _seen_by(scope, found)


def _whole() -> tuple[Any, ...]:
    row = joinedload(CourseSession.plan_item)
    return (
        joinedload(CourseSession.course),
        joinedload(CourseSession.province),
        row.joinedload(PlanItem.plan),
        row.joinedload(PlanItem.province),
        row.joinedload(PlanItem.organisation),
        with_expression(CourseSession.taken, seats.taken()),
        with_expression(CourseSession.first_start, first_start()),
        with_expression(CourseSession.last_end, last_end()),
    )


def sitting(scope: Scope, sitting_id: int) -> Sitting:
    """One sitting with its room and venue, and its session with course and province; or Missing."""
    session = joinedload(Sitting.course_session)
    return scope.get(
        Sitting,
        sitting_id,
        joinedload(Sitting.room).joinedload(Room.venue),
        session.joinedload(CourseSession.course),
        session.joinedload(CourseSession.province),
    )


def sittings(course_session: CourseSession) -> Sequence[Sitting]:
    """The sittings of a session already loaded through a scope, in time; those without a date last."""
    return db.session.scalars(
        within(course_session)
        .select(Sitting)
        .options(joinedload(Sitting.room).joinedload(Room.venue))
        .order_by(Sitting.date.is_(None), Sitting.date, Sitting.starts, Sitting.id)
    ).all()


def assignments(course_session: CourseSession) -> Sequence[TrainerAssignment]:
    """Who gives which sitting, with trainer, account and answer (also a declined one), by trainer's name."""
    return db.session.scalars(
        within(course_session)
        .restrict(sa.select(TrainerAssignment), Sitting, TrainerAssignment, Trainer, User)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
        .options(joinedload(TrainerAssignment.trainer).joinedload(Trainer.user))
        .order_by(Trainer.name_sort, Trainer.id, Sitting.date, Sitting.starts, Sitting.id)
    ).all()


def sittings_given(course_session: CourseSession) -> tuple[Sequence[Sitting], Sequence[TrainerAssignment]]:
    """`sittings` and `assignments` of a session, in one statement."""
    statement = (
        within(course_session)
        .restrict(sa.select(Sitting, TrainerAssignment), Sitting, TrainerAssignment, Trainer, User)
        .outerjoin(TrainerAssignment, TrainerAssignment.sitting_id == Sitting.id)
        .options(
            joinedload(Sitting.room).joinedload(Room.venue),
            joinedload(TrainerAssignment.trainer).joinedload(Trainer.user),
        )
        .order_by(Sitting.date.is_(None), Sitting.date, Sitting.starts, Sitting.id)
    )
    rows = db.session.execute(statement).all()
    given = [assignment for _, assignment in rows if assignment is not None]
    by_trainer = sorted(given, key=lambda each: (each.trainer.name_sort, each.trainer_id))
    return list(dict.fromkeys(sitting for sitting, _ in rows)), by_trainer


def trainers_of(course_session: CourseSession) -> Sequence[Trainer]:
    """Whoever gives one of its sittings and has not declined, by name."""
    giving = (
        sa.select(TrainerAssignment.trainer_id)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .where(
            Sitting.course_session_id == course_session.id,
            TrainerAssignment.answer != AssignmentAnswer.DECLINED,
        )
    )
    return db.session.scalars(
        within(course_session)
        .trusting(sa.select(Trainer), Trainer, Sitting, TrainerAssignment)
        .where(Trainer.id.in_(giving))
        .order_by(Trainer.name_sort, Trainer.id)
    ).all()


def places(course_session: CourseSession) -> Sequence[Venue]:
    """Where its sittings take place, the most used first."""
    return db.session.scalars(
        within(course_session)
        .restrict(sa.select(Venue), Sitting)
        .join(Room, Room.venue_id == Venue.id)
        .join(Sitting, Sitting.room_id == Room.id)
        .group_by(Venue.id)
        .order_by(sa.func.count().desc(), Venue.id)
    ).all()


def audience(course_session: CourseSession) -> Sequence[SessionAudience]:
    """To whom a session is offered, provinces first."""
    return db.session.scalars(
        within(course_session)
        .select(SessionAudience)
        .options(joinedload(SessionAudience.province), joinedload(SessionAudience.organisation))
        .order_by(SessionAudience.province_id.is_(None), SessionAudience.id)
    ).all()


def nominations_close(course_session: CourseSession, calendar: Calendar) -> datetime | None:
    """When nominations close: the moment chosen, else some working days before the first sitting; None without one."""
    days = int(value("nominations_close_days"))
    return rules.nominations_close(course_session.starts_on, course_session.nominations_close_at, calendar, days)


def course(course_id: int) -> Course | None:
    return db.session.scalar(sa.select(Course).where(Course.id == course_id, Course.active.is_(True)))


def first_start() -> sa.ScalarSelect[time]:
    """Wall time at which the first sitting of the surrounding statement's session begins."""
    return (
        sa.select(sa.func.min(Sitting.starts))
        .where(Sitting.course_session_id == CourseSession.id, Sitting.date == CourseSession.starts_on)
        .scalar_subquery()
    )


def last_end() -> sa.ScalarSelect[time]:
    return (
        sa.select(sa.func.max(Sitting.ends))
        .where(Sitting.course_session_id == CourseSession.id, Sitting.date == CourseSession.ends_on)
        .scalar_subquery()
    )


def holds(circumstance: str) -> sa.ColumnElement[bool]:
    """The same as SQL, for the filter of a list; false for a word that is no circumstance."""
    day, wall = TODAY, WALL
    today = sa.select(Sitting.id).where(Sitting.course_session_id == CourseSession.id, Sitting.date == day)
    live = CourseSession.status.in_(LIVE)
    ended = sa.or_(
        CourseSession.ends_on < day,
        sa.and_(CourseSession.ends_on == day, ~today.where(Sitting.ends > wall).exists()),
    )
    begun = sa.or_(
        CourseSession.starts_on < day,
        sa.and_(CourseSession.starts_on == day, today.where(Sitting.starts <= wall).exists()),
    )
    if circumstance == Circumstance.FULL:
        return sa.and_(live, ~sa.func.coalesce(ended, sa.false()), seats.taken() >= CourseSession.capacity)
    if circumstance == Circumstance.IN_PROGRESS:
        return sa.and_(live, begun, ~ended)
    if circumstance == Circumstance.ENDED:
        return sa.and_(live, ended)
    return sa.false()
