from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plans.rules import Progress, groups, plan_score, plan_value, progress

ROWS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)))


@given(ROWS)
def test_what_is_done_is_part_of_what_is_planned(rows: list[tuple[int, int]]) -> None:
    found = progress(rows)
    assert found.done <= found.planned == sum(planned for planned, _ in rows)
    assert found.done + found.surplus == sum(done for _, done in rows)
    assert found.tenths is None if not found.planned else 0 <= (found.tenths or 0) <= 1000
    assert (found.tenths == 1000) == (found.planned > 0 and all(done >= planned for planned, done in rows))


def test_a_group_too_many_makes_up_for_none_that_is_missing() -> None:
    assert progress([(3, 4), (3, 2), (3, 3), (3, 4)]) == Progress(planned=12, done=11, surplus=2)


def test_from_needs_to_a_plan() -> None:
    assert plan_score([Fraction(40), None, Fraction(25)]) == Fraction(65, 2)
    assert plan_score([None]) is None
    assert [groups(people, 25) for people in (0, 1, 25, 26, 50)] == [0, 1, 1, 2, 2]
    assert plan_value(Fraction(25, 2), 2, 18) == Fraction(25, 72)
    assert plan_value(Fraction(3), 0, 18) is None
    with pytest.raises(ValueError, match="place"):
        groups(3, 0)
