"""What a trainer was and is to give, added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.access.scope import within
from app.catalogue.models import Course
from app.core.clock import now
from app.core.db import db
from app.trainers.models import Trainer
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    SessionStatus,
    Sitting,
    SittingState,
    TrainerAssignment,
)
from app.training.rules import over


@dataclass(frozen=True)
class LedgerRow:
    """A course in a quarter. `delivered`: minutes of sittings that are over and took place, as long as they did."""

    year: int
    quarter: int
    code: str
    name_tr: str
    name_en: str
    planned: int
    delivered: int


def ledger(trainer: Trainer) -> Sequence[LedgerRow]:
    """The hours of a trainer (loaded through a scope) by quarter, the latest first, and course. Nothing of drafts, of
    what was cancelled or postponed, or of what they declined.
    """
    statement = (
        sa.select(
            Sitting.date,
            Sitting.ends,
            Sitting.minutes,
            Sitting.state,
            Sitting.effective_minutes,
            Course.code,
            Course.name_tr,
            Course.name_en,
        )
        .select_from(TrainerAssignment)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .where(
            TrainerAssignment.trainer_id == trainer.id,
            TrainerAssignment.answer != AssignmentAnswer.DECLINED,
            CourseSession.status.in_((SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.FINALISED)),
        )
    )
    sums: dict[tuple[int, int, str, str, str], list[int]] = {}
    found = db.session.execute(within(trainer).trusting(statement, TrainerAssignment, Sitting, CourseSession))
    for day, ends, minutes, state, effective, code, name_tr, name_en in found:
        if day is None:
            continue
        held = over(day, ends, now()) and state is not SittingState.NOT_HELD
        both = sums.setdefault((day.year, (day.month + 2) // 3, code, name_tr, name_en), [0, 0])
        both[0] += minutes
        both[1] += (minutes if effective is None else effective) if held else 0
    rows = [LedgerRow(*key, *both) for key, both in sums.items()]
    return sorted(rows, key=lambda row: (-row.year, -row.quarter, row.code))
