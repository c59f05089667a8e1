"""Every text stands in the Turkish catalogue of its room, once, translated, and nothing unsaid stays there."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.language import catalogues
from tests.laws.rooms import APP, rooms


@pytest.mark.parametrize("room", rooms())
def test_catalogue_is_complete(app: Flask, room: str) -> None:
    shared = catalogues.translated(APP / "web")
    known = catalogues.translated(APP / room)
    said = catalogues.said_in(APP / room)
    wanted = said if room == "web" else {text for text in said if text not in shared}
    missing = {text.english for text in wanted if not known.get(text)}
    unused = {text.english for text in known if text not in said}
    assert not missing, f"no Turkish for {sorted(missing)}"
    assert not unused, f"nobody says {sorted(unused)}"


def test_one_text_has_one_turkish(app: Flask) -> None:
    seen: dict[catalogues.Said, tuple[str, str]] = {}
    differing = []
    for room in rooms():
        for text, turkish in catalogues.translated(APP / room).items():
            if text in seen and seen[text][1] != turkish:
                differing.append((text.english, seen[text], (room, turkish)))
            seen.setdefault(text, (room, turkish))
    assert not differing


def test_placeholders_survive_translation(app: Flask) -> None:
    lost = []
    for room in rooms():
        for text, turkish in catalogues.translated(APP / room).items():
            wanted = set(re.findall(r"%\((\w+)\)[sd]", text.plural or text.english))
            if turkish and wanted != set(re.findall(r"%\((\w+)\)[sd]", turkish)):
                lost.append((room, text.english, turkish))
    assert not lost


def test_no_suffix_is_glued_to_a_variable(app: Flask) -> None:
    """Turkish suffixes follow the vowels of the word; a variable has none to follow."""
    glued = [
        (room, turkish)
        for room in rooms()
        for turkish in catalogues.translated(APP / room).values()
        if re.search(r"%\(\w+\)[sd]['’][a-zçğıöşü]", turkish)
    ]
    assert not glued
