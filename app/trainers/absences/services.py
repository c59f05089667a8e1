"""A trainer's absences: entered, taken back."""

from __future__ import annotations

from datetime import date

from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.trainers.events import AbsenceAdded, AbsenceRemoved
from app.trainers.models import Trainer, TrainerAbsence


def add(trainer: Trainer, first_day: date, last_day: date | None, note: str, *, by: Actor) -> TrainerAbsence:
    """`last_day` None: one day. Sittings they give on these days already stay theirs."""
    last_day = last_day or first_day
    if last_day < first_day:
        raise Refused(lazy_gettext("The last day cannot be before the first."), field="last_day")
    made = TrainerAbsence(trainer_id=trainer.id, first_day=first_day, last_day=last_day, note=note)
    db.session.add(made)
    db.session.flush()
    journal.record(AbsenceAdded(trainer.id, first_day.isoformat(), last_day.isoformat()), by=by)
    return made


def remove(absence: TrainerAbsence, *, by: Actor) -> None:
    journal.record(
        AbsenceRemoved(absence.trainer_id, absence.first_day.isoformat(), absence.last_day.isoformat()), by=by
    )
    db.session.delete(absence)
