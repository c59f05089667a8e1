"""What a typed cell means."""

from __future__ import annotations

import re

import pytest

from app.attendance.grid.rules import read
from app.attendance.models import Presence
from app.attendance.rules import spell


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("v", "present"),
        ("VAR", "present"),
        ("Katıldı", "present"),
        ("present", "present"),
        (" y ", "absent"),
        ("Yok", "absent"),
        ("G 20", "late:20"),
        ("geç20", "late:20"),
        ("Geç geldi, 20 dk", "late:20"),
        ("20", "late:20"),
        ("20 dakika", "late:20"),
        ("late:20", "late:20"),
        ("Left early 5 min", "left_early:5"),
        ("left_early:5", "left_early:5"),
        ("erken çıktı 5", "left_early:5"),
        ("MAZERETLİ", "excused"),
        ("x", "excused"),
        ("u", "exempt"),
        ("", ""),
        ("–", ""),
        ("Boş", ""),
    ],
)
def test_both_languages_letters_labels_and_minutes(text: str, word: str) -> None:
    assert spell(*read(text)) == word


def test_late_and_left_early_may_still_lack_their_minutes() -> None:
    assert read("g") == (Presence.LATE, None)


@pytest.mark.parametrize("text", ["belki", "var 20", "g 10 20", "-5 kere", "9999", "yok mu", "q"])
def test_anything_else_means_no_mark(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        read(text)
