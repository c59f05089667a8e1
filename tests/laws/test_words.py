"""Every text stands in the Turkish catalogue of its room, once, translated, and nothing unsaid stays there."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.language import catalogues
from tests.laws.rooms import APP, rooms, told

PO = "app/<room>/translations/tr/LC_MESSAGES/messages.po"


@pytest.mark.parametrize("room", rooms())
def test_catalogue_is_complete(app: Flask, room: str) -> None:
    shared = catalogues.translated(APP / "web")
    known = catalogues.translated(APP / room)
    said = catalogues.said_in(APP / room)
    wanted = said if room == "web" else {text for text in said if text not in shared}
    missing = {text.english for text in wanted if not known.get(text)}
    unused = {text.english for text in known if text not in said}
    assert not missing, told(
        sorted(missing),
        f"These texts of {room} have no Turkish. Run `flask --app wsgi words {room}` and fill in each msgstr in"
        f" {PO.replace('<room>', room)} (one marked fuzzy counts as none).",
    )
    assert not unused, told(
        sorted(unused),
        f"Nobody in {room} says these any more. Run `flask --app wsgi words {room}`: it takes them out of"
        f" {PO.replace('<room>', room)}.",
    )


def test_one_text_has_one_turkish(app: Flask) -> None:
    seen: dict[catalogues.Said, tuple[str, str]] = {}
    differing = []
    for room in rooms():
        for text, turkish in catalogues.translated(APP / room).items():
            if text in seen and seen[text][1] != turkish:
                first, before = seen[text]
                differing.append(f"{text.english!r}: {first} says {before!r}, {room} says {turkish!r}")
            seen.setdefault(text, (room, turkish))
    assert not differing, told(
        differing,
        f"One text, two translations. Choose one (the glossary in README.md has the words) and write it in both"
        f" catalogues, {PO}; where two things are meant, tell them apart with `pgettext`.",
    )


def test_placeholders_survive_translation(app: Flask) -> None:
    lost = []
    for room in rooms():
        for text, turkish in catalogues.translated(APP / room).items():
            wanted = set(re.findall(r"%\((\w+)\)[sd]", text.plural or text.english))
            if turkish and wanted != set(re.findall(r"%\((\w+)\)[sd]", turkish)):
                lost.append(f"{room}: {text.english!r} became {turkish!r}")
    assert not lost, told(
        lost,
        f"What is filled in differs. Let the Turkish in {PO} have the same %(…)s as the English (the plural, where"
        " there is one), letter by letter.",
    )


def test_no_suffix_is_glued_to_a_variable(app: Flask) -> None:
    """Turkish suffixes follow the vowels of the word; a variable has none to follow."""
    glued = [
        f"{room}: {turkish!r}"
        for room in rooms()
        for turkish in catalogues.translated(APP / room).values()
        if re.search(r"%\(\w+\)[sd]['’][a-zçğıöşü]", turkish)
    ]
    assert not glued, told(
        glued,
        f"Which vowels the suffix wants depends on the name filled in. Turn the sentence in {PO} so that the variable"
        ' stands bare, as in "Mark: %(who)s" / "İşaret: %(who)s".',
    )
