"""What attendance answers: standings from stored marks."""

from __future__ import annotations

from app.access.scope import EVERYWHERE
from app.attendance import queries
from app.training.models import CourseSession, Sitting, SittingState
from tests.cast import Cast, group, mark, mark_all


def test_standings_add_up_minutes_of_every_sitting(cast: Cast) -> None:
    stands = group(cast)
    mark(stands, 0, "elif", "present")
    mark(stands, 1, "elif", "late", 20)
    mark(stands, 2, "elif", "absent")
    session = EVERYWHERE.get(CourseSession, stands.session)
    found = queries.standings(session, stands.enrolments.values())
    elif_ = found[stands.enrolments["elif"]]
    assert (elif_.credit, elif_.base, elif_.unmarked) == (160, 360, 1)
    assert elif_.allowance == 72 - 110
    assert not elif_.best_case_ok
    assert found[stands.enrolments["isik"]].unmarked == 4


def test_a_sitting_not_held_leaves_the_sums_and_a_shortened_one_counts_its_minutes(cast: Cast) -> None:
    stands = group(cast)
    mark_all(stands)
    first, second = (EVERYWHERE.get(Sitting, id) for id in stands.sittings[:2])
    first.state = SittingState.NOT_HELD
    second.state, second.effective_minutes = SittingState.SHORTENED, 60
    session = EVERYWHERE.get(CourseSession, stands.session)
    found = queries.standings(session, stands.enrolments.values())[stands.enrolments["isik"]]
    assert (found.credit, found.base, found.passed) == (240, 240, True)
