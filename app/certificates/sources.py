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


def dated_sittings(course_session: CourseSession) -> Sequence[Sitting]:
    """The sittings of a session (loaded through a scope) that have a day, in time, with room and venue."""
    return db.session.scalars(
        EVERYWHERE.select(Sitting)
        .where(Sitting.course_session_id == course_session.id, Sitting.date.is_not(None))
        .options(joinedload(Sitting.room).joinedload(Room.venue))
        .order_by(Sitting.date, Sitting.starts, Sitting.id)
    ).all()


def held(sittings: Iterable[Sitting]) -> tuple[Sitting, ...]:
    """Those that took place."""
    return tuple(sitting for sitting in sittings if sitting.state is not SittingState.NOT_HELD)


def trainers_of(course_session: CourseSession) -> Sequence[tuple[Trainer, frozenset[int]]]:
    """Whoever gave a sitting that took place, by name, with the ids of the sittings they gave."""
    found = db.session.execute(
        EVERYWHERE.restrict(
            sa.select(Trainer, TrainerAssignment.sitting_id), Trainer, TrainerAssignment, Sitting, Employee
        )
        .join(TrainerAssignment, TrainerAssignment.trainer_id == Trainer.id)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .where(
            Sitting.course_session_id == course_session.id,
            Sitting.state != SittingState.NOT_HELD,
            Sitting.date.is_not(None),
            TrainerAssignment.answer != AssignmentAnswer.DECLINED,
        )
        .options(
            joinedload(Trainer.user),
            joinedload(Trainer.employee).joinedload(Employee.organisation),
        )
        .order_by(Trainer.name_sort, Trainer.id)
    )
    given: dict[Trainer, set[int]] = {}
    for trainer, sitting_id in found:
        given.setdefault(trainer, set()).add(sitting_id)
    return [(trainer, frozenset(sitting_ids)) for trainer, sitting_ids in given.items()]


def pictures(document_ids: Iterable[int]) -> Mapping[int, bytes]:
    """The bytes of logos, by the id of their document."""
    wanted = set(document_ids)
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(Document.id, Document.content).where(Document.id.in_(wanted)))
    return {row.id: row.content for row in rows}
