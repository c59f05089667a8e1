"""What the facts and a moment say of a session: pure, so no house is needed."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from app.calendar.days import Calendar
from app.core.clock import at
from app.training.models import SessionStatus
from app.training.rules import Circumstance, circumstances, nominations_close, nominations_closed, over, period

Status = SessionStatus
NOW = at(date(2026, 11, 2), time(9))
MONDAY = date(2026, 11, 16)


def test_circumstances_follow_facts_and_moment() -> None:
    early, late = at(date(2026, 11, 2), time(8)), at(date(2026, 11, 3), time(17))
    past = at(date(2026, 10, 30), time(17))
    assert circumstances(Status.DRAFT, NOW, begins=early, ends=late, full=True) == ()
    assert circumstances(Status.OPEN, NOW, begins=late, ends=late, full=True) == (Circumstance.FULL,)
    assert circumstances(Status.OPEN, NOW, begins=late, ends=late, closed=True) == (Circumstance.NOMINATIONS_CLOSED,)
    assert circumstances(Status.CONFIRMED, NOW, begins=early, ends=late) == (Circumstance.IN_PROGRESS,)
    assert circumstances(Status.CONFIRMED, NOW, begins=past, ends=early, full=True) == (Circumstance.ENDED,)


def test_a_sitting_is_over_from_its_last_minute_on_and_never_without_a_date() -> None:
    day = date(2026, 11, 2)
    assert over(day, time(9), NOW)
    assert not over(day, time(9, 1), NOW)
    assert not over(None, time(9), NOW)


@pytest.mark.parametrize(
    ("moment", "closed"),
    [
        (at(date(2026, 11, 9), time(16, 59)), False),  # five working days before Monday the 16th, at 17:00
        (at(date(2026, 11, 9), time(17)), True),
        (at(date(2026, 11, 20), time(8)), True),
        (at(date(2026, 7, 1), time(8)), False),
    ],
)
def test_nominations_close_some_working_days_before_the_first_sitting(moment: datetime, closed: bool) -> None:
    assert nominations_close(MONDAY, None, Calendar(), 5) == at(date(2026, 11, 9), time(17))
    assert nominations_closed(MONDAY, None, 5, Calendar, moment) is closed


def test_a_moment_that_was_chosen_counts_and_without_a_date_nothing_closes() -> None:
    chosen = at(date(2026, 11, 2), time(9))
    assert nominations_closed(MONDAY, chosen, 5, Calendar, NOW)
    assert not nominations_closed(MONDAY, at(date(2026, 11, 2), time(9, 1)), 5, Calendar, NOW)
    assert nominations_close(None, None, Calendar(), 5) is None
    assert not nominations_closed(None, None, 5, Calendar, NOW)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2026", (date(2026, 1, 1), date(2027, 1, 1))),
        ("2026-Q4", (date(2026, 10, 1), date(2027, 1, 1))),
        ("2026-2", (date(2026, 2, 1), date(2026, 3, 1))),
        ("2026-13", None),
        ("26", None),
        ("2026-Q5", None),
    ],
)
def test_a_period_is_a_year_a_quarter_or_a_month(text: str, span: tuple[date, date] | None) -> None:
    assert period(text) == span
