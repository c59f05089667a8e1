"""Two records were one person."""

from __future__ import annotations

from app.audit import journal
from app.core.db import db
from app.needs import queries, services
from app.needs.models import AssessmentRound
from app.people.events import EmployeesMerged
from tests.cast import Cast
from tests.needs.stage import CASE_MANAGEMENT, NIZIP, PLAIN_LANGUAGE, people, rate, scenery


def test_a_merge_moves_ratings_and_the_kept_one_wins(cast: Cast) -> None:
    scenery()
    kept, merged = people(2, NIZIP, "A")
    rate(kept, CASE_MANAGEMENT, (5, 2, None, None))
    rate(merged, CASE_MANAGEMENT, (1, 5, 5, 2))
    rate(merged, PLAIN_LANGUAGE, (4, 1, None, None))
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), [kept, merged])
    journal.record(EmployeesMerged(kept, merged), by=journal.SYSTEM)
    db.session.commit()
    assert queries.needs(1, [merged]) == []
    found = {need.competency_id: need for need in queries.needs(1, [kept])}
    assert found[CASE_MANAGEMENT].gap == 3
    assert not found[CASE_MANAGEMENT].single_source
    assert found[PLAIN_LANGUAGE].gap == 3
    assert found[PLAIN_LANGUAGE].single_source
