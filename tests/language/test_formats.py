"""Numbers as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.language import (
    force_locale,
    format_date,
    format_datetime,
    format_number,
    format_percent,
    in_turkish,
    ngettext,
    spoken,
)


@pytest.mark.parametrize(
    ("value", "places", "turkish", "english"),
    [
        (1234.5, None, "1.234,5", "1,234.5"),
        (1234567, None, "1.234.567", "1,234,567"),
        (Fraction(1, 3), None, "0,333", "0.333"),
        (Decimal("12.500"), None, "12,5", "12.5"),
        (Decimal("0.125"), 2, "0,12", "0.12"),
        (Decimal("0.375"), 2, "0,38", "0.38"),
        (100, None, "100", "100"),
        (100, 1, "100,0", "100.0"),
        (Decimal("-1.25"), 1, "−1,2", "−1.2"),
        (-1234, 0, "−1.234", "−1,234"),
        (Fraction(-1, 100), 1, "0,0", "0.0"),
        (-0.0004, None, "0", "0"),
        (0, None, "0", "0"),
        (True, None, "1", "1"),
        (None, 2, "–", "–"),
    ],
)
def test_numbers(app: Flask, value: Decimal | None, places: int | None, turkish: str, english: str) -> None:
    with app.test_request_context():
        with force_locale("tr"):
            assert format_number(value, places) == turkish
        with force_locale("en"):
            assert format_number(value, places) == english


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10_000), st.integers(0, 4))
def test_places_are_those_of_exact_rounding_half_even(value: Fraction, places: int) -> None:
    """Outside a request the language is Turkish."""
    printed = format_number(value, places)
    assert Fraction(printed.replace(".", "").replace(",", ".").replace("−", "-")) == round(value, places)


@pytest.mark.parametrize(
    ("tenths", "turkish", "english"),
    [
        (833, "%83,3", "83.3%"),
        (800, "%80", "80%"),
        (0, "%0", "0%"),
        (-15, "−%1,5", "−1.5%"),
        (-1000, "−%100", "−100%"),
        (None, "–", "–"),
    ],
)
def test_percentages(app: Flask, tenths: int | None, turkish: str, english: str) -> None:
    with app.test_request_context():
        with force_locale("tr"):
            assert format_percent(tenths) == turkish
        with force_locale("en"):
            assert format_percent(tenths) == english


class Place(NamedTuple):
    name_tr: str
    name_en: str


def test_turkish_on_an_english_page_is_marked(app: Flask) -> None:
    with app.test_request_context():
        for place in (Place("Muş", "Muş"), Place("Muş", "")):
            with force_locale("tr"):
                assert (spoken(place, "name"), in_turkish("<b>")) == ("Muş", "<b>")
            with force_locale("en"):
                assert spoken(place, "name") == '<span lang="tr">Muş</span>'
        with force_locale("en"):
            assert spoken(Place("Belediye", "Municipality"), "name") == "Municipality"
            assert in_turkish(in_turkish("<b>")) == '<span lang="tr">&lt;b&gt;</span>'
            assert in_turkish(None) == ""


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("tr", "13.03.2026", "13.03.2026 01:30"), ("en", "13 March 2026", "13 March 2026 01:30")],
)
def test_dates(app: Flask, language: str, day: str, moment: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert format_date(date(2026, 3, 13)) == day
        assert format_datetime(datetime(2026, 3, 12, 22, 30, tzinfo=UTC)) == moment
        assert (format_date(None), format_datetime(None)) == ("–", "–")


def test_a_number_in_a_sentence_is_written_as_one_that_stands_alone(app: Flask) -> None:
    with app.test_request_context():
        template = app.jinja_env.from_string('{{ ngettext("%(num)s row", "%(num)s rows", 12000) }}')
        for spoken_in, said in (("tr", "12.000 satır"), ("en", "12,000 rows")):
            with force_locale(spoken_in):
                assert ngettext("%(num)s row", "%(num)s rows", 12_000) == template.render() == said
