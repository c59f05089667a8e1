from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.access.models import Organisation
from app.access.scope import Scope, within
from app.catalogue.models import Competency
from app.core.db import db
from app.needs.handwritten.rules import code_of
from app.needs.models import AssessmentRound, Questionnaire, Respondent, RoundItem
from app.people.models import Employee, Unit

MOST = 100
"""Sheets printed at once."""


@dataclass(frozen=True)
class Sheet:
    """One person's questionnaire, as it is printed."""

    code: str
    name: str
    organisation: Organisation
    unit: Unit
    asked: Sequence[Competency]


def sheets(scope: Scope, found: AssessmentRound, organisation_id: int | None, unit_id: int | None) -> list[Sheet]:
    """Of those of this scope who have not finished, by unit and name; at most `MOST`. Two statements."""
    statement = (
        scope.restrict(sa.select(Questionnaire.id, Employee, Organisation, Unit), Respondent)
        .select_from(Questionnaire)
        .join(Questionnaire.respondent)
        .join(Employee, Employee.id == Respondent.person_id)
        .join(Organisation, Organisation.id == Respondent.organisation_id)
        .join(Unit, Unit.id == Respondent.unit_id)
        .where(Questionnaire.round_id == found.id, Questionnaire.finished_at.is_(None), Employee.active.is_(True))
        .order_by(Organisation.name_sort, Unit.name_sort, Unit.id, Employee.name_sort, Employee.id)
    )
    if organisation_id is not None:
        statement = statement.where(Respondent.organisation_id == organisation_id)
    if unit_id is not None:
        statement = statement.where(Respondent.unit_id == unit_id)
    rows = db.session.execute(scope.trusting(statement.limit(MOST), Questionnaire, Employee)).all()
    asked = _asked(found, {unit.id for _, _, _, unit in rows})
    return [Sheet(code_of(key), person.name, home, unit, asked[unit.id]) for key, person, home, unit in rows]


def _asked(found: AssessmentRound, unit_ids: set[int]) -> dict[int, list[Competency]]:
    rows = (
        sa.select(RoundItem.unit_id, Competency)
        .join(Competency, Competency.id == RoundItem.competency_id)
        .where(RoundItem.round_id == found.id, RoundItem.unit_id.in_(unit_ids))
        .order_by(RoundItem.position, RoundItem.id)
    )
    asked: dict[int, list[Competency]] = defaultdict(list)
    for unit_id, competency in db.session.execute(rows):
        asked[unit_id].append(competency)
    return asked


def units(scope: Scope, found: AssessmentRound) -> Sequence[Unit]:
    """The units of this scope in which somebody was asked, with their institution."""
    met = scope.restrict(sa.select(Respondent.unit_id), Respondent).where(Respondent.round_id == found.id)
    statement = (
        sa.select(Unit)
        .join(Unit.organisation)
        .options(contains_eager(Unit.organisation))
        .where(Unit.id.in_(met))
        .order_by(Organisation.name_sort, Unit.name_sort)
    )
    return db.session.scalars(scope.trusting(statement, Respondent)).all()


def by_number(scope: Scope, found: AssessmentRound, key: int | None) -> Questionnaire | None:
    """The questionnaire of this number in a round, if it is of this scope."""
    statement = (
        scope.restrict(sa.select(Questionnaire), Respondent)
        .join(Questionnaire.respondent)
        .join(Questionnaire.round)
        .options(contains_eager(Questionnaire.respondent), contains_eager(Questionnaire.round))
        .where(Questionnaire.id == key, Questionnaire.round_id == found.id)
    )
    one: Questionnaire | None = db.session.scalar(scope.trusting(statement, Questionnaire))
    return one


def name_of(questionnaire: Questionnaire) -> str:
    person = within(questionnaire).get(Employee, questionnaire.respondent.person_id)
    return person.name
