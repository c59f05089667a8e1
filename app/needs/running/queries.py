"""How far a round is: by institution, by unit, and who is still to answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import Scope, within
from app.core.clock import today
from app.core.db import db
from app.core.errors import Missing
from app.needs.models import (
    AssessmentRound,
    Questionnaire,
    Rating,
    Respondent,
    RoundChange,
    RoundPlace,
    RoundStatus,
)
from app.needs.rounds.sampling import allocate, sample_size
from app.needs.running.models import Line, Progress
from app.people.models import Unit


def progress(scope: Scope, found: AssessmentRound, organisation_id: int | None = None) -> Progress:
    """How far a round is in the institutions of a scope, or in one of them; Missing where it asks nobody there. Two
    statements.
    """
    counts = _counts(scope, found)
    if organisation_id is not None:
        counts = counts.where(RoundPlace.organisation_id == organisation_id)
    rows = db.session.execute(counts).all()
    if organisation_id is not None and not rows:
        raise Missing
    needed = _needed(found)
    institutions: dict[int, list[Any]] = {}
    for row in rows:
        institutions.setdefault(row[0].id, []).append(row)
    by_unit = len(institutions) == 1
    if by_unit:
        lines = [_line(row[1], [row], None) for row in rows]
    else:
        lines = [_line(of[0][0], of, needed.get(key)) for key, of in institutions.items()]
    whole = _line(rows[0][0] if by_unit else None, rows, sum(needed.get(key, 0) for key in institutions))
    return Progress(whole, lines, by_unit)


def _counts(scope: Scope, found: AssessmentRound) -> Any:
    """Institution, unit, its staff at the opening; how many were asked, told, have begun, have finished."""
    answered = (Questionnaire.told_at, Questionnaire.started_at, Questionnaire.finished_at)
    statement = (
        sa.select(Organisation, Unit, RoundPlace.staff, *(sa.func.count(one) for one in (Questionnaire.id, *answered)))
        .select_from(RoundPlace)
        .join(Organisation, Organisation.id == RoundPlace.organisation_id)
        .join(Unit, Unit.id == RoundPlace.unit_id)
        .outerjoin(
            Respondent, sa.and_(Respondent.round_id == RoundPlace.round_id, Respondent.unit_id == RoundPlace.unit_id)
        )
        .outerjoin(Questionnaire, Questionnaire.respondent_id == Respondent.id)
        .where(RoundPlace.round_id == found.id)
        .group_by(Organisation.id, Unit.id, RoundPlace.staff)
        .order_by(Organisation.name_sort, Unit.name_sort)
    )
    return scope.trusting(scope.restrict(statement, RoundPlace), Respondent, Questionnaire)


def _line(place: Organisation | Unit | None, rows: Iterable[Any], needed: int | None) -> Line:
    staff, asked, told, started, finished = (
        sum(numbers) for numbers in zip((0,) * 5, *(row[2:] for row in rows), strict=True)
    )
    return Line(place, staff, asked, told, started, finished, needed)


def _needed(found: AssessmentRound) -> dict[int, int]:
    """Of how many answers of each institution a sample would consist."""
    staff = staff_then(found)
    return allocate(staff, sample_size(sum(staff.values())))


def staff_then(found: AssessmentRound) -> dict[int, int]:
    """How many worked in the units it asks when it was opened, by institution."""
    summed = sa.select(RoundPlace.organisation_id, sa.func.sum(RoundPlace.staff)).where(RoundPlace.round_id == found.id)
    rows = db.session.execute(within(found).trusting(summed.group_by(RoundPlace.organisation_id), RoundPlace))
    return {key: int(number) for key, number in rows.all()}


def changes(found: AssessmentRound) -> Sequence[RoundChange]:
    """What became of a round, latest first."""
    return db.session.scalars(within(found).select(RoundChange).order_by(RoundChange.id.desc())).all()


def over(scope: Scope) -> sa.Select[Any]:
    """How many open rounds have their last day behind them, all of whose institutions are this scope's."""
    late = sa.select(sa.func.count(AssessmentRound.id)).where(
        AssessmentRound.status == RoundStatus.OPEN,
        AssessmentRound.ends_on < today(),
        AssessmentRound.designed.is_(True),
    )
    if scope.everything:
        return late
    ours = RoundPlace.organisation_id.in_(sorted(scope.organisations))
    place = sa.select(RoundPlace.id).where(RoundPlace.round_id == AssessmentRound.id)
    return late.where(place.where(ours).exists(), sa.not_(place.where(sa.not_(ours)).exists()))


def respondents_of(found: AssessmentRound, organisation_id: int) -> Sequence[int]:
    """The records the round met at an institution."""
    asked = sa.select(Respondent.employee_id).where(
        Respondent.round_id == found.id, Respondent.organisation_id == organisation_id
    )
    return db.session.scalars(within(found).trusting(asked, Respondent)).all()


def usable(found: AssessmentRound, organisation_id: int) -> int:
    """How many of them can be counted: they or their supervisor said both values of something."""
    statement = (
        sa.select(sa.func.count(sa.distinct(Rating.employee_id)))
        .join(Rating.respondent)
        .where(
            Rating.round_id == found.id,
            Respondent.organisation_id == organisation_id,
            Rating.importance.is_not(None),
            Rating.level.is_not(None),
        )
    )
    return db.session.scalar(within(found).trusting(statement, Rating, Respondent)) or 0
