"""Codes people read from paper and type as they can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificates import codes

CODES = st.text(codes.ALPHABET, min_size=16, max_size=16)
GAPS = st.sampled_from(["", " ", "-", "–", "−", " - ", "\u00a0", "\t", "_", "\u00ad", "\u200b"])
MEANT = {"0": "0oO", "1": "1iIİılL"}


@st.composite
def typings(draw: st.DrawFn) -> tuple[str, str]:
    """A code, and one of the ways somebody may type it."""
    code = draw(CODES)
    typed = ""
    for letter in code:
        typed += draw(GAPS) + draw(st.sampled_from(MEANT.get(letter, letter + letter.lower())))
    return code, typed + draw(GAPS)


@given(typings())
def test_whatever_way_it_is_typed_it_is_the_same_code(pair: tuple[str, str]) -> None:
    code, typed = pair
    assert codes.read(typed) == code


@given(CODES)
def test_what_is_shown_is_read_back(code: str) -> None:
    shown = codes.printed(code)
    assert len(shown) == 19
    assert shown.count("-") == 3
    assert codes.read(shown) == code
    assert codes.read(f"https://yetkin.example/d/{code}") == code


@given(st.text(max_size=40))
def test_anything_else_is_no_code_or_a_canonical_one(typed: str) -> None:
    found = codes.read(typed)
    assert found is None or (len(found) == 16 and set(found) <= set(codes.ALPHABET))


@pytest.mark.parametrize("typed", ["", "7KQ2-M9XT-4HCB-W3Z", "7KQ2-M9XT-4HCB-W3ZDD", "7KQ2-M9XT-4HCB-W3ZU", "çğşü" * 4])
def test_not_a_code(typed: str) -> None:
    assert codes.read(typed) is None


def test_codes_are_random_and_use_the_whole_alphabet() -> None:
    made = {codes.new() for _ in range(2_000)}
    assert len(made) == 2_000
    for place in range(16):
        assert {code[place] for code in made} == set(codes.ALPHABET), "every place takes every letter"
