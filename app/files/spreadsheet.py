"""The rows of a worksheet, one after the other, as its XML gives them: what a spreadsheet shows, nothing computed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

from app.files.bad_file import BadFile, BadFileReason
from app.files.cells import NO_COLUMNS, Cell, Row, Texts, as_number
from app.files.unpacking import Package, SheetEntry, local_name

MAX_CELLS = 2_000_000
"""Cells of one file, empty ones included."""
MAX_COLUMN = 16_384
LAST_ROW = 1_048_576
"""No spreadsheet has more rows, empty ones included."""
MAX_STRINGS = 1_000_000
_STRINGS, _STYLES = "xl/sharedstrings.xml", "xl/styles.xml"
# Excel's own numbers of formats that show a date or a time
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NO_DATE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^]]*\]', re.IGNORECASE)
_DATE = re.compile("[dmyhs]", re.IGNORECASE)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Spreadsheet:
    """A workbook being read: what its sheets share, and how much was read of it."""

    def __init__(self, data: bytes) -> None:
        self._package = Package(data)
        self._texts = Texts()
        self._cells = 0
        self._epoch = dt.datetime(1904, 1, 1) if self._package.dates_from_1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001  # wall times
        self._dates = self._date_styles() if _STYLES in self._package else frozenset()
        self._strings = self._shared_strings() if _STRINGS in self._package else []
        self.sheets = self._package.sheets

    def rows(self, sheet: SheetEntry) -> Iterator[Row]:
        """The rows with content from the top. BadFile names the sheet."""
        number = 0
        try:
            for element in self._package.children(sheet.part, "sheetData"):
                if not element.tag.endswith("row") or local_name(element) != "row":
                    continue
                digits = element.get("r") or str(number + 1)
                if len(digits) > 7 or int(digits) <= number:
                    raise BadFile(BadFileReason.DAMAGED)
                number = int(digits)
                if number > LAST_ROW:
                    raise BadFile(BadFileReason.TOO_MANY_ROWS)
                if not len(element):
                    continue
                row = self._row(element, number, digits)
                if row.cells or row.formulas:
                    yield row
        except BadFile as bad:
            bad.sheet = sheet.name
            raise
        except (ValueError, LookupError, OverflowError) as error:
            raise BadFile(BadFileReason.DAMAGED, sheet=sheet.name) from error

    def _row(self, element: Element, number: int, digits: str) -> Row:
        cells: dict[int, Cell] = {}
        formulas: list[int] = []
        columns, strings, column = _columns(), self._strings, 0
        formula = element.tag[: -len("row")] + "f"
        self._cells += len(element)
        if self._cells > MAX_CELLS:
            raise BadFile(BadFileReason.TOO_LARGE)
        for one in element:
            address = one.get("r")
            # A cell that names another row than the one around it would be placed elsewhere by other readers.
            column = columns[address.removesuffix(digits)] if address else column + 1
            held = len(one)
            if not held:
                continue
            inner = one[0]
            if inner.tag == formula:
                formulas.append(column)
                if held == 1:
                    continue
            if held > 1:  # behind a formula stands its value
                inner = one[-1] if one[-1].text else _value(one)
            kind = one.get("t")
            cell = strings[int(inner.text or "")] if kind == "s" else self._cell(inner, kind, one.get("s"))
            if cell is not None:
                cells[column] = cell
        return Row(number, cells, frozenset(formulas) if formulas else NO_COLUMNS)

    def _cell(self, element: Element, kind: str | None, style: str | None) -> Cell:
        """What a cell shows, by its type, its style and the element its value stands in."""
        if kind == "inlineStr":
            return self._text(_written(element))
        value = element.text
        if not value:
            return None
        if kind is None or kind == "n":
            if style in self._dates:
                return self._moment(float(value))
            return as_number(int(value) if value.isdecimal() else float(value))
        if kind == "b":
            return int(value)
        if kind == "d":
            return _day(dt.datetime.fromisoformat(value))
        return self._text(value)

    def _shared_strings(self) -> list[str | None]:
        strings: list[str | None] = []
        for some in self._package.some_children(_STRINGS, "sst"):
            # each stands here once: there is nothing to look up
            strings += self._texts.all_kept(_all_written(some))
            if len(strings) > MAX_STRINGS:
                raise BadFile(BadFileReason.TOO_LARGE)
        return strings

    def _date_styles(self) -> frozenset[str]:
        """The styles of cells that show a number as a date or a time."""
        dates, styles = {str(known) for known in _DATE_FORMATS}, []
        for element in self._package.children(_STYLES, "styleSheet"):
            if local_name(element) == "numFmts":
                shown = (kind for kind in element if _DATE.search(_NO_DATE.sub("", kind.get("formatCode", ""))))
                dates.update(kind.get("numFmtId", "") for kind in shown)
            elif local_name(element) == "cellXfs":
                styles = [style.get("numFmtId") for style in element]
        return frozenset(str(at) for at, kind in enumerate(styles) if kind in dates)

    def _text(self, raw: str) -> str | None:
        return self._texts[_unescaped(raw)]

    def _moment(self, serial: float) -> Cell:
        """Excel counts days; what is less than one is a time."""
        try:
            moment = self._epoch + dt.timedelta(seconds=round(serial * 86_400))
        except OverflowError:
            return as_number(serial)
        return f"{moment:%H:%M}" if 0 <= serial < 1 else _day(moment)


def _day(moment: dt.datetime) -> dt.date:
    """A day is kept as its midnight."""
    return moment.date() if moment.time() == dt.time.min else moment


def _unescaped(raw: str) -> str:
    """Signs XML has no place for are written _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw) if "_x" in raw else raw


def _value(cell: Element) -> Element:
    """What holds the value of a cell in which something stands behind it, or whose value is empty."""
    return next((inner for inner in cell if local_name(inner) in ("v", "is")), cell[-1])


def _written(element: Element) -> str:
    """A text, whole or in runs of several fonts; how it is pronounced does not count."""
    if len(element) == 1 and not len(element[0]):
        return element[0].text or ""
    runs = (run for run in element if local_name(run) != "rPh")
    return "".join(part.text or "" for run in runs for part in run.iter() if local_name(part) == "t")


def _all_written(elements: list[Element]) -> list[str]:
    """The texts of many, unescaped: most are whole."""
    texts = [one[0].text or "" if len(one) == 1 and not len(one[0]) else _written(one) for one in elements]
    return [*map(_unescaped, texts)] if "_x" in "".join(texts) else texts


@cache
def _columns() -> dict[str, int]:
    return {column_letters(number): number for number in range(1, MAX_COLUMN + 1)}


def column_letters(number: int) -> str:
    """1 is A, 27 is AA; 0 is nothing."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
