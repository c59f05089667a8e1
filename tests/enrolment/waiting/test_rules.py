from __future__ import annotations

from datetime import UTC, date, datetime

from app.calendar.days import Calendar
from app.enrolment.models import Enrolment
from app.enrolment.waiting.rules import before, last_day


def waits(key: int, priority: int, hour: int) -> Enrolment:
    return Enrolment(id=key, priority=priority, queued_at=datetime(2026, 3, 2, hour, tzinfo=UTC))


def test_the_more_urgent_comes_first_then_whoever_waited_longer() -> None:
    line = [waits(1, 2, 9), waits(2, 1, 11), waits(3, 1, 10), waits(4, 1, 10)]
    ahead = {one.id: sum(before(other, one) for other in line) for one in line}
    assert sorted(ahead, key=ahead.__getitem__) == [3, 4, 2, 1]


def test_a_freed_seat_fills_itself_until_five_working_days_before_the_start() -> None:
    monday = date(2026, 3, 9)
    assert last_day(monday, Calendar()) == date(2026, 3, 2)
