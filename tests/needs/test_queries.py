"""What people need, as other rooms ask for it."""

from __future__ import annotations

from app.core.db import db
from app.needs import queries, services
from app.needs.models import AssessmentRound
from tests.cast import Cast
from tests.needs.stage import CASE_MANAGEMENT, NIZIP, PLAIN_LANGUAGE, people, rate, scenery


def test_the_class_for_a_course_is_that_of_the_largest_need(cast: Cast) -> None:
    scenery()
    first, second = people(2, NIZIP, "A")
    for key in (first, second):
        rate(key, CASE_MANAGEMENT, (5, 2, 5, 2))
    rate(second, PLAIN_LANGUAGE, (5, 1, 5, 1))
    services.recompute_needs(db.session.get_one(AssessmentRound, 1), [first, second])
    assert queries.priority_classes([first, second, 1], [PLAIN_LANGUAGE]) == {first: 3, second: 1, 1: 3}
