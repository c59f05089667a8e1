"""Samples and strata."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.needs.rounds.sampling import allocate, sample_size, weight
from app.refdata import load

SAMPLE = load("tna_worked_example")["sample"]


def test_the_worked_example() -> None:
    assert sample_size(SAMPLE["N"]) == SAMPLE["n"]
    assert allocate(SAMPLE["strata"], SAMPLE["n"]) == SAMPLE["allocation"]


@pytest.mark.parametrize(("population", "n"), [(0, 0), (5, 5), (60, 60), (61, 53), (100, 80), (1_000_000, 385)])
def test_small_populations_are_asked_whole(population: int, n: int) -> None:
    assert sample_size(population) == n


@given(st.integers(0, 10**6))
def test_a_sample_never_exceeds_the_people(population: int) -> None:
    assert 0 <= sample_size(population) <= population
    assert sample_size(population) <= sample_size(population + 1) or population == 60


def test_a_small_stratum_gets_its_minimum_and_the_sum_stays() -> None:
    shares = allocate({"büyük": 900, "küçük": 20, "üç": 3}, 100)
    assert shares == {"büyük": 92, "küçük": 5, "üç": 3}


def test_minima_may_exceed_the_sample() -> None:
    assert allocate({"a": 100, "b": 50, "c": 2}, 6) == {"a": 5, "b": 5, "c": 2}
    assert allocate({}, 10) == {}
    assert allocate({"a": 0, "b": 4}, 10) == {"a": 0, "b": 4}


def test_equal_remainders_go_to_the_larger_then_to_the_first() -> None:
    assert allocate({"a": 50, "b": 50}, 41) == {"a": 21, "b": 20}
    assert allocate({"b": 50, "a": 50}, 41) == {"b": 21, "a": 20}


@given(st.dictionaries(st.integers(), st.integers(0, 3_000), max_size=20), st.integers(0, 4_000))
def test_every_allocation_keeps_its_promises(strata: dict[int, int], n: int) -> None:
    shares = allocate(strata, n)
    minima = {key: min(5, size) for key, size in strata.items()}
    assert list(shares) == list(strata)
    assert all(minima[key] <= shares[key] <= size for key, size in strata.items())
    wanted = min(n, sum(strata.values()))
    assert sum(shares.values()) == max(wanted, sum(minima.values()))
    for left, right in [(a, b) for a in strata for b in strata if strata[a] > strata[b]]:
        assert shares[left] >= shares[right]


def test_a_respondent_stands_for_others() -> None:
    assert weight(760, 134) == Fraction(380, 67)
    assert weight(10, 0) == 1
