"""Rounds as whoever runs them sees them: whom they ask what, and who would be drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access.models import Organisation
from app.access.scope import Scope, within
from app.catalogue.models import Competency, Theme
from app.core.db import db
from app.core.errors import Missing
from app.language import in_language
from app.needs.models import Asking, AssessmentRound, Respondent, RoundItem, RoundPlace, RoundStatus
from app.needs.queries import LATEST
from app.needs.rounds.models import Design, Listed, Place, Stratum
from app.needs.rounds.rules import Asked, draw
from app.needs.rounds.sampling import allocate, sample_size
from app.people.models import Employee, Unit


def _seen(scope: Scope) -> sa.ColumnElement[bool]:
    """Rounds that ask an institution of the scope; those from before rounds were designed are the programme's."""
    if scope.everything:
        return sa.true()
    here = sa.select(RoundPlace.id).where(
        RoundPlace.round_id == AssessmentRound.id, RoundPlace.organisation_id.in_(sorted(scope.organisations))
    )
    return here.exists()


def rounds(scope: Scope, *, drafts: bool) -> list[Listed]:
    """The rounds that ask an institution of this scope, latest first; `drafts`: those being designed, too."""
    number = sa.select(sa.func.count(sa.distinct(RoundPlace.organisation_id)))
    theirs = scope.restrict(number.where(RoundPlace.round_id == AssessmentRound.id), RoundPlace)
    statement = sa.select(AssessmentRound, theirs.correlate(AssessmentRound).scalar_subquery()).where(_seen(scope))
    if not drafts:
        statement = statement.where(AssessmentRound.status != RoundStatus.DRAFT)
    rows = db.session.execute(scope.trusting(statement.order_by(*LATEST), RoundPlace))
    return [Listed(found, institutions) for found, institutions in rows]


def round_seen(scope: Scope, round_id: int) -> AssessmentRound:
    """A round that asks an institution of this scope, or Missing."""
    statement = sa.select(AssessmentRound).where(AssessmentRound.id == round_id, _seen(scope))
    found: AssessmentRound | None = db.session.scalar(scope.trusting(statement, RoundPlace))
    if found is None:
        raise Missing
    return found


def round_run(scope: Scope, round_id: int) -> AssessmentRound:
    """A round all of whose institutions are this scope's, or Missing: whoever changes it changes it for all of them."""
    found = round_seen(scope, round_id)
    if not runs(scope, found):
        raise Missing
    return found


def runs(scope: Scope, found: AssessmentRound) -> bool:
    """Whether this scope reaches every institution the round (seen through it) asks."""
    if scope.everything:
        return True
    elsewhere = RoundPlace.organisation_id.not_in(sorted(scope.organisations))
    return db.session.scalar(within(found).select(RoundPlace).where(elsewhere).limit(1)) is None


# --- whom it asks ----------------------------------------------------------------------------------------


def in_service() -> sa.ColumnElement[bool]:
    return sa.and_(Employee.active.is_(True), Employee.merged_into_id.is_(None))


def staff(found: AssessmentRound) -> Any:
    """A SELECT of the ids of whoever can be asked: the staff of the round's units today. Of a follow-up whoever was
    asked before and is still at that institution.
    """
    here = sa.and_(RoundPlace.unit_id == Employee.unit_id, RoundPlace.round_id == found.id)
    people = sa.select(Employee.id).join(RoundPlace, here).where(in_service())
    if found.follows_id is not None:
        before = sa.select(Respondent.person_id).where(
            Respondent.round_id == found.follows_id, Respondent.organisation_id == Employee.organisation_id
        )
        people = people.where(Employee.id.in_(before))
    return within(found).trusting(people, RoundPlace, Employee, Respondent)


def _staff_by_unit(found: AssessmentRound) -> Any:
    unit = sa.select(Employee.unit_id, sa.func.count()).where(Employee.id.in_(staff(found))).group_by(Employee.unit_id)
    return within(found).trusting(unit, Employee, RoundPlace, Respondent)


def design(scope: Scope, found: AssessmentRound) -> Design:
    """Whom a round asks in the institutions of this scope, as things stand today. Three statements."""
    people = dict(db.session.execute(_staff_by_unit(found)).all())
    number = sa.select(sa.func.count()).where(RoundItem.round_id == found.id, RoundItem.unit_id == RoundPlace.unit_id)
    rows = db.session.execute(
        scope.restrict(
            sa.select(Organisation, Unit, number.correlate(RoundPlace).scalar_subquery(), RoundPlace.id),
            RoundPlace,
        )
        .select_from(RoundPlace)
        .join(Organisation, Organisation.id == RoundPlace.organisation_id)
        .join(Unit, Unit.id == RoundPlace.unit_id)
        .where(RoundPlace.round_id == found.id)
        .order_by(Organisation.name_sort, Unit.name_sort)
    )
    strata: dict[int, Stratum] = {}
    for organisation, unit, items, key in rows:
        stratum = strata.setdefault(organisation.id, Stratum(organisation))
        stratum.places.append(Place(key, unit, people.get(unit.id, 0), items))
    numbers = shares(found, {key: one.staff for key, one in strata.items()})
    for key, one in strata.items():
        one.asked = numbers[key]
    return Design(list(strata.values()), _retired(found))


def shares(found: AssessmentRound, staff_of: Mapping[int, int]) -> dict[int, int]:
    """How many of each institution's staff are asked: all, or its share of a sample."""
    if found.asking is Asking.EVERYONE or found.follows_id is not None:
        return dict(staff_of)
    return allocate(staff_of, sample_size(sum(staff_of.values())))


def _retired(found: AssessmentRound) -> list[str]:
    asked = sa.select(RoundItem.competency_id).where(RoundItem.round_id == found.id)
    statement = sa.select(Competency).where(Competency.id.in_(asked), Competency.active.is_(False))
    return [in_language(one, "name") for one in db.session.scalars(statement.order_by(Competency.id))]


def drawn(found: AssessmentRound) -> dict[int, list[int]]:
    """Who is asked today, by institution: everybody, or the draw of this seed."""
    people: dict[int, list[int]] = defaultdict(list)
    statement = sa.select(Employee.organisation_id, Employee.id).where(Employee.id.in_(staff(found)))
    for organisation_id, key in db.session.execute(
        within(found).trusting(statement, Employee, RoundPlace, Respondent)
    ).all():
        people[organisation_id].append(key)
    numbers = shares(found, {key: len(theirs) for key, theirs in sorted(people.items())})
    return {key: draw(theirs, numbers[key], seed=found.seed, stratum=key) for key, theirs in people.items()}


def asked_of(found: AssessmentRound) -> list[int]:
    """Ids of everybody a round asks: its respondents, or of a draft whoever it would ask today."""
    if found.status is RoundStatus.DRAFT:
        return [key for theirs in drawn(found).values() for key in theirs]
    asked = sa.select(Respondent.person_id).where(Respondent.round_id == found.id)
    return list(db.session.scalars(within(found).trusting(asked, Respondent)))


def named(scope: Scope, ids: Collection[int]) -> Sequence[Any]:
    """Rows (employee, institution, unit) of those of these people whom the scope sees, by institution and name."""
    statement = (
        scope.restrict(sa.select(Employee, Organisation, Unit), Employee)
        .join(Organisation, Organisation.id == Employee.organisation_id)
        .join(Unit, Unit.id == Employee.unit_id)
        .where(Employee.id.in_(sorted(ids)))
        .order_by(Organisation.name_sort, Employee.name_sort, Employee.id)
    )
    return db.session.execute(statement).all()


# --- what it asks ----------------------------------------------------------------------------------------


def catalogue() -> list[Asked]:
    """Every competency in use, in the order in which questionnaires ask."""
    rows = db.session.execute(
        sa.select(Competency.id, Competency.slug, Theme.slug)
        .join(Theme, Theme.id == Competency.theme_id)
        .where(Competency.active.is_(True))
        .order_by(Theme.position, Competency.name_sort)
    )
    return [Asked(*row) for row in rows]


def units(organisation_ids: Collection[int]) -> Sequence[Unit]:
    """Every unit of these institutions."""
    statement = sa.select(Unit).where(Unit.organisation_id.in_(sorted(organisation_ids)))
    return db.session.scalars(statement.order_by(Unit.name_sort)).all()


def institutions(found: AssessmentRound) -> set[int]:
    return set(
        db.session.scalars(
            within(found)
            .trusting(sa.select(RoundPlace.organisation_id), RoundPlace)
            .where(RoundPlace.round_id == found.id)
        )
    )


def homes(scope: Scope, found: AssessmentRound) -> Sequence[Organisation]:
    """The institutions of this scope that the round asks, by name."""
    asked = scope.restrict(sa.select(RoundPlace.organisation_id), RoundPlace).where(RoundPlace.round_id == found.id)
    statement = sa.select(Organisation).where(Organisation.id.in_(asked)).order_by(Organisation.name_sort)
    return db.session.scalars(scope.trusting(statement, RoundPlace)).all()


def unit_ids(found: AssessmentRound) -> Sequence[int]:
    """Ids of every unit the round asks."""
    asked = sa.select(RoundPlace.unit_id).where(RoundPlace.round_id == found.id)
    return db.session.scalars(within(found).trusting(asked, RoundPlace)).all()


def units_alike(found: AssessmentRound, unit: Unit) -> list[int]:
    """Ids of the units of this unit's kind that the round asks, itself among them."""
    alike = sa.select(Unit.id).join(RoundPlace, RoundPlace.unit_id == Unit.id)
    alike = alike.where(RoundPlace.round_id == found.id, Unit.function == unit.function)
    return list(db.session.scalars(within(found).trusting(alike, RoundPlace)))


def place(scope: Scope, found: AssessmentRound, unit_id: int) -> Unit:
    """A unit the round asks, of an institution of this scope, with it; or Missing."""
    statement = (
        scope.restrict(sa.select(Unit).join(RoundPlace, RoundPlace.unit_id == Unit.id), RoundPlace)
        .join(Unit.organisation)
        .options(contains_eager(Unit.organisation))
        .where(RoundPlace.round_id == found.id, Unit.id == unit_id)
    )
    unit: Unit | None = db.session.scalar(statement)
    if unit is None:
        raise Missing
    return unit


def items(round_id: int, unit_id: int) -> Sequence[RoundItem]:
    """The questionnaire of a unit in its order, each with competency and theme."""
    return db.session.scalars(
        sa.select(RoundItem)
        .join(RoundItem.competency)
        .join(Competency.theme)
        .options(contains_eager(RoundItem.competency).contains_eager(Competency.theme))
        .where(RoundItem.round_id == round_id, RoundItem.unit_id == unit_id)
        .order_by(RoundItem.position, RoundItem.id)
    ).all()


def all_competencies() -> Sequence[Competency]:
    """In use, with their theme, as questionnaires order them."""
    return db.session.scalars(
        sa.select(Competency)
        .join(Competency.theme)
        .options(contains_eager(Competency.theme))
        .where(Competency.active.is_(True))
        .order_by(Theme.position, Competency.name_sort)
    ).all()
