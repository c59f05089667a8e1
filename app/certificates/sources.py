"""What a snapshot is made of: sittings that took place, who gave them, the logos."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.files.models import Document
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    Sitting,
    SittingState,
    TrainerAssignment,
)
from app.venues.models import Room


def held_sittings(course_session: CourseSession) -> Sequence[Sitting]:
    """The sittings of a session (loaded through a scope) that took place, in time, with room and venue."""
    return db.session.scalars(
        EVERYWHERE.select(Sitting)
        .where(
            Sitting.course_session_id == course_session.id,
            Sitting.state != SittingState.NOT_HELD,
            Sitting.date.is_not(None),
        )
        .options(joinedload(Sitting.room).joinedload(Room.venue))
        .order_by(Sitting.date, Sitting.starts, Sitting.id)
    ).all()


def trainers_of(course_session: CourseSession) -> Sequence[tuple[Trainer, frozenset[int]]]:
    """Whoever gave a sitting that took place, by name, with the ids of the sittings she gave."""
    given = db.session.execute(
        EVERYWHERE.restrict(
            sa.select(TrainerAssignment.trainer_id, TrainerAssignment.sitting_id), TrainerAssignment, Sitting
        )
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .where(
            Sitting.course_session_id == course_session.id,
            Sitting.state != SittingState.NOT_HELD,
            Sitting.date.is_not(None),
            TrainerAssignment.answer != AssignmentAnswer.DECLINED,
        )
    ).all()
    by_trainer: dict[int, set[int]] = {}
    for trainer_id, sitting_id in given:
        by_trainer.setdefault(trainer_id, set()).add(sitting_id)
    trainers = db.session.scalars(
        EVERYWHERE.trusting(EVERYWHERE.select(Trainer), Employee)
        .where(Trainer.id.in_(by_trainer))
        .options(
            joinedload(Trainer.user),
            joinedload(Trainer.employee).joinedload(Employee.organisation),
        )
        .order_by(Trainer.name_sort, Trainer.id)
    ).all()
    return [(trainer, frozenset(by_trainer[trainer.id])) for trainer in trainers]


def pictures(document_ids: Iterable[int]) -> Mapping[int, bytes]:
    """The bytes of logos, by the id of their document."""
    wanted = set(document_ids)
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(Document.id, Document.content).where(Document.id.in_(wanted)))
    return {row.id: row.content for row in rows}
