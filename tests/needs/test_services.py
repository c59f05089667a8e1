"""The kept sums say what the people's needs add up to, whatever happened to them."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.core.db import db
from app.needs import queries, services
from app.needs.groups.models import ROOT
from app.needs.groups.queries import figures
from app.needs.models import AssessmentRound, Need, NeedSum, Respondent
from app.needs.rules import Aggregate, Rated, Sums, aggregate_rated
from app.people.events import EmployeesMerged
from app.people.models import Employee
from tests.cast import Cast
from tests.needs.stage import CASE_MANAGEMENT, NIZIP, PLAIN_LANGUAGE, SAHINBEY, people, rate, scenery, worked_example

Key = tuple[int, int, int, int | None, str | None]
RATINGS = ((5, 2, 5, 2), (3, 3, 3, 2), (5, 1, None, None), (2, 5, 1, 4))


@pytest.fixture
def stage_set(cast: Cast) -> Cast:
    scenery()
    ids = list(worked_example().values())
    for organisation_id, prefix in ((NIZIP, "A"), (SAHINBEY, "B")):
        made = people(8, organisation_id, prefix)
        for at, key in enumerate(made):
            rate(key, CASE_MANAGEMENT, RATINGS[at % 4])
            rate(key, PLAIN_LANGUAGE, RATINGS[at % 3])
        ids += made
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), ids)
    db.session.commit()
    return cast


def kept() -> dict[Key, Aggregate]:
    rows = db.session.scalars(EVERYWHERE.select(NeedSum)).all()
    return {
        (row.round_id, row.organisation_id, row.competency_id, row.unit_id, row.title_level): Sums(
            *(getattr(row, name) for name in Sums._fields)
        ).aggregate()
        for row in rows
    }


def from_people() -> dict[Key, Aggregate]:
    """The same by the formulas, respondent after respondent."""
    found: dict[Key, list[Rated]] = defaultdict(list)
    rows: Any = db.session.execute(
        EVERYWHERE.restrict(sa.select(Need, Respondent), Need, Respondent).join(Need.respondent)
    )
    for need, person in rows:
        rated = Rated(
            Fraction(need.importance),
            Fraction(need.level),
            need.self_level,
            need.supervisor_level,
            Fraction(need.weight),
        )
        home = (need.round_id, person.organisation_id, need.competency_id)
        found[*home, None, None].append(rated)
        found[*home, person.unit_id, person.title_level].append(rated)
    return {key: aggregate_rated(rated) for key, rated in found.items()}


def somebody(registry_no: str) -> Employee:
    return db.session.scalars(EVERYWHERE.select(Employee).where(Employee.registry_no == registry_no)).one()


def test_sums_are_those_of_the_people(stage_set: Cast) -> None:
    assert kept() == from_people()
    assert len(kept()) > 5


def test_a_merge_across_institutions(stage_set: Cast) -> None:
    journal.record(EmployeesMerged(somebody("A-1").id, somebody("B-3").id), by=journal.SYSTEM)
    assert kept() == from_people()
    assert figures(EVERYWHERE, 1).n(CASE_MANAGEMENT, ROOT) == 21, "an open round counts a person once"


def test_a_rating_that_goes_takes_its_part_of_the_sum_along(stage_set: Cast) -> None:
    person = somebody("B-2")
    for rating in queries.ratings(1, [person.id]):
        db.session.delete(rating)
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), [person.id])
    assert kept() == from_people()


def test_weights_of_a_sample(stage_set: Cast) -> None:
    db.session.execute(EVERYWHERE.trusting(sa.update(Need), Need).values(weight=Need.id * sa.literal(0.1234)))
    services.recompute_sums()
    db.session.expire_all()
    assert kept() == from_people()


def test_one_institution_alone_is_made_anew(stage_set: Cast) -> None:
    before = {row.id for row in db.session.scalars(EVERYWHERE.select(NeedSum).where(NeedSum.organisation_id == NIZIP))}
    services.recompute_sums([SAHINBEY], round_id=1)
    services.recompute_sums([SAHINBEY], round_id=2)
    after = {row.id for row in db.session.scalars(EVERYWHERE.select(NeedSum).where(NeedSum.organisation_id == NIZIP))}
    assert before == after
    assert kept() == from_people()
    assert figures(EVERYWHERE, 1).n(CASE_MANAGEMENT, ROOT) == 22


def test_a_rating_that_goes_takes_its_need_with_it(stage_set: Cast) -> None:
    key = somebody("A-1").id
    assert len(queries.needs(1, [key])) == 2
    for rating in queries.ratings(1, [key]):
        db.session.delete(rating)
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), [key])
    assert queries.needs(1, [key]) == []
