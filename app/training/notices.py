"""What trainers are told: that what they were to give does not take place. Participants hear from theirs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from flask import current_app, render_template
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.audit.journal import Actor
from app.core.db import db
from app.language import force_locale, in_language
from app.post.services import enqueue
from app.settings import queries as settings
from app.trainers.models import Trainer
from app.training import history, queries
from app.training.circumstances import over
from app.training.events import SessionMoved, SittingsPostponed
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus, Sitting, TrainerAssignment

ASKED = (SessionStatus.OPEN.value, SessionStatus.CONFIRMED.value, SessionStatus.POSTPONED.value)
"""A draft asks no trainer: nobody has to hear that it is gone."""


def session_moved(event: SessionMoved, by: Actor) -> None:
    """Cancelled, or postponed as a whole: everybody who was asked and has not declined."""
    if event.was not in ASKED or event.now not in (SessionStatus.CANCELLED, SessionStatus.POSTPONED):
        return
    course_session = queries.course_session(EVERYWHERE, event.course_session_id)
    sittings = [each.id for each in queries.sittings(course_session) if not over(each.date, each.ends)]
    _tell(f"trainer_{event.now}", course_session, sittings, course_session.status_reason)


def sittings_postponed(event: SittingsPostponed, by: Actor) -> None:
    """A day of a session that goes on: those who were to give it."""
    course_session = queries.course_session(EVERYWHERE, event.course_session_id)
    if course_session.status.value in ASKED:
        _tell("trainer_postponed", course_session, event.sitting_ids, history.why_postponed(course_session))


def _tell(letter: str, course_session: CourseSession, sitting_ids: Collection[int], reason: str) -> None:
    for trainer in _giving(sitting_ids):
        user = trainer.user if trainer.user is not None and trainer.user.active else None
        language = user.language if user else "tr"
        with force_locale(language):
            text = render_template(
                f"training/mail/{letter}.txt",
                name=trainer.name,
                course=in_language(course_session.course, "name"),
                code=course_session.code,
                reason=reason,
                url=f"{current_app.config['PUBLIC_URL']}/assignments",
                institution=settings.institution(),
            )
        subject, _, body = text.strip().partition("\n")
        first = min(sitting_ids, default=0)
        occasion = f"{letter}:{course_session.id}:{trainer.id}:{first}:v{course_session.version}"
        enqueue(occasion, user.email if user else trainer.email, language, subject, body.strip() + "\n")


def _giving(sitting_ids: Collection[int]) -> Sequence[Trainer]:
    given = sa.select(TrainerAssignment.trainer_id).where(
        TrainerAssignment.sitting_id.in_(sitting_ids), TrainerAssignment.answer != AssignmentAnswer.DECLINED
    )
    return db.session.scalars(
        EVERYWHERE.restrict(sa.select(Trainer), Trainer, User, TrainerAssignment, Sitting)
        .options(joinedload(Trainer.user))
        .where(Trainer.id.in_(given))
        .order_by(Trainer.id)
    ).all()
