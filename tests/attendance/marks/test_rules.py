"""What a mark says for a person, and what a cell says that has none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.attendance.marks.rules import empty_cell, missed_now, worth
from app.attendance.models import Presence, SittingRow
from app.training.models import SittingState

NINE = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""Nine o'clock in Gaziantep."""


def sitting(day: date | None = date(2026, 11, 23), state: SittingState = SittingState.HELD) -> SittingRow:
    return SittingRow(1, day, time(9), time(10, 30), 90, state, None)


@pytest.mark.parametrize(
    ("kind", "after", "missed"),
    [("late", 20, 20), ("late", 0.5, 1), ("left_early", 20, 70), ("late", 0, None), ("late", 90, None)],
)
def test_who_comes_or_goes_right_now_missed_what_is_over_or_still_to_come(
    kind: str, after: float, missed: int | None
) -> None:
    assert missed_now(sitting(), Presence(kind), NINE + timedelta(minutes=after)) == missed


def test_nobody_is_late_where_no_date_is_set() -> None:
    assert missed_now(sitting(None), Presence.LATE, NINE) is None


def test_of_two_marks_minutes_decide_then_what_is_said() -> None:
    words = ["", "absent", "excused", "left_early:89", "late:80", "left_early:20", "late:5", "present"]
    assert [worth(sitting(), word, 15) for word in words] == sorted(worth(sitting(), word, 15) for word in words)
    assert worth(sitting(), "present", 15) > worth(sitting(), "late:5", 15)


def test_an_empty_cell_says_why_nobody_is_marked() -> None:
    early, late = NINE - timedelta(hours=1), NINE + timedelta(days=1)
    assert empty_cell(sitting(state=SittingState.NOT_HELD), late, late) == "off"
    assert empty_cell(sitting(), late, late) == "before"
    assert empty_cell(sitting(), early, early) == "later"
    assert empty_cell(sitting(None), late, None) == "later"
    assert empty_cell(sitting(), late, early) == "none"
