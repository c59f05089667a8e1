from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.trainers.models import Trainer
from app.training.models import AssignmentAnswer, CourseSession, Sitting, TrainerAssignment
from app.venues.models import Room, Venue


def course_session(scope: Scope, course_session_id: int) -> CourseSession:
    """One course session with its course and province, or Missing."""
    return scope.get(
        CourseSession,
        course_session_id,
        joinedload(CourseSession.course),
        joinedload(CourseSession.province),
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
        EVERYWHERE.select(Sitting)
        .where(Sitting.course_session_id == course_session.id)
        .options(joinedload(Sitting.room).joinedload(Room.venue))
        .order_by(Sitting.date.is_(None), Sitting.date, Sitting.starts, Sitting.id)
    ).all()


def assignments(course_session: CourseSession) -> Sequence[TrainerAssignment]:
    """Who gives which sitting, with the trainer and her answer (also a declined one), by trainer's name."""
    return db.session.scalars(
        EVERYWHERE.restrict(sa.select(TrainerAssignment), TrainerAssignment, Sitting, Trainer)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
        .where(Sitting.course_session_id == course_session.id)
        .options(joinedload(TrainerAssignment.trainer))
        .order_by(Trainer.name_sort, Trainer.id, Sitting.date, Sitting.starts, Sitting.id)
    ).all()


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
        EVERYWHERE.restrict(sa.select(Trainer), Trainer, Sitting, TrainerAssignment)
        .where(Trainer.id.in_(giving))
        .order_by(Trainer.name_sort, Trainer.id)
    ).all()


def places(course_session: CourseSession) -> Sequence[Venue]:
    """Where its sittings take place, the most used first."""
    return db.session.scalars(
        EVERYWHERE.restrict(sa.select(Venue), Sitting)
        .join(Room, Room.venue_id == Venue.id)
        .join(Sitting, Sitting.room_id == Room.id)
        .where(Sitting.course_session_id == course_session.id)
        .group_by(Venue.id)
        .order_by(sa.func.count().desc(), Venue.id)
    ).all()
