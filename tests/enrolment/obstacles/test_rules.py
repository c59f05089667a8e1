from __future__ import annotations

from datetime import date, time

import pytest

from app.enrolment.obstacles.rules import Block, Kind, Obstacle, quarter

DAY = date(2026, 3, 2)


def block(starts: int, ends: int, day: date = DAY) -> Block:
    return Block(day, time(starts), time(ends))


def test_blocks_meet_where_they_overlap_not_where_they_touch() -> None:
    assert block(9, 12).meets(block(11, 13))
    assert block(9, 12).meets(block(10, 11))
    assert not block(9, 12).meets(block(12, 13))
    assert not block(9, 12).meets(block(9, 12, DAY.replace(day=3)))


def test_a_clash_and_a_completed_course_pass_with_a_reason() -> None:
    assert {kind for kind in Kind if Obstacle(kind, "").passes} == {Kind.CLASH, Kind.COMPLETED}


@pytest.mark.parametrize(
    ("day", "first", "after"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 7, 1)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_a_quarter_ends_where_the_next_begins(day: date, first: date, after: date) -> None:
    assert quarter(day) == (first, after)
