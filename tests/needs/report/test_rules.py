"""How certain the share of people in need is."""

from __future__ import annotations

from math import isclose, sqrt

from app.needs.report.rules import Stratum, margin


def test_everybody_answered_leaves_no_margin() -> None:
    assert margin([Stratum(20, 20, 7), Stratum(5, 5, 5)]) == 0


def test_one_stratum_by_hand() -> None:
    """100 of 1,800, half of them in need: 1.96 · sqrt((1 - 100/1800) · 0.25 / 99)."""
    found = margin([Stratum(1800, 100, 50)])
    assert found is not None and isclose(found, 1.96 * sqrt((1 - 100 / 1800) * 0.25 / 99))


def test_strata_weigh_as_many_as_they_are() -> None:
    large, small = Stratum(900, 90, 45), Stratum(100, 10, 1)
    found = margin([large, small])
    expected = 0.81 * 0.9 * 0.25 / 89 + 0.01 * 0.9 * 0.09 / 9
    assert found is not None and isclose(found, 1.96 * sqrt(expected))


def test_where_nobody_answered_nothing_is_known() -> None:
    assert margin([Stratum(50, 20, 3), Stratum(50, 0, 0)]) is None
    assert margin([]) is None
    single = margin([Stratum(50, 1, 1)])
    assert single is not None and single > 0.9
