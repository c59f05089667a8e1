"""What a cell holds once it is read, whatever file it came from."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Mapping
from typing import NamedTuple

from app.core.identity import HIDDEN, is_identity_number, without_identity_numbers
from app.files.bad_file import BadFile, BadFileReason
from app.language.turkish import visible

Cell = str | int | float | dt.date | None
"""Text is trimmed and never empty; a whole number is an int; a moment is a datetime, which is a date as well."""


NO_COLUMNS: frozenset[int] = frozenset()


class Row(NamedTuple):
    """A row with content by its columns (A is 1); `number` is the one the spreadsheet shows beside it (from 1).

    `formulas` are the columns whose value was computed: the cells hold the last computed one.
    """

    number: int
    cells: Mapping[int, Cell]
    formulas: frozenset[int] = NO_COLUMNS


LONGEST_TEXT = 32_767
"""What Excel lets stand in a cell."""
MAX_HELD = 128 * 1024 * 1024
"""Memory for the texts of one file."""
_POOL = 20_000
_FEW = 16
_EXACT_BELOW = 10**15
_IDENTITY_NUMBERS = range(10**10, 10**11)
# Written by our own export so that text never becomes a formula, or by hand before a number; taken off again here.
_APOSTROPHE = re.compile(r"^'(?=[=+\-@\t\r\d])")
_KEPT_AS_TEXT = re.compile(r'^="([^"]*)"$')
# What a text is rid of is looked for in many at once, with a sign between them.
_BETWEEN = "|"
_TRIMMED = ("|'", "|=", "| ", " |", "||")
_ELEVEN = re.compile("[1-9][0-9]{10}")
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)


class Texts(dict[str, str | None]):
    """Texts as they are kept, by how they stand in the file: trimmed, visible, rid of T.C. identity numbers.

    Lists repeat themselves, so equal texts are one object. Raises BadFile where a file holds too much.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held = 0

    def __missing__(self, raw: str) -> str | None:
        if len(self) >= _POOL:
            self.clear()
        self[raw] = text = self.kept(raw)
        return text

    def all_kept(self, raws: list[str]) -> list[str | None]:
        """Many texts without looking for equal ones. Nearly all stay as they stand, which is seen of many at once."""
        if _is_clean(raws):
            self._held += sum(map(sys.getsizeof, raws))
            if self._held > MAX_HELD or max(map(len, raws)) > LONGEST_TEXT:
                raise BadFile(BadFileReason.TOO_LARGE)
            return [*raws]
        if len(raws) <= _FEW:
            return [self.kept(raw) for raw in raws]
        return [text for at in range(0, len(raws), _FEW) for text in self.all_kept(raws[at : at + _FEW])]

    def kept(self, raw: str) -> str | None:
        """The text without looking for an equal one."""
        text = _clean(raw)
        if text is not None:
            self._held += sys.getsizeof(text)
            if len(text) > LONGEST_TEXT or self._held > MAX_HELD:
                raise BadFile(BadFileReason.TOO_LARGE)
        return text


def _is_clean(raws: list[str]) -> bool:
    """Whether `_clean` would leave all of these as they are."""
    joined = f"{_BETWEEN}{_BETWEEN.join(raws)}{_BETWEEN}"
    if not joined.isprintable() or any(sign in joined for sign in _TRIMMED):
        return False
    # whatever stands between the digits of an identity number, they are eleven that follow each other without it
    return _ELEVEN.search(joined.replace(" ", "").replace(".", "").replace("-", "")) is None


def _clean(raw: str) -> str | None:
    text = visible(raw).strip()
    if text.startswith("'"):
        text = _APOSTROPHE.sub("", text).strip()
    elif text.startswith("="):
        text = _KEPT_AS_TEXT.sub(r"\1", text).strip()
    if len(text) >= len(HIDDEN):
        text = without_identity_numbers(text)
    return text or None


def as_number(value: float) -> Cell:
    """A number as it is kept: every number of a spreadsheet is a float, 9999997 was typed as a whole one."""
    if not float(value).is_integer():
        return value
    whole = int(value)
    return HIDDEN if whole in _IDENTITY_NUMBERS and is_identity_number(str(whole)) else whole


def as_text(cell: Cell) -> str:
    """Return a cell as a person would have typed it: 9999997 without ".0", dates as 24.11.2026, "" for nothing."""
    if isinstance(cell, str):  # first, as most are
        return cell
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, dt.date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    return str(cell)


def mangled(cell: Cell) -> bool:
    """Whether a spreadsheet shortened a long number here (1,23457E+11) and its last digits are lost."""
    if isinstance(cell, str):
        return _SHORTENED.fullmatch(cell) is not None
    return isinstance(cell, int | float) and abs(cell) >= _EXACT_BELOW


def holds_identity(cell: Cell) -> bool:
    """Whether a T.C. identity number stood here."""
    return isinstance(cell, str) and HIDDEN in cell
