"""Two records were one person: what both said becomes that person's."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access.scope import within
from app.audit import journal
from app.core.db import db
from app.needs import queries
from app.needs.events import RatingsMoved
from app.needs.models import AssessmentRound, Questionnaire, Respondent
from app.needs.rounds.respondents import link_respondents, stand_in
from app.needs.services import recompute_needs
from app.people.events import EmployeesMerged


def follow_merge(event: EmployeesMerged, by: journal.Actor) -> None:
    """Two records were one person: what either answered is that person's, and stays as it was.

    Only a round that still asks is changed, for it would count the person twice: the merged record's ratings become
    the kept one's, who wins where both have one.
    """
    link_respondents(event.kept_id, event.merged_id)
    moved = dropped = 0
    for assessment_round in queries.open_rounds():
        counts = _hand_over(assessment_round, event.kept_id, event.merged_id)
        moved, dropped = moved + counts[0], dropped + counts[1]
    if moved or dropped:
        journal.record(RatingsMoved(event.kept_id, event.merged_id, moved, dropped), by=by)


def _hand_over(assessment_round: AssessmentRound, kept_id: int, merged_id: int) -> tuple[int, int]:
    """How many ratings moved, and how many were dropped."""
    found = queries.ratings(assessment_round.id, [kept_id, merged_id])
    taken = {(rating.competency_id, rating.source) for rating in found if rating.employee_id == kept_id}
    theirs = [rating for rating in found if rating.employee_id == merged_id]
    stand_in(assessment_round.id, kept_id, merged_id)
    moved = 0
    for rating in theirs:
        if (rating.competency_id, rating.source) in taken:
            db.session.delete(rating)
        else:
            rating.employee_id = kept_id
            moved += 1
    if not assessment_round.designed:  # else they follow when it is closed
        recompute_needs(assessment_round, [kept_id, merged_id])
    _hand_over_questionnaire(assessment_round, kept_id, merged_id)
    gone = sa.delete(Respondent).where(Respondent.round_id == assessment_round.id, Respondent.employee_id == merged_id)
    db.session.execute(within(assessment_round).trusting(gone, Respondent))
    return moved, len(theirs) - moved


def _hand_over_questionnaire(assessment_round: AssessmentRound, kept_id: int, merged_id: int) -> None:
    """One of two is left, at the kept record: the one that is finished, else the one that was begun, else the first."""
    rows = (
        sa.select(Questionnaire)
        .join(Questionnaire.respondent)
        .options(contains_eager(Questionnaire.respondent))
        .where(Respondent.round_id == assessment_round.id, Respondent.employee_id.in_([kept_id, merged_id]))
    )
    found = db.session.scalars(within(assessment_round).trusting(rows, Questionnaire, Respondent)).all()
    home = sa.select(Respondent.id).where(Respondent.round_id == assessment_round.id, Respondent.employee_id == kept_id)
    ours: int | None = db.session.scalar(within(assessment_round).trusting(home, Respondent))
    if ours is None:
        return
    in_order = sorted(found, key=lambda one: (one.finished_at is None, one.started_at is None, one.id))
    for one in in_order[1:]:
        db.session.delete(one)
    db.session.flush()
    for one in in_order[:1]:
        one.respondent_id = ours
    db.session.flush()
