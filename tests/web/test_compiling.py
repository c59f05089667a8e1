"""What our compiler writes is what the library's own writes, in fewer pieces."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from app.language import lazy_gettext
from app.training.models import SessionStatus
from app.web.compiling import init_env

PAGES = {
    "frame.html": "<b>{% block body %}frame{% endblock %}</b>{{ last }}",
    "page.html": '{% extends "frame.html" %}{% block body %}{{ super() }}{% for one in values %}<i>{{ one }}</i>'
    "{% block inner scoped %}{{ values | length }}{% endblock %}{% endfor %}{{ drawn(values[0]) }}{{ kept }}{% endblock %}"
    "{% macro drawn(it) %}<u>{{ it }}</u>{% endmacro %}{% set kept %}<s>{{ values[0] }}</s>{% endset %}",
    "plain.txt": "{% autoescape false %}{{ values[0] }}{% endautoescape %}",
}
VALUES: list[Any] = ["<a> & 'b'", Markup("<em>"), 7, True, None, 2.5, Decimal("1.50"), SessionStatus.OPEN, ["<"]]


def _env(ours: bool) -> Environment:
    env = Environment(loader=DictLoader(PAGES), autoescape=True, undefined=StrictUndefined)
    if ours:
        init_env(env)
    return env


@pytest.mark.parametrize("name", PAGES)
def test_it_writes_what_the_librarys_own_writes(name: str) -> None:
    told = {"values": VALUES, "last": "<last>"}
    assert _env(True).get_template(name).render(told) == _env(False).get_template(name).render(told)


def test_a_word_that_is_translated_late_stands_there_too(app: Any) -> None:
    with app.test_request_context("/?lang=tr"):
        word = lazy_gettext("Save")
        ours, theirs = (_env(which).from_string("{{ word }}").render(word=word) for which in (True, False))
    assert ours == theirs == "Kaydet"


def test_what_is_not_there_is_still_an_error() -> None:
    with pytest.raises(UndefinedError):
        _env(True).from_string("{{ nothing }}").render()


def test_a_page_comes_in_few_pieces_however_long_it_is() -> None:
    told = {"values": VALUES * 100, "last": ""}
    assert len(list(_env(True).get_template("page.html").generate(told))) < 10
    assert len(list(_env(False).get_template("page.html").generate(told))) > 1_000
