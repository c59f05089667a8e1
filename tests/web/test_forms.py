"""How fields read what was typed: each way of writing, and what is refused without being lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
import wtforms
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from app.language import force_locale
from app.people.models import Sex
from app.web.forms import (
    CheckList,
    ChoiceField,
    DayField,
    DecimalCommaField,
    Form,
    KindField,
    TextField,
    TimeField,
    WholeField,
    word_or_none,
)


class Typed(wtforms.Form):
    day = DayField()
    time = TimeField()
    whole = WholeField(least=1, most=500)
    thousands = WholeField()
    decimal = DecimalCommaField()
    some = CheckList()

    def __init__(self, **typed: str | list[str]) -> None:
        super().__init__(MultiDict(typed))
        self.some.choices = [(1, "One"), (2, "Two")]


@pytest.fixture(autouse=True)
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"), force_locale("en"):
        yield


@pytest.mark.parametrize(
    ("field", "typed", "means"),
    [
        *(("day", typed, date(2026, 11, 24)) for typed in ("2026-11-24", "24.11.2026", "24/11/2026", " 24.11.2026 ")),
        *(("time", typed, time(9, 30)) for typed in ("09:30", "9.30", "930", "0930")),
        ("time", "14", time(14)),
        ("whole", "500", 500),
        ("thousands", "12.500", 12_500),
        ("thousands", "1 000 000", 1_000_000),
        *(("decimal", typed, Decimal("-1.5")) for typed in ("-1,5", "-1.5")),
        *((name, " ", None) for name in ("day", "time", "whole", "decimal")),
        ("some", "2", [2]),
    ],
)
def test_what_is_typed_is_read(field: str, typed: str, means: object) -> None:
    form = Typed(**{field: typed})
    assert form.validate(), form.errors
    assert form[field].data == means


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        *(("day", typed, "Enter the date as dd.mm.yyyy.") for typed in ("31.02.2026", "24.11.26", "x")),
        *(("day", typed, "The year must be between 2000 and 2100.") for typed in ("24.11.1999", "0206-11-24")),
        *(("time", typed, "Enter the time as hh:mm. Example: 13:30") for typed in ("24:00", "1:2:3", "yarın")),
        ("whole", "1,5", "Enter a whole number."),
        ("whole", "0", "Enter a number between 1 and 500."),
        *(("whole", typed, "Enter a whole number.") for typed in ("--5", "1.5", "1.50.000", "-")),
        ("thousands", "1000001", "Enter a number between 0 and 1,000,000."),
        *(("decimal", typed, "Enter a number.") for typed in ("x", "NaN", "1e999999999", "-1000000001")),
    ],
)
def test_what_cannot_be_read_stays_as_typed(field: str, typed: str, sentence: str) -> None:
    form = Typed(**{field: typed})
    assert not form.validate()
    assert [str(error) for error in form[field].errors] == [sentence]
    assert form[field].data is None
    assert form[field]._value() == typed


def test_a_box_that_was_not_offered_is_refused() -> None:
    form = Typed(some=["2", "3"])
    assert not form.validate()
    assert [str(error) for error in form.some.errors] == ["This choice is not available."]


class Person(Form):
    name = TextField()
    note = wtforms.TextAreaField()
    sex = KindField("Sex", Sex)
    born = DayField()


def test_a_list_is_written_as_wtforms_writes_it() -> None:
    class Places(Form):
        place = ChoiceField("Place", empty="None")

    form = Places(MultiDict({"place": "2"}))
    rooms = [SelectChoice(7, "Salon", optgroup="Ev"), SelectChoice(8, "Bahçe", optgroup="Ev")]
    for choices in ([(1, 'A & "B"'), (2, "<b>'C'</b>")], rooms):
        form.place.offer(choices)
        assert form.place() == wtforms.widgets.Select()(form.place)
    form.place.offer([(2, "C")])
    assert '<option selected value="2">C</option>' in form.place()


@pytest.mark.parametrize("typed", ["", "2", "02", "x", "None", None])
@pytest.mark.parametrize("coerce", [None, str, word_or_none])
def test_the_one_is_chosen_that_wtforms_would_choose(typed: str | None, coerce: Any) -> None:
    class Places(Form):
        place = ChoiceField("Place", empty="None", **({} if coerce is None else {"coerce": coerce}))

    form = Places(MultiDict({} if typed is None else {"place": typed}))
    words = [] if coerce is None else [("x", "C"), (Sex.WOMAN, "D")]
    form.place.offer([(1, "A"), (2, "B"), *words])
    assert form.place.iter_choices() == wtforms.SelectField.iter_choices(form.place)


def test_values_are_what_was_meant(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"name": "  Ada   Y ", "note": " a\n", "sex": "woman"}):
        form = Person()
        assert form.values("name", "note", "sex", "born") == {
            "name": "Ada Y",
            "note": "a",
            "sex": Sex.WOMAN,
            "born": None,
        }
        assert form.values().keys() == {"name", "note", "sex", "born"}
    with app.test_request_context("/"):
        assert Person().values("sex", "name") == {"sex": None, "name": ""}
