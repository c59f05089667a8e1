"""Frozen rows: written and read again, added up, compared; limits."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plans.rules import Use
from app.plans.snapshot import CHANGING, FrozenRow, difference, sums

figures = st.none() | st.decimals(0, 99999, places=4)
changing = {
    "groups": st.integers(1, 99),
    "quarter": st.integers(1, 4),
    "cost": st.none() | st.integers(0, 10**6),
    "origin_text": st.sampled_from(["", "6698"]),
    "reason": st.sampled_from(["Açık", "Yasa"]),
    "dropped": st.booleans(),
}
rows = st.builds(
    FrozenRow,
    id=st.integers(1, 6),
    course_id=st.just(1),
    code=st.just("SH-01"),
    course_tr=st.just("Eğitim"),
    course_en=st.just("Course"),
    province_id=st.none() | st.just(1),
    organisation_id=st.none(),
    place_tr=st.just(""),
    place_en=st.just(""),
    hours=st.integers(0, 60),
    origin=st.just("needs"),
    round_id=st.none() | st.just(1),
    score=figures,
    eligible=st.none() | st.integers(0, 500),
    gap_points=figures,
    **changing,
)
versions = st.lists(rows, unique_by=lambda row: row.id)


@given(rows)
def test_what_is_written_is_read(row: FrozenRow) -> None:
    assert FrozenRow.read(json.loads(json.dumps(row.written()))) == row


@given(versions, versions)
def test_a_difference_leads_from_one_version_to_the_other(was: list[FrozenRow], now: list[FrozenRow]) -> None:
    found = difference(was, now)
    kept = {row.id: row for row in was if not row.dropped}
    for row in found.dropped:
        del kept[row.id]
    kept |= {row.id: row for row in found.added} | {pair.now.id: pair.now for pair in found.changed}
    after = {row.id: row for row in now if not row.dropped}
    assert kept.keys() == after.keys()
    assert all(getattr(kept[key], name) == getattr(after[key], name) for key in after for name in CHANGING)
    assert not difference(now, now)


@given(versions)
def test_sums_are_of_what_was_not_dropped(found: list[FrozenRow]) -> None:
    there = [row for row in found if not row.dropped]
    assert sums(found) == sums(there)
    assert sums(found).hours == sum(row.groups * row.hours for row in there)
    assert sums(found).unpriced == sum(row.cost is None for row in there)


@pytest.mark.parametrize(
    ("used", "limit", "tenths", "near", "over"),
    [
        (85, 100, 850, False, False),
        (86, 100, 860, True, False),
        (100, 100, 1000, True, False),
        (101, 100, 1010, False, True),
        (0, 0, None, False, False),
        (1, 0, None, False, True),
        (5, None, None, False, False),
    ],
)
def test_limits(used: int, limit: int | None, tenths: int | None, near: bool, over: bool) -> None:
    found = Use(used, limit)
    assert (found.tenths, found.near, found.over) == (tenths, near, over)


def test_value_is_for_each_hour_of_all_groups() -> None:
    row = FrozenRow(
        *(1, 1, "SH-01", "a", "a", None, None, "", "", 2, 1, 18, 1000, "needs", "", 1),
        *(Decimal("44.3056"), 6, Decimal("12.5"), "", False),
    )
    assert row.value is not None and round(float(row.value), 4) == 0.3472
    assert (row.all_hours, row.all_cost) == (36, 2000)
    assert row.priority_class is not None and row.priority_class.value == "high"
