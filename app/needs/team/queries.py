"""Whose supervisor somebody is in a round that is open, and what they said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.models import User
from app.access.scope import within
from app.catalogue.models import Competency, Theme
from app.core.clock import local
from app.core.db import db
from app.core.errors import Missing
from app.language import in_language
from app.needs.answers.queries import LIVES_ON
from app.needs.models import AssessmentRound, Rating, RatingSource, Respondent, RoundItem, RoundStatus
from app.needs.queries import LATEST
from app.needs.team.models import Key, Member, Team
from app.people.models import Employee, PersonalLink, Unit

chief, person, home = aliased(Employee), aliased(Employee), aliased(Unit)


@dataclass(frozen=True)
class Rater:
    """Whoever rates: a SELECT of the ids of the records that are theirs, and what these are seen through."""

    ids: Any
    through: Any


def of_user(user_id: int) -> Rater:
    """Whoever signs in with this account."""
    return Rater(sa.select(Employee.id).where(Employee.user_id == user_id, Employee.active.is_(True)), User)


def of_link(link: PersonalLink) -> Rater:
    """Whoever was given this link."""
    return Rater(sa.select(Employee.id).where(Employee.id == link.employee_id, Employee.active.is_(True)), link)


def until(link: PersonalLink) -> date:
    """Thirty days after the last day of the rounds in which whoever has it rates anybody, or after it was made."""
    return max([local(link.created_at).date(), *(one.ends_on for one in rounds(of_link(link)))]) + LIVES_ON


def _there() -> sa.ColumnElement[bool]:
    return sa.or_(chief.active.is_(True), chief.merged_into_id.is_not(None))


def supervisor_today() -> sa.ColumnElement[int | None]:
    """A respondent's supervisor as the round has it; of one who left, or where there was none, whoever heads the unit
    today takes over. For a statement joined by `with_supervisor`.
    """
    return sa.case((_there(), sa.func.coalesce(chief.merged_into_id, chief.id)), else_=home.head_id)


def supervised_by(rater: Rater) -> sa.ColumnElement[bool]:
    """Whether somebody is the supervisor of a respondent today, and not the respondent: `supervisor_today`, asked only
    of whom an index finds under their name, under one that was merged into theirs, or in a unit they head, and not of
    everybody whom a round met. For a statement joined by `beside_supervisor`.
    """
    merged = sa.select(Employee.id).where(Employee.merged_into_id.in_(rater.ids))
    headed = sa.select(Unit.id).where(Unit.head_id.in_(rater.ids))
    ways = ((Respondent.supervisor_id, rater.ids), (Respondent.supervisor_id, merged), (Respondent.unit_id, headed))
    found = sa.union_all(*(sa.select(Respondent.id).where(key.in_(ids)).correlate(None) for key, ids in ways))
    theirs = supervisor_today().in_(rater.ids)
    return sa.and_(Respondent.id.in_(found), theirs, Respondent.person_id.not_in(rater.ids))


def beside_supervisor(statement: Any) -> Any:
    """`statement` about respondents, joined with what `supervisor_today` asks."""
    return statement.join(home, home.id == Respondent.unit_id).outerjoin(chief, chief.id == Respondent.supervisor_id)


def with_supervisor(statement: Any) -> Any:
    """The same, of open rounds that ask people themselves."""
    return beside_supervisor(statement.join(AssessmentRound, AssessmentRound.id == Respondent.round_id)).where(
        AssessmentRound.status == RoundStatus.OPEN, AssessmentRound.designed.is_(True)
    )


def _mine(rater: Rater, *columns: Any) -> Any:
    """Respondents of open rounds whose supervisor somebody is."""
    statement = with_supervisor(sa.select(*columns).select_from(Respondent)).where(supervised_by(rater))
    return within(rater.through).trusting(statement, Respondent, Employee, chief)


def was_theirs(rater: Rater, respondent_id: int) -> bool:
    """Whether somebody's supervisor, in a round that may be closed by now, is whoever asks."""
    statement = beside_supervisor(sa.select(Respondent.id)).where(
        Respondent.id == respondent_id, supervisor_today().in_(rater.ids)
    )
    return db.session.scalar(within(rater.through).trusting(statement, Respondent, Employee, chief)) is not None


def unrated(user_id: int) -> Any:
    """How many of their people they have said nothing of."""
    rated = sa.select(Rating.id).where(
        Rating.round_id == Respondent.round_id,
        Rating.employee_id == Respondent.employee_id,
        Rating.source == RatingSource.SUPERVISOR,
    )
    return _mine(of_user(user_id), sa.func.count(Respondent.id)).where(sa.not_(rated.exists()))


def owed() -> Any:
    """How many ratings of a respondent their supervisor still owes."""
    asked = sa.select(sa.func.count(RoundItem.id)).where(
        RoundItem.round_id == Respondent.round_id, RoundItem.unit_id == Respondent.unit_id
    )
    said = sa.select(sa.func.count(Rating.id)).where(
        Rating.round_id == Respondent.round_id,
        Rating.employee_id == Respondent.employee_id,
        Rating.source == RatingSource.SUPERVISOR,
        sa.or_(Rating.relevant.is_(False), sa.and_(Rating.importance.is_not(None), Rating.level.is_not(None))),
    )
    return asked.correlate(Respondent).scalar_subquery() - said.correlate(Respondent).scalar_subquery()


def unfinished(user_id: int) -> Any:
    """Of how many of their people in open rounds not everything was said."""
    statement = _mine(of_user(user_id), sa.func.count(Respondent.id))
    return statement.join(person, person.id == Respondent.person_id).where(person.active.is_(True), owed() > 0)


def rounds(rater: Rater) -> Sequence[AssessmentRound]:
    """The open rounds in which somebody supervises anybody, the latest first."""
    mine = sa.select(AssessmentRound).where(AssessmentRound.id.in_(_mine(rater, Respondent.round_id)))
    statement = within(rater.through).trusting(mine.order_by(*LATEST), Respondent, Employee, chief)
    found: Sequence[AssessmentRound] = db.session.scalars(statement).all()
    return found


def team(rater: Rater, round_id: int | None = None) -> Team | None:
    """Their people in a round (not given: the latest that is open); None where they have none. Missing for a round in
    which they have none. Four statements.
    """
    found = rounds(rater)
    chosen = next((one for one in found if round_id in (None, one.id)), None)
    if chosen is None:
        if round_id is not None:
            raise Missing
        return None
    rows = db.session.execute(
        within(rater.through)
        .trusting(_mine(rater, Respondent, Employee, Unit), Employee)
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
