"""Days on which trainers are not available."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from app.access.scope import EVERYWHERE, within
from app.core.db import db
from app.core.errors import Missing
from app.trainers.models import Trainer, TrainerAbsence


def absences_of(trainer: Trainer, since: date) -> Sequence[TrainerAbsence]:
    """The absences of a trainer (loaded through a scope) that are not over on `since`, the earliest first."""
    return db.session.scalars(
        within(trainer)
        .select(TrainerAbsence)
        .where(TrainerAbsence.last_day >= since)
        .order_by(TrainerAbsence.first_day, TrainerAbsence.id)
    ).all()


def absence(trainer: Trainer, absence_id: int) -> TrainerAbsence:
    """One absence of a trainer loaded through a scope, or Missing."""
    found = db.session.scalar(within(trainer).select(TrainerAbsence).where(TrainerAbsence.id == absence_id))
    if found is None:
        raise Missing
    return found


def away(trainer_ids: Sequence[int], first: date, last: date) -> Sequence[tuple[int, date, date]]:
    """(trainer, first day, last day) of all absences of these trainers that touch a span of days."""
    if not trainer_ids:
        return []
    columns = sa.select(TrainerAbsence.trainer_id, TrainerAbsence.first_day, TrainerAbsence.last_day)
    found = db.session.execute(
        EVERYWHERE.restrict(columns, TrainerAbsence).where(  # a trainer who is away is so in every province
            TrainerAbsence.trainer_id.in_(trainer_ids),
            TrainerAbsence.first_day <= last,
            TrainerAbsence.last_day >= first,
        )
    )
    return [(key, begins, ends) for key, begins, ends in found]
