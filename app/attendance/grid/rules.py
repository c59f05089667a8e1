"""What somebody means who types into a cell: “V”, “geç 20”, “20 dk”, “Absent”, or a mark as `spell` writes it."""

from __future__ import annotations

import re

from app.attendance.models import NEEDS_MINUTES, Presence
from app.language.turkish import search_words

_WORDS = {
    Presence.PRESENT: "v var katildi p present",
    Presence.LATE: "g gec gecgeldi l late",
    Presence.LEFT_EARLY: "e erken erkenayrildi erkencikti early leftearly",
    Presence.ABSENT: "y yok katilmadi a absent",
    Presence.EXCUSED: "m mazeretli x excused",
    Presence.EXEMPT: "u muaf o exempt",
}
"""Both languages' letters, labels and words of a cell, folded and without spaces."""
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_EMPTY = {"", "bos", "unmarked"}
_UNITS = {"d", "dk", "dak", "dakika", "min", "minute", "minutes"}
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")


def read(text: str) -> tuple[Presence | None, int | None]:
    """The mark a typed text means; minutes alone are late. ValueError for what means none.

    That late and left early lack their minutes is not said here: somebody who comes right now needs none typed.
    """
    parts = _PARTS.findall(" ".join(search_words(text[:60])))
    numbers = [int(part) for part in parts if part.isdigit()]
    word = "".join(part for part in parts if not part.isdigit() and part not in _UNITS)
    if len(numbers) > 1 or (numbers and numbers[0] > 1440):
        raise ValueError(text)
    kind = Presence.LATE if numbers and not word else None if word in _EMPTY else _KINDS.get(word)
    if (kind is None and word not in _EMPTY) or (numbers and kind not in NEEDS_MINUTES):
        raise ValueError(text)
    return kind, numbers[0] if numbers else None
