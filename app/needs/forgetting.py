"""The answers of a published analysis go after two years (KVKK); what they add up to, and who was asked, stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.scope import EVERYWHERE
from app.core.clock import local, now
from app.core.db import db
from app.needs.models import AssessmentRound, Need, Questionnaire, Rating, RoundStatus

AT_ONCE = 2_000
"""People whose answers go in one transaction, so that nobody waits for it."""
NOTHING: dict[str, Any] = {"past": "", "preferences": [], "wish": "", "remark": ""}


def _past(before: datetime) -> sa.Select[Any]:
    """Ids of rounds that ended before then. One that is followed up keeps its answers until the follow-up is published:
    both are needed to say whether a gap closed.
    """
    later = aliased(AssessmentRound)
    followed = sa.select(later.id).where(later.follows_id == AssessmentRound.id, later.status != RoundStatus.PUBLISHED)
    return sa.select(AssessmentRound.id).where(
        AssessmentRound.status == RoundStatus.PUBLISHED,
        AssessmentRound.ends_on < local(before).date(),
        sa.not_(followed.exists()),
    )


def old_answers(before: datetime) -> Any:
    """The ratings that would go."""
    old = sa.select(Rating.id).where(Rating.round_id.in_(_past(before)))
    return EVERYWHERE.trusting(old, Rating)  # of everybody: their time is over


def forget_answers(before: datetime) -> int:
    """Destroy the ratings, needs and texts of up to `AT_ONCE` people; how many ratings they had, 0 at the end."""
    first = sa.select(sa.func.min(Rating.round_id)).where(Rating.round_id.in_(_past(before)))
    round_id = db.session.scalar(EVERYWHERE.trusting(first, Rating))  # of everybody: their time is over
    if round_id is None:
        return 0
    some = sa.select(Rating.employee_id).where(Rating.round_id == round_id).distinct()
    some = EVERYWHERE.trusting(some.order_by(Rating.employee_id).limit(AT_ONCE), Rating)  # their time is over
    people = db.session.scalars(some).all()
    gone = 0
    for model in (Need, Rating):
        theirs = sa.delete(model).where(model.round_id == round_id, model.employee_id.in_(people))
        gone = _done(theirs, model)
    _done(sa.update(Questionnaire).where(Questionnaire.round_id == round_id).values(NOTHING), Questionnaire)
    found = db.session.get_one(AssessmentRound, round_id)
    found.answers_gone_at = found.answers_gone_at or now()
    db.session.flush()
    return gone


def _done(statement: Any, model: Any) -> int:
    asked = EVERYWHERE.trusting(statement.execution_options(synchronize_session=False), model)  # their time is over
    return int(db.session.execute(asked).rowcount)  # type: ignore[attr-defined]  # a result of rows changed has it
