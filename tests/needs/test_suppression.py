"""The rule of five and its complements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.needs.suppression import hidden, suppress, suppress_beside, suppress_table


def test_fewer_than_five_is_hidden() -> None:
    assert [n for n in range(8) if hidden(n)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"DIY": 12, "ERZ": 9}, set()),
        ({"DIY": 12, "ERZ": 9, "GAZ": 3, "URF": 20}, {"GAZ", "ERZ"}),
        ({"DIY": 12, "ERZ": 3, "GAZ": 4}, {"ERZ", "GAZ"}),
        ({"DIY": 12, "ERZ": 1, "GAZ": 2}, {"ERZ", "GAZ", "DIY"}),
        ({"DIY": 12, "ERZ": 0, "GAZ": 7}, {"ERZ"}),
        ({"DIY": 12, "ERZ": 0, "GAZ": 3, "URF": 30}, {"ERZ", "GAZ", "DIY"}),
        ({"DIY": 4}, {"DIY"}),
        ({"DIY": 3, "ERZ": 30}, {"DIY", "ERZ"}),
        ({"a": 6, "b": 6, "c": 2}, {"c", "a"}),
        ({}, set()),
    ],
)
def test_what_could_be_subtracted_is_hidden_too(people: dict[str, int], expected: set[str]) -> None:
    assert suppress(people) == expected


def safe(line: list[tuple[int, bool]], minimum: int = 5) -> bool:
    """Whether the hidden cells of one line with a shown total stay hidden."""
    secret = [n for n, is_hidden in line if is_hidden and n]
    shown = [n for n, is_hidden in line if not is_hidden]
    if any(n < minimum for n in shown):
        return False
    if not secret or not any(shown):
        return True
    return len(secret) > 1 and sum(secret) >= minimum


@given(st.dictionaries(st.integers(), st.integers(0, 15), max_size=9))
def test_no_hidden_group_can_be_had_by_subtraction(people: dict[int, int]) -> None:
    found = suppress(people)
    assert safe([(n, key in found) for key, n in people.items()])
    company = found - {key for key, n in people.items() if n < 5}
    assert len(company) <= 2, "no more is hidden than the sum needs"


tables = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["woman", "man", "not_stated"])), st.integers(0, 15)
)


@given(tables)
def test_a_table_is_safe_along_rows_and_columns(cells: dict[tuple[str, str], int]) -> None:
    found = suppress_table(cells)
    assert found <= set(cells)
    for side in (0, 1):
        for value in {key[side] for key in cells}:
            assert safe([(n, key in found) for key, n in cells.items() if key[side] == value])


def test_a_table_hides_a_square_around_one_small_cell() -> None:
    cells = {(row, sex): 10 for row in "ab" for sex in ("woman", "man")} | {("a", "woman"): 2}
    assert suppress_table(cells) == set(cells)


def test_the_check_finds_what_subtraction_along_one_line_alone_lets_through() -> None:
    worker, both = frozenset({"worker"}), frozenset({"worker", "manager"})
    assert suppress_beside({"worker": 8, "manager": 9}, {worker: 6, both: 11}) == {"worker", "manager"}
    assert suppress_beside({"worker": 11, "manager": 9}, {worker: 6, both: 14}) == set()
