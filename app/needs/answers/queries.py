"""Whose questionnaire it is, what it asks, and what was said so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access.models import User
from app.access.scope import within
from app.core.clock import local, today
from app.core.db import db
from app.core.errors import Missing
from app.needs.answers.models import Sheet
from app.needs.models import AssessmentRound, Questionnaire, Rating, RatingSource, Respondent, RoundStatus
from app.needs.rounds.queries import items
from app.people.models import Employee, PersonalLink

LIVES_ON = timedelta(days=30)


def until(link: PersonalLink) -> date | None:
    """Thirty days after the last day of its round, so that whoever comes late is told that it is over."""
    last = db.session.scalar(sa.select(AssessmentRound.ends_on).where(AssessmentRound.id == link.about))
    return (last or local(link.created_at).date()) + LIVES_ON


def _questionnaires() -> Any:
    """With round and respondent, of people who are still there."""
    return (
        sa.select(Questionnaire)
        .join(Questionnaire.respondent)
        .join(Questionnaire.round)
        .join(Employee, Employee.id == Respondent.person_id)
        .options(contains_eager(Questionnaire.respondent), contains_eager(Questionnaire.round))
        .where(Employee.active.is_(True), AssessmentRound.status != RoundStatus.DRAFT)
    )


def own(user_id: int) -> Sequence[Questionnaire]:
    """The questionnaires of whoever signs in with this account, of rounds that are open, the latest first."""
    mine = _questionnaires().where(Employee.user_id == user_id, AssessmentRound.status == RoundStatus.OPEN)
    mine = within(User).trusting(mine.order_by(Questionnaire.id.desc()), Questionnaire, Respondent, Employee)
    return db.session.scalars(mine).all()


def waiting(user_id: int) -> sa.Select[Any]:
    """How many they have not finished."""
    return (
        sa.select(sa.func.count(Questionnaire.id))
        .join(Questionnaire.respondent)
        .join(Questionnaire.round)
        .join(Employee, Employee.id == Respondent.person_id)
        .where(Employee.user_id == user_id, Employee.active.is_(True), Questionnaire.finished_at.is_(None))
        .where(AssessmentRound.status == RoundStatus.OPEN, AssessmentRound.ends_on >= today())
    )


def of_user(user_id: int, round_id: int) -> Questionnaire:
    """Their questionnaire of a round, or Missing."""
    mine = _questionnaires().where(Employee.user_id == user_id, Questionnaire.round_id == round_id)
    return _first(within(User).trusting(mine, Questionnaire, Respondent, Employee))


def of_link(link: PersonalLink) -> Questionnaire:
    """The questionnaire a personal link leads to, or Missing."""
    theirs = _questionnaires().where(Employee.id == link.employee_id, Questionnaire.round_id == link.about)
    return _first(within(link).trusting(theirs, Questionnaire, Respondent, Employee))


def _first(statement: Any) -> Questionnaire:
    # of two records that were one person the further one
    latest = statement.order_by(Questionnaire.finished_at.is_(None), Questionnaire.started_at.is_(None))
    found: Questionnaire | None = db.session.scalars(latest.limit(1)).first()
    if found is None:
        raise Missing
    return found


def sheet(questionnaire: Questionnaire) -> Sheet:
    """What it asks and what was said; the questionnaire was found through a user or a link."""
    respondent = questionnaire.respondent
    said = within(questionnaire).trusting(sa.select(Rating), Rating, Respondent)
    ratings = db.session.scalars(
        said.where(
            Rating.round_id == respondent.round_id,
            Rating.employee_id == respondent.employee_id,
            Rating.source == RatingSource.SELF,
        )
    )
    asked = items(respondent.round_id, respondent.unit_id)
    return Sheet(questionnaire, asked, {rating.competency_id: rating for rating in ratings})


def written(user_id: int) -> Sequence[sa.Row[AssessmentRound, Questionnaire]]:
    """Every questionnaire of whoever signs in with this account, latest first."""
    statement = (
        sa.select(AssessmentRound, Questionnaire)
        .join(Questionnaire.respondent)
        .join(AssessmentRound, AssessmentRound.id == Questionnaire.round_id)
        .join(Employee, Employee.id == Respondent.person_id)
        .where(Employee.user_id == user_id)
        .order_by(Questionnaire.id.desc())
    )
    return db.session.execute(within(User).trusting(statement, Questionnaire, Respondent, Employee)).all()
