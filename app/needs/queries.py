"""Which round counts; who needs what in it; what people answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.scope import EVERYWHERE, Scope, within
from app.core.db import db
from app.needs.models import (
    SCALE,
    AssessmentRound,
    ImportStatus,
    Need,
    NeedSum,
    Rating,
    RatingsImport,
    Respondent,
    RoundItem,
    RoundPlace,
    RoundStatus,
)
from app.needs.rules import HIGH_FROM, HIGHEST_MWDS
from app.people.models import Employee

LATEST = (AssessmentRound.year.desc(), AssessmentRound.starts_on.desc(), AssessmentRound.id.desc())


def _told() -> sa.ColumnElement[bool]:
    """Rounds everybody may know of who reads needs; a closed one is looked through before it is published. Nobody reads
    half the answers of one that asks people itself: they become needs when it is closed.
    """
    filling = sa.and_(AssessmentRound.status == RoundStatus.OPEN, AssessmentRound.designed.is_(False))
    return sa.or_(AssessmentRound.status == RoundStatus.PUBLISHED, filling)


also = aliased(Respondent)
"""Rounds that asked somebody: all of them are looked at for which is the latest. What `latest_of_person` reads."""


def latest_of_person(statement: Any, person_id: Any = Respondent.person_id) -> Any:
    """`statement` about respondents (loaded through a scope), kept to the round that counts for whoever each is today:
    the latest published one that asked them; before any did, the latest that has begun.

    Who is asked is a municipality's to say: what one publishes is the latest word on its own people, not on others'.
    `person_id`: the id of an `Employee` joined to them, where most are left out for what is cheaper asked of people:
    then the rounds are looked at last.
    """
    published = AssessmentRound.status == RoundStatus.PUBLISHED
    latest = (
        sa.select(also.round_id)
        .join(AssessmentRound, AssessmentRound.id == also.round_id)
        .where(also.person_id == person_id, _told())
        .order_by(published.desc(), *LATEST)
        .limit(1)
        .correlate(Respondent, Employee)
        .scalar_subquery()
    )
    return within(Respondent).trusting(statement, also).where(Respondent.round_id == latest)


def needs_in(competencies: sa.Subquery, needs: Any = Need) -> sa.FromClause:
    """The needs in these competencies (a SELECT of their `id`) by every round whose results everybody may read.

    Joined, not asked for with IN: so it begins with these few competencies and rounds and their own part of an index,
    and not with everybody who was asked.
    """
    rounds = sa.join(competencies, AssessmentRound, _told())
    asked = sa.and_(needs.competency_id == competencies.c.id, needs.round_id == AssessmentRound.id)
    return rounds.join(needs, asked)


def need_in(competencies: Any, needs: Any = Need) -> sa.ColumnElement[bool]:
    """The same as a condition, for what is only counted or sorted inside another statement: there SQLite joins them the
    wrong way round.
    """
    told = sa.select(AssessmentRound.id).where(_told())
    return sa.and_(needs.round_id.in_(told), needs.competency_id.in_(competencies))


def rounds(*, unpublished: Scope | None = None) -> Sequence[AssessmentRound]:
    """Every round whose results are read, latest first; those that are closed and not yet published only as far as they
    ask an institution of the scope `unpublished`.
    """
    return db.session.scalars(_ordered(_read(unpublished))).all()


def rounds_with_breadth(scope: Scope, *, unpublished: Scope | None) -> dict[AssessmentRound, int]:
    """The same, each with the number of institutions this scope sees that it has figures of."""
    number = sa.select(sa.func.count(NeedSum.organisation_id.distinct()))
    figures = scope.restrict(number, NeedSum).where(NeedSum.round_id == AssessmentRound.id, NeedSum.unit_id.is_(None))
    breadth = figures.correlate(AssessmentRound).scalar_subquery()
    statement = within(AssessmentRound).trusting(_ordered(_read(unpublished)).add_columns(breadth), RoundPlace, NeedSum)
    return dict(db.session.execute(statement).all())


def _read(unpublished: Scope | None) -> sa.ColumnElement[bool]:
    told = _told()
    if unpublished is None:
        return told
    return sa.or_(told, sa.and_(AssessmentRound.status == RoundStatus.CLOSED, _asks(unpublished)))


def _asks(scope: Scope) -> sa.ColumnElement[bool]:
    here = RoundPlace.organisation_id.in_(sorted(scope.organisations))
    place = sa.select(RoundPlace.id).where(RoundPlace.round_id == AssessmentRound.id, here)
    return sa.true() if scope.everything else sa.or_(place.exists(), AssessmentRound.designed.is_(False))


def open_rounds() -> Sequence[AssessmentRound]:
    """Rounds that still take ratings."""
    return db.session.scalars(_ordered(AssessmentRound.status == RoundStatus.OPEN)).all()


def _ordered(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return within(AssessmentRound).trusting(sa.select(AssessmentRound).where(which).order_by(*LATEST), RoundPlace)


def asking_round(competencies: sa.Select[Any]) -> AssessmentRound | None:
    """An open round in which one of these competencies (a SELECT of their ids) is asked about or rated, or stands in a
    file that waits for a yes.
    """
    ids = competencies.scalar_subquery()
    rated = sa.select(Rating.round_id).where(Rating.competency_id.in_(ids), Rating.round_id == AssessmentRound.id)
    asks = sa.select(RoundItem.id).where(RoundItem.competency_id.in_(ids), RoundItem.round_id == AssessmentRound.id)
    staged = sa.and_(RatingsImport.status == ImportStatus.STAGED, RatingsImport.round_id == AssessmentRound.id)
    uses, waits = sa.or_(rated.exists(), asks.exists()), sa.select(RatingsImport.id).where(staged).exists()
    rounds = sa.select(AssessmentRound, uses).where(AssessmentRound.status == RoundStatus.OPEN, sa.or_(uses, waits))
    # whether anybody did, not who
    found = db.session.execute(EVERYWHERE.trusting(rounds.order_by(*LATEST), Rating, RatingsImport)).all()
    return next((one for one, used in found if used or _in_file(one, competencies)), None)


def _in_file(assessment_round: AssessmentRound, competencies: sa.Select[Any]) -> bool:
    """Whether a file that waits for a yes has ratings of one of these competencies."""
    asked = set(db.session.scalars(competencies))
    waiting = sa.select(RatingsImport.rows).where(RatingsImport.status == ImportStatus.STAGED)
    waiting = waiting.where(RatingsImport.round_id == assessment_round.id)
    files = db.session.scalars(within(assessment_round).trusting(waiting, RatingsImport))
    return any(row["competency"] in asked for rows in files for row in rows)


def scaled(column: Any) -> sa.ColumnElement[int]:
    """A four-decimal column as a whole number of ten-thousandths, so that SQL adds without rounding."""
    return sa.cast(sa.func.round(column * SCALE), sa.BigInteger)


def is_high() -> sa.ColumnElement[bool]:
    """Whether one person's need is of class High: 100·I·D/20 ≥ 35."""
    least = HIGH_FROM * HIGHEST_MWDS * SCALE * SCALE // 100
    return sa.and_(Need.need.is_(True), scaled(Need.importance) * scaled(Need.gap) >= least)


def with_person(statement: Any) -> Any:
    """`statement` about needs, joined with their respondents and the `Employee` each of these is today."""
    return statement.join(Need.respondent).join(Employee, Employee.id == Respondent.person_id)


# --- suggestions -----------------------------------------------------------------------------------------


def priority_classes(employee_ids: Collection[int], competency_ids: Collection[int]) -> dict[int, int]:
    """For each of these people (loaded through a scope) the priority class for a course with these competencies.

    1: a need of class High in one of them, 2: any need, 3: none. From the latest round that asked each of them.
    """
    classes = dict.fromkeys(employee_ids, 3)
    if not employee_ids or not competency_ids:
        return classes
    highest = sa.select(Respondent.person_id, sa.func.max(sa.case((is_high(), 1), else_=0)))
    found = db.session.execute(
        within(Employee)
        .trusting(latest_of_person(highest.select_from(Need).join(Need.respondent)), Need, Respondent)
        .where(
            Need.competency_id.in_(sorted(competency_ids)),
            Need.need.is_(True),
            Respondent.person_id.in_(sorted(employee_ids)),
        )
        .group_by(Respondent.person_id)
    )
    for employee_id, high in found:
        classes[employee_id] = 1 if high else 2
    return classes


# --- what people answered --------------------------------------------------------------------------------

Answer = TypeVar("Answer", Rating, Need)
AT_ONCE = 10_000
"""Ids named in one statement; databases take at least 32,000."""


def ratings(round_id: int, employee_ids: Collection[int]) -> Sequence[Rating]:
    """What these people (loaded through a scope) and their supervisors said in a round."""
    return _of_people(Rating, round_id, employee_ids)


def needs(round_id: int, employee_ids: Collection[int]) -> Sequence[Need]:
    """The combined ratings of these people (loaded through a scope) in a round."""
    return _of_people(Need, round_id, employee_ids)


def _of_people(model: type[Answer], round_id: int, employee_ids: Collection[int]) -> Sequence[Answer]:
    keys = sorted(employee_ids)
    found: list[Answer] = []
    for start in range(0, len(keys), AT_ONCE):
        theirs = model.employee_id.in_(keys[start : start + AT_ONCE])
        found += db.session.scalars(
            within(Employee).trusting(sa.select(model), model).where(model.round_id == round_id, theirs)
        )
    return found
