"""Ratings are stored, and what follows from them is computed: never typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.core.db import db
from app.needs import queries, sums
from app.needs.events import RatingsMoved
from app.needs.formulas import Combined, RatingPair
from app.needs.models import AssessmentRound, Need, Rating, RatingSource, Respondent
from app.needs.respondents import link_respondents, stand_in
from app.people.events import EmployeesMerged

FOUR_PLACES = Decimal("0.0001")
CHUNK = 500


def recompute_needs(assessment_round: AssessmentRound, employee_ids: Collection[int]) -> int:
    """Compute the needs of these people from their ratings, and the sums they enter: how many stand afterwards.

    A need whose ratings are gone goes too; the weight of a sampled person stays. Works in slices, so that a whole
    programme may be given.
    """
    keys = sorted(employee_ids)
    stand = sum(_recompute(assessment_round, keys[start : start + CHUNK]) for start in range(0, len(keys), CHUNK))
    sums.recompute_sums_of(keys, round_id=assessment_round.id)
    return stand


def _recompute(assessment_round: AssessmentRound, keys: list[int]) -> int:
    db.session.flush()
    alpha = Fraction(assessment_round.alpha)
    known = {(need.employee_id, need.competency_id): need for need in queries.needs(assessment_round.id, keys)}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for (employee_id, competency_id), pair in pairs(queries.ratings(assessment_round.id, keys)).items():
        combined = pair.combined(alpha)
        if combined is None:
            continue
        need = known.pop((employee_id, competency_id), None)
        facts = _facts(pair, combined)
        if need is not None:
            changed.append({"id": need.id} | facts)
        else:
            new.append(
                {"round_id": assessment_round.id, "employee_id": employee_id, "competency_id": competency_id}
                | {"weight": Decimal(1)}
                | facts
            )
    if new:
        db.session.execute(sa.insert(Need), new)
    if changed:
        db.session.execute(EVERYWHERE.trusting(sa.update(Need), Need), changed)
    for need in known.values():
        db.session.delete(need)
    db.session.flush()
    return len(new) + len(changed)


def pairs(ratings: Collection[Rating]) -> dict[tuple[int, int], RatingPair]:
    """Both sources of each (employee, competency), side by side."""
    sides: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for rating in ratings:
        side = "self" if rating.source is RatingSource.SELF else "supervisor"
        sides[rating.employee_id, rating.competency_id] |= {
            f"importance_{side}": rating.importance,
            f"level_{side}": rating.level,
        }
    return {key: RatingPair(**values) for key, values in sides.items()}


def _facts(pair: RatingPair, combined: Combined) -> dict[str, Any]:
    return {
        "importance": _decimal(combined.importance),
        "level": _decimal(combined.level),
        "gap": _decimal(combined.gap),
        "need": combined.need,
        "single_source": combined.single_source,
        "self_level": pair.level_self if pair.has_self else None,
        "supervisor_level": pair.level_supervisor if pair.has_supervisor else None,
    }


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(FOUR_PLACES)


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
    recompute_needs(assessment_round, [kept_id, merged_id])
    gone = sa.delete(Respondent).where(Respondent.round_id == assessment_round.id, Respondent.employee_id == merged_id)
    db.session.execute(EVERYWHERE.trusting(gone, Respondent))
    return moved, len(theirs) - moved
