"""Somebody who goes to another institution takes her needs along, and both sums follow."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.access.models import Organisation, User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.core.db import db
from app.needs import queries, services
from app.needs.models import NeedSum
from app.people.models import EmploymentType
from app.people.queries import employee
from app.people.transfers import NewPlace, transfer
from tests.cast import Cast
from tests.needs.stage import CASE_MANAGEMENT, NIZIP, SAHINBEY, people, rate, scenery


@pytest.fixture
def stage_set(cast: Cast) -> Cast:
    scenery()
    return cast


def counted() -> dict[int, int]:
    """How many rated people each institution counts."""
    statement = EVERYWHERE.restrict(sa.select(NeedSum.organisation_id, NeedSum.n), NeedSum).where(
        NeedSum.unit_id.is_(None), NeedSum.competency_id == CASE_MANAGEMENT
    )
    return dict(tuple(row) for row in db.session.execute(statement))


def test_both_institutions_count_anew(stage_set: Cast) -> None:
    ids = people(3, NIZIP, "A")
    for key in ids:
        rate(key, CASE_MANAGEMENT, (5, 2, 5, 2))
    the_round = queries.current_round()
    assert the_round is not None
    services.recompute_needs(the_round, ids)
    db.session.commit()
    assert counted() == {NIZIP: 3}
    place = NewPlace(2, 1, "S-1", EmploymentType.CONTRACT, "")
    by = caller_of(EVERYWHERE.get(User, stage_set.users["coordinator"]))
    transfer(employee(EVERYWHERE, ids[0]), db.session.get_one(Organisation, SAHINBEY), place, by=by)
    db.session.commit()
    assert counted() == {NIZIP: 2, SAHINBEY: 1}
