"""Who is suggested for a session's list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.access.scope import EVERYWHERE, Scope
from app.completion.models import Result
from app.core.clock import today
from app.core.db import db
from app.enrolment.nominations import candidates
from app.needs import queries as needs
from app.needs.models import RoundStatus
from app.people.merging import services as people_services
from tests import factories
from tests.cast import By, Cast
from tests.counting import statements
from tests.enrolment.stage import course, course_session, enrolled, finalised, need, person


def test_each_is_suggested_by_the_latest_published_round_that_asked_them(cast: Cast, elif_: int) -> None:
    """A later round of one municipality says nothing of the people of others; one that still asks, of nobody."""
    this, isik = course(), cast.employees["isik"]
    need(elif_, "5", "2")
    need(isik, "5", "3")
    later = factories.assessment_round(2030, status=RoundStatus.OPEN)
    factories.need(isik, "3", "0", round_id=later.id, need=False)
    for status, expected in (
        (RoundStatus.OPEN, [isik, elif_]),
        (RoundStatus.CLOSED, [isik, elif_]),
        (RoundStatus.PUBLISHED, [elif_]),
    ):
        later.status = status
        db.session.commit()
        suggested = candidates.suggested_people(EVERYWHERE, course_session(this, ordinal=len(status.value)))
        assert [one.employee_id for one in suggested] == expected, status
    assert needs.priority_classes([elif_, isik], [1]) == {elif_: 1, isik: 3}


def test_whoever_a_merge_kept_is_suggested_for_the_needs_of_both(cast: Cast, elif_: int) -> None:
    """The published round stays as it was; whom it met is another record today."""
    this, isik = course(), cast.employees["isik"]
    need(isik, "5", "2")
    people_services.merge(person(elif_), person(isik), by=By())
    db.session.commit()
    suggested = candidates.suggested_people(EVERYWHERE, course_session(this))
    assert [one.employee_id for one in suggested] == [elif_]


def test_who_completed_the_course_is_not_suggested_for_it(cast: Cast, elif_: int) -> None:
    this, isik = course(), cast.employees["isik"]
    need(elif_, "5", "2")
    need(isik, "5", "1")
    before = course_session(this, ordinal=2, day=today() - timedelta(days=30))
    seats = enrolled(before, elif_, isik)
    finalised(before, dict(zip(seats, (Result.COMPLETED_SUCCESS, Result.NO_SHOW), strict=True)))
    suggested = candidates.suggested_people(EVERYWHERE, course_session(this))
    assert [one.employee_id for one in suggested] == [isik]


def test_the_foremost_needs_are_enough_where_they_name_as_many_as_are_wanted(
    cast: Cast, elif_: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    this, isik, sukru = course(), cast.employees["isik"], cast.employees["sukru"]
    need(isik, "5", "2")
    need(sukru, "5", "3")
    need(elif_, "5", "3")
    everybody = candidates.suggested_people(EVERYWHERE, course_session(this))
    assert [one.employee_id for one in everybody] == [elif_, sukru, isik], "of equal needs by name"
    session = course_session(this, ordinal=2)
    for limit, each_of, asked in ((1, 3, 1), (2, 2, 1), (1, 1, 2), (3, 1, 2)):
        monkeypatch.setattr(candidates, "FOREMOST", each_of)
        with statements() as seen:
            assert candidates.suggested_people(EVERYWHERE, session, limit) == everybody[:limit]
        assert sum("competencies" in each for each in seen) == asked, (
            "the whole is asked for only where the foremost do not suffice"
        )


def test_a_larger_gap_comes_before_a_more_important_need(
    cast: Cast, elif_: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small the difference: own ratings weigh any percentage."""
    this = course()
    need(elif_, "3", "2.9")
    need(cast.employees["isik"], "5", "2.89")
    monkeypatch.setattr(candidates, "FOREMOST", 2)
    found = candidates.suggested_people(EVERYWHERE, course_session(this), 1)
    assert [one.employee_id for one in found] == [elif_]


def test_so_many_are_counted_for_a_course_as_would_be_suggested(cast: Cast, elif_: int) -> None:
    """Of one's own people, without those who have a place in it or completed it."""
    this, other = course(), course("SH-01", "Başka konu")
    isik, sukru = cast.employees["isik"], cast.employees["sukru"]
    for key in (elif_, isik, sukru):
        need(key, "5", "2")
    here, whole = Scope(organisations=frozenset({cast.nizip})), {this.id, other.id}
    first, second = course_session(this), course_session(this, ordinal=2, day=today() + timedelta(days=60))

    def both() -> tuple[int, int]:
        counted = candidates.people_in_need(here, whole).get(this.id, 0)
        return counted, len(candidates.suggested_people(here, second))

    assert both() == (2, 2) and candidates.people_in_need(EVERYWHERE, whole)[this.id] == 3
    (seat,) = enrolled(first, isik)
    assert both() == (1, 1)
    finalised(first, {seat: Result.COMPLETED_ATTENDANCE})
    assert both() == (1, 1)
    person(elif_).active = False
    db.session.commit()
    assert both() == (0, 0)
