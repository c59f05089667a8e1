"""Whose supervisor somebody is in a round that is open, and what they said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.models import User
from app.access.scope import within
from app.catalogue.models import Competency, Theme
from app.core.db import db
from app.core.errors import Missing
from app.language import in_language
from app.needs.models import AssessmentRound, Rating, RatingSource, Respondent, RoundItem, RoundStatus
from app.needs.queries import LATEST
from app.needs.team.models import Key, Member, Team
from app.people.models import Employee, Unit

chief, home = aliased(Employee), aliased(Unit)


def _mine(user_id: int, *columns: Any) -> Any:
    """Respondents of open rounds whose supervisor is whoever signs in with this account, as the round has it; of a
    supervisor who left, or where there was none, whoever heads the unit today takes over.
    """
    there = sa.or_(chief.active.is_(True), chief.merged_into_id.is_not(None))
    today = sa.case((there, sa.func.coalesce(chief.merged_into_id, chief.id)), else_=home.head_id)
    me = sa.select(Employee.id).where(Employee.user_id == user_id, Employee.active.is_(True))
    statement = (
        sa.select(*columns)
        .select_from(Respondent)
        .join(AssessmentRound, AssessmentRound.id == Respondent.round_id)
        .join(home, home.id == Respondent.unit_id)
        .outerjoin(chief, chief.id == Respondent.supervisor_id)
        .where(AssessmentRound.status == RoundStatus.OPEN, AssessmentRound.designed.is_(True), today.in_(me))
        .where(Respondent.person_id.not_in(me))
    )
    return within(User).trusting(statement, Respondent, Employee, chief)


def unrated(user_id: int) -> Any:
    """How many of their people they have said nothing of."""
    rated = sa.select(Rating.id).where(
        Rating.round_id == Respondent.round_id,
        Rating.employee_id == Respondent.employee_id,
        Rating.source == RatingSource.SUPERVISOR,
    )
    return _mine(user_id, sa.func.count(Respondent.id)).where(sa.not_(rated.exists()))


def rounds(user_id: int) -> Sequence[AssessmentRound]:
    """The open rounds in which somebody supervises anybody, the latest first."""
    mine = sa.select(AssessmentRound).where(AssessmentRound.id.in_(_mine(user_id, Respondent.round_id)))
    statement = within(User).trusting(mine.order_by(*LATEST), Respondent, Employee, chief)
    found: Sequence[AssessmentRound] = db.session.scalars(statement).all()
    return found


def team(user_id: int, round_id: int | None = None) -> Team | None:
    """Their people in a round (not given: the latest that is open); None where they have none. Missing for a round in
    which they have none. Four statements.
    """
    found = rounds(user_id)
    chosen = next((one for one in found if round_id in (None, one.id)), None)
    if chosen is None:
        if round_id is not None:
            raise Missing
        return None
    rows = db.session.execute(
        within(User)
        .trusting(_mine(user_id, Respondent, Employee, Unit), Employee)
        .join(Employee, Employee.id == Respondent.person_id)
        .join(Unit, Unit.id == Respondent.unit_id)
        .where(Respondent.round_id == chosen.id, Employee.active.is_(True))
        .order_by(Employee.name_sort, Respondent.id)
    ).all()
    asked = _asked(chosen.id, [unit.id for _, _, unit in rows])
    members = [Member(one, person.name, in_language(unit, "name"), asked[unit.id]) for one, person, unit in rows]
    return Team(chosen, members, _said(chosen, members))


def _asked(round_id: int, unit_ids: Sequence[int]) -> dict[int, list[Competency]]:
    rows = db.session.execute(
        sa.select(RoundItem.unit_id, Competency)
        .join(Competency, Competency.id == RoundItem.competency_id)
        .join(Theme, Theme.id == Competency.theme_id)
        .where(RoundItem.round_id == round_id, RoundItem.unit_id.in_(set(unit_ids)))
        .order_by(RoundItem.position, RoundItem.id)
    )
    found: dict[int, list[Competency]] = defaultdict(list)
    for unit_id, competency in rows:
        found[unit_id].append(competency)
    return found


def _said(chosen: AssessmentRound, members: Sequence[Member]) -> dict[Key, Rating]:
    of = {member.respondent.employee_id: member.respondent.id for member in members}
    statement = sa.select(Rating).where(
        Rating.round_id == chosen.id, Rating.source == RatingSource.SUPERVISOR, Rating.employee_id.in_(of)
    )
    ratings = db.session.scalars(within(chosen).trusting(statement, Rating))
    return {(of[rating.employee_id], rating.competency_id): rating for rating in ratings}
