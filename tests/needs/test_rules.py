"""The needs analysis: the worked example to the digit, and what must hold for any ratings."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.needs.models import SCALE, AssessmentRound, PriorityClass, Rating, RatingSource, RoundStatus
from app.needs.rules import (
    Aggregate,
    Combined,
    Rated,
    RatingPair,
    Sums,
    Tally,
    aggregate,
    aggregate_rated,
    combine,
    default_round,
    gap_closed,
    learning_gain,
    learning_gain_of,
    priority_class,
    shown_priority,
)
from app.needs.rules import pairs as both_sources
from app.refdata import load

EXAMPLE = load("tna_worked_example")
COMPETENCIES = list(EXAMPLE["expected"])


def pair(row: dict[str, Any]) -> RatingPair:
    return RatingPair(row["I_self"], row["C_self"], row["I_sup"], row["C_sup"])


def pairs(competency: str) -> dict[str, RatingPair]:
    return {person: pair(rows[competency]) for person, rows in EXAMPLE["input"].items()}


def example(competency: str) -> Aggregate:
    return aggregate(Tally(rated) for rated in pairs(competency).values())


def combined(rated: RatingPair) -> Combined:
    result = rated.combined()
    assert result is not None
    return result


@pytest.mark.parametrize("competency", COMPETENCIES)
def test_each_person_of_the_worked_example(competency: str) -> None:
    expected = EXAMPLE["expected"][competency]
    people = pairs(competency)
    for row in expected["rows"]:
        result = combined(people[row["respondent"]])
        assert (result.importance, result.level, result.gap) == (row["I"], row["C"], row["D"])
    assert [person for person, rated in people.items() if combined(rated).need] == expected["need"]
    assert [person for person, rated in people.items() if combined(rated).single_source] == ["R5"]


@pytest.mark.parametrize("competency", COMPETENCIES)
def test_the_sums_of_the_worked_example(competency: str) -> None:
    expected = EXAMPLE["expected"][competency]
    result = example(competency)
    assert result.n == expected["n"]
    assert result.needs == len(expected["need"])
    assert result.gap_points == expected["gap_points"]
    assert result.single_source == 1
    for figure, name, digits in [
        (result.mean_importance, "I_mean", 4),
        (result.mean_level, "C_mean", 4),
        (result.mean_gap, "D_mean", 4),
        (result.mwds, "MWDS", 4),
        (result.priority, "P", 2),
        (result.need_rate, "need_rate", 4),
    ]:
        assert figure is not None
        assert round(float(figure), digits) == expected[name], name


def test_the_classes_of_the_worked_example() -> None:
    assert [example(competency).priority_class for competency in COMPETENCIES] == [
        PriorityClass.HIGH,
        PriorityClass.HIGH,
        PriorityClass.NONE,
    ]


def test_the_gap_of_the_worked_example_closed() -> None:
    before = pairs("vaka-yonetimi")
    rows = []
    for person, after in EXAMPLE["post_rating_vaka_yonetimi"].items():
        level_after = combine(after["C_self"], after["C_sup"])
        assert level_after is not None
        rows.append((combined(before[person]).importance, combined(before[person]).level, level_after))
    assert gap_closed(rows) == Fraction(str(EXAMPLE["expected_gap_closed"]))


def test_the_learning_gain_of_the_worked_example() -> None:
    expected = EXAMPLE["learning_gain"]
    gain = learning_gain(Fraction(expected["pre_mean"]), Fraction(expected["post_mean"]))
    assert gain is not None
    assert round(float(gain), 4) == expected["g"]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (Fraction(100), PriorityClass.HIGH),
        (Fraction(35), PriorityClass.HIGH),
        (Fraction(34_999_999, 1_000_000), PriorityClass.MEDIUM),
        (Fraction(20), PriorityClass.MEDIUM),
        (Fraction(19_999_999, 1_000_000), PriorityClass.LOW),
        (Fraction(1, 10**9), PriorityClass.LOW),
        (Fraction(0), PriorityClass.NONE),
    ],
)
def test_classes_are_decided_unrounded(score: Fraction, expected: PriorityClass) -> None:
    assert priority_class(score) == expected


def test_a_need_is_a_gap_of_one_in_something_of_importance_three() -> None:
    assert combined(RatingPair(3, 2)).need
    assert not combined(RatingPair(2, 1)).need
    assert not combined(RatingPair(5, 4, 4, 4)).need
    assert combined(RatingPair(4, 2, 2, 2)).need
    assert not combined(RatingPair(3, 1, 2, 1)).need, "importance 2.5"


def test_a_source_that_says_half_is_missing() -> None:
    assert RatingPair(5, None, 4, 2).combined() == Combined(Fraction(4), Fraction(2), single_source=True)
    assert RatingPair(5, None, None, 2).combined() is None
    assert RatingPair().combined() is None
    with pytest.raises(ValueError, match="1 to 5"):
        RatingPair(0, 3)
    with pytest.raises(ValueError, match="1 to 5"):
        RatingPair(3, 6)


def test_alpha_moves_the_weight_between_the_sources() -> None:
    assert combine(5, 1, Fraction(1)) == 5
    assert combine(5, 1, Fraction(0)) == 1
    assert combine(5, 2, Fraction(7, 10)) == Fraction(41, 10)
    assert combine(None, 2, Fraction(1)) == 2
    assert combine(None, None) is None


def test_sources_diverge_beyond_one() -> None:
    one_apart = aggregate([Tally(RatingPair(4, 4, 4, 3), count=6), Tally(RatingPair(4, 1))])
    assert one_apart.source_difference == 1
    assert not one_apart.diverging
    more = aggregate([Tally(RatingPair(4, 2, 4, 3), count=6), Tally(RatingPair(4, 1, 4, 3))])
    assert more.source_difference == Fraction(-8, 7)
    assert more.diverging
    assert aggregate([Tally(RatingPair(4, 1))]).source_difference is None


def test_weights_move_means_but_not_counts() -> None:
    low, high = RatingPair(5, 5), RatingPair(5, 1)
    result = aggregate([Tally(low, weight=Fraction(9, 2)), Tally(high, weight=Fraction(3, 2))])
    assert result.mean_gap == 1
    assert (result.n, result.needs, result.gap_points) == (2, 1, 4)
    assert result.need_rate == Fraction(1, 2)


def test_nobody_answered() -> None:
    result = aggregate([Tally(RatingPair())])
    assert (result.n, result.needs, result.gap_points) == (0, 0, 0)
    assert result.priority is None
    assert result.priority_class is None
    assert result.need_rate is None
    assert not result.diverging


def test_a_gap_may_grow_and_importance_is_held() -> None:
    assert gap_closed([(Fraction(5), Fraction(3), Fraction(2))]) == Fraction(-1, 2)
    assert gap_closed([(Fraction(3), Fraction(3), Fraction(1))]) is None
    assert gap_closed([(Fraction(4), Fraction(3), Fraction(5))]) == 1
    assert gap_closed([]) is None


def test_learning_is_measured_on_people_with_both_tests() -> None:
    result = learning_gain_of([(40, 70), (60, 90), (None, 100), (10, None)])
    assert (result.n, result.pre_mean, result.post_mean, result.gain) == (2, 50, 80, Fraction(3, 5))
    assert learning_gain_of([(100, 100)]).gain is None
    assert learning_gain_of([]).n == 0


rating = st.one_of(st.none(), st.integers(1, 5))
any_pair = st.builds(RatingPair, rating, rating, rating, rating)
weights = st.fractions(Fraction(1, 10), 20, max_denominator=12)
tallies = st.lists(st.builds(Tally, any_pair, weights, st.integers(1, 4)), max_size=12)
alphas = st.fractions(0, 1, max_denominator=10)


@given(tallies, alphas)
def test_any_ratings_give_figures_in_their_bounds(rows: list[Tally], alpha: Fraction) -> None:
    result = aggregate(rows, alpha)
    if result.n == 0:
        assert result.mwds is None
        return
    assert result.mean_importance is not None
    assert result.mean_level is not None
    assert result.priority is not None
    assert 1 <= result.mean_importance <= 5
    assert 1 <= result.mean_level <= 5
    assert result.mean_gap == result.mean_importance - result.mean_level
    assert 0 <= result.priority <= 100
    assert 0 <= result.needs <= result.n
    assert result.gap_points >= result.needs
    assert 0 <= result.single_source <= result.n


@given(tallies, alphas)
def test_grouped_rows_and_single_people_agree(rows: list[Tally], alpha: Fraction) -> None:
    people = [Tally(row.pair, row.weight) for row in rows for _ in range(row.count)]
    random.Random(3).shuffle(people)
    assert aggregate(people, alpha) == aggregate(rows, alpha)


@given(tallies)
def test_stored_combined_ratings_aggregate_alike(rows: list[Tally]) -> None:
    stored = []
    for row in rows:
        rated = row.pair.combined()
        if rated is not None:
            own = row.pair.level_self if row.pair.has_self else None
            other = row.pair.level_supervisor if row.pair.has_supervisor else None
            stored.append(Rated(rated.importance, rated.level, own, other, row.weight, row.count))
    assert aggregate_rated(stored) == aggregate(rows)


@given(any_pair)
def test_one_source_alone_counts_in_full(rated: RatingPair) -> None:
    own = RatingPair(rated.importance_self, rated.level_self).combined()
    other = RatingPair(None, None, rated.importance_supervisor, rated.level_supervisor).combined()
    both = rated.combined()
    if own and other:
        assert both is not None
        assert both.gap == (own.gap + other.gap) / 2
        assert not both.single_source
    else:
        assert both == (own or other)


def a_round(id: int, status: RoundStatus) -> AssessmentRound:
    return AssessmentRound(id=id, status=status)


def test_the_latest_published_round_counts_and_before_any_the_latest_begun() -> None:
    begun = [a_round(3, RoundStatus.OPEN), a_round(2, RoundStatus.PUBLISHED), a_round(1, RoundStatus.PUBLISHED)]
    assert default_round(begun, {2: 1, 1: 1}) is begun[1]
    assert default_round(begun[:1], {}) is begun[0]
    assert default_round([], {}) is None


def test_a_round_that_asked_few_of_the_institutions_is_not_the_first_to_be_seen() -> None:
    begun = [a_round(2, RoundStatus.PUBLISHED), a_round(1, RoundStatus.PUBLISHED)]
    assert default_round(begun, {2: 1, 1: 3}) is begun[1]
    assert default_round(begun, {2: 2, 1: 3}) is begun[0]
    assert default_round(begun, {2: 1}) is begun[0], "whoever sees that municipality alone"


def test_both_sources_of_a_rating_stand_side_by_side() -> None:
    said = [
        Rating(employee_id=1, competency_id=7, source=RatingSource.SELF, importance=5, level=2),
        Rating(employee_id=2, competency_id=7, source=RatingSource.SELF, importance=3, level=3),
        Rating(employee_id=1, competency_id=7, source=RatingSource.SUPERVISOR, importance=4, level=1),
    ]
    assert both_sources(said) == {(1, 7): RatingPair(5, 2, 4, 1), (2, 7): RatingPair(3, 3)}


@pytest.mark.parametrize(
    ("score", "places"),
    [(Fraction(99, 2), 1), (Fraction(3496, 100), 2), (Fraction(34_996, 1000), 3), (Fraction(34_999_999, 1_000_000), 4)],
)
def test_a_priority_is_never_printed_as_of_another_class(score: Fraction, places: int) -> None:
    assert shown_priority(score) == (score, places)
    assert shown_priority(None) is None


def summed(pair: RatingPair) -> Sums:
    """One person, as the database adds them up: whole numbers of ten-thousandths."""
    result = combined(pair)
    return Sums(
        n=1,
        needs=int(result.need),
        weights=SCALE,
        importance=int(SCALE * SCALE * result.importance),
        level=int(SCALE * SCALE * result.level),
        gap_points=int(SCALE * max(0, result.gap)),
        single=0,
        paired=1,
        own_minus_other=(pair.level_self or 0) - (pair.level_supervisor or 0),
    )


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.integers(1, 5)), max_size=12))
def test_kept_sums_say_what_the_ratings_say(rows: list[tuple[int, int, int, int]]) -> None:
    pairs = [RatingPair(*row) for row in rows]
    assert reduce(Sums.plus, map(summed, pairs), Sums()).aggregate() == aggregate(Tally(pair) for pair in pairs)
