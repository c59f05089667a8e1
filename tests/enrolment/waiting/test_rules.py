from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.calendar.days import Calendar, OffDay
from app.core.clock import local
from app.enrolment.models import Enrolment
from app.enrolment.waiting.rules import Way, before, offer_ends, way

CALENDAR = Calendar.of((), [OffDay(date(2026, 3, 12))])
"""March 2026 begins on a Sunday; the 12th, a Thursday, is off."""


def waits(key: int, priority: int, hour: int) -> Enrolment:
    return Enrolment(id=key, priority=priority, queued_at=datetime(2026, 3, 2, hour, tzinfo=UTC))


def test_the_more_urgent_comes_first_then_whoever_waited_longer() -> None:
    line = [waits(1, 2, 9), waits(2, 1, 11), waits(3, 1, 10), waits(4, 1, 10)]
    ahead = {one.id: sum(before(other, one) for other in line) for one in line}
    assert sorted(ahead, key=ahead.__getitem__) == [3, 4, 2, 1]


@pytest.mark.parametrize(
    ("day", "expected"),
    [(6, Way.SEAT), (7, Way.OFFER), (9, Way.OFFER), (13, Way.OFFER), (14, Way.BY_HAND), (16, Way.BY_HAND)],
)
def test_a_seat_is_given_then_offered_then_given_by_hand(day: int, expected: Way) -> None:
    """The training begins on Monday the 16th; five working days before is Friday the 6th, one is Friday the 13th."""
    assert way(date(2026, 3, 16), date(2026, 3, day), CALENDAR) is expected


def test_a_session_without_a_date_has_time() -> None:
    assert way(None, date(2026, 3, 9), CALENDAR) is Way.SEAT


@pytest.mark.parametrize(
    ("made", "until"),
    [
        ("2026-03-09 10:00", "2026-03-10 17:00"),
        ("2026-03-09 17:30", "2026-03-10 17:30"),  # a day at least
        ("2026-03-06 16:00", "2026-03-09 17:00"),  # over the weekend
        ("2026-03-07 11:00", "2026-03-09 17:00"),  # made on a Saturday
        ("2026-03-11 09:00", "2026-03-13 17:00"),  # over a day off
    ],
)
def test_an_offer_ends_with_the_next_working_day(made: str, until: str) -> None:
    ends = offer_ends(moment(made), None, CALENDAR)
    assert f"{local(ends):%Y-%m-%d %H:%M}" == until


def test_an_offer_ends_at_the_latest_when_the_training_begins() -> None:
    begins = moment("2026-03-10 09:00")
    assert offer_ends(moment("2026-03-09 10:00"), begins, CALENDAR) == begins


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+03:00")
