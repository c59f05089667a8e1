"""Trainers no letter reaches, and what somebody has to tell them. Of participants it stands on their enrolment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access.scope import Scope, within
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now
from app.core.db import db, local_date
from app.core.errors import Missing
from app.core.tables.written import TODAY
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training import queries
from app.training.events import TrainerToldOtherwise
from app.training.models import AssignmentAnswer, CourseSession, UntoldTrainer


@dataclass(frozen=True)
class Unwritten:
    """A trainer without an address whom nobody has told yet. `sittings`: how many she gives; `asked`: is to answer."""

    trainer_id: int
    name: str
    institution: str
    phone: str
    sittings: int
    asked: bool


def still_due(since: Any) -> sa.ColumnElement[bool]:
    """Whether what was to be told since then still is, beside the session it is about: once that has begun, only what
    came up afterwards. A document may be ready on the very day.
    """
    ahead = sa.or_(CourseSession.starts_on.is_(None), CourseSession.starts_on > TODAY)
    later = sa.or_(local_date(since) > CourseSession.starts_on, since >= CourseSession.finalised_at)
    return sa.and_(since.is_not(None), sa.or_(ahead, later))


def rows(scope: Scope, course_session: CourseSession) -> Any:
    """Statement: the trainers of a session who are still to be told something."""
    statement = scope.trusting(scope.select(UntoldTrainer), CourseSession, Trainer, Employee)
    return (
        statement.join(UntoldTrainer.course_session)
        .join(UntoldTrainer.trainer)
        .where(UntoldTrainer.course_session_id == course_session.id, still_due(UntoldTrainer.since))
    )


def waiting(scope: Scope, course_session: CourseSession) -> Sequence[Unwritten]:
    """The same, by name."""
    found = db.session.scalars(
        rows(scope, course_session)
        .options(contains_eager(UntoldTrainer.trainer).joinedload(Trainer.employee))
        .order_by(Trainer.name_sort, Trainer.id)
    ).all()
    given = queries.assignments(course_session) if found else []
    return [_unwritten(row.trainer, [each for each in given if each.trainer_id == row.trainer_id]) for row in found]


def _unwritten(trainer: Trainer, given: Sequence[Any]) -> Unwritten:
    gives = [each for each in given if each.answer is not AssignmentAnswer.DECLINED]
    asked = any(each.answer is AssignmentAnswer.PENDING for each in gives)
    phone = trainer.employee.phone if trainer.employee is not None else ""
    return Unwritten(trainer.id, trainer.name, trainer.institution, phone, len(gives), asked)


def wait(course_session: CourseSession, trainer_id: int) -> None:
    """From now on there is something to tell her that no letter could."""
    row = _row(course_session, trainer_id)
    if row is None:
        db.session.add(UntoldTrainer(course_session_id=course_session.id, trainer_id=trainer_id))
        db.session.flush()
    else:
        row.since = now()


def told(course_session: CourseSession, trainer_id: int, *, by: Actor) -> None:
    """She was told, by phone or in person."""
    row = _row(course_session, trainer_id)
    if row is None:
        raise Missing
    db.session.delete(row)
    journal.record(TrainerToldOtherwise(course_session.id, trainer_id), by=by)


def _row(course_session: CourseSession, trainer_id: int) -> UntoldTrainer | None:
    found: UntoldTrainer | None = db.session.scalar(
        within(course_session).select(UntoldTrainer).where(UntoldTrainer.trainer_id == trainer_id)
    )
    return found
