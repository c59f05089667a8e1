"""The rows of an office file that are about somebody or something, by the fields they were asked for.

What nobody may collect never leaves this floor: forbidden columns and T.C. identity numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from app.core.identity import HIDDEN
from app.core.tables.bulk import uncollected
from app.files.bad_file import BadFile, BadFileReason
from app.files.cells import Cell, Row, as_text, holds_identity
from app.files.headings import WITHIN_ROWS, Header, Known, codes_in, find_header, heading_key
from app.files.workbook import TABLE_BYTES, Sheet, open_table
from app.language.turkish import normalise, upper

MAX_ROWS = 120_000
_JUDGED_CELLS = 200
"""So many cells of a column nobody knows say whether it holds identity numbers."""
_NO_FIELDS: frozenset[str] = frozenset()
_ALIKE = 0.75
_FEW = 3
_PER_SIGNATURE = 2
_FOOTERS = {
    "total": re.compile(
        r"\W*(?:(?:ara|alt|genel|kadın|erkek)\s+)?toplam(?:ı|\b)|\W*(?:sub|grand\s+)?total\b", re.IGNORECASE
    ),
    "signature": re.compile(
        r"\W*(?:hazırlayan|düzenleyen|onaylayan|kontrol\s+eden|tanzim\s+eden|tasdik|prepared\s+by|approved\s+by"
        r"|(?:imza|onay|uygundur|olur|signature)\s*(?:[:.]|$))",
        re.IGNORECASE,
    ),
    "note": re.compile(
        r"\*|\(\*|\W*(?:not|notlar|dipnot|açıklama|açıklamalar|uyarı|notes?)\s*[:.*)]"
        r"|\W*(?:sayfa|page)\s*(?:no)?\W*\d|\d{1,2}[./]\d{1,2}[./]\d{4}\s*$",
        re.IGNORECASE,
    ),
}
_UNIT = re.compile(
    r"müdürlü|başkanlı|başkan\s+yardımcı|amirli|şefli|birim|daire|kurul|kalem|müşavir|koordinatör|merkez|servis"
    r"|department|directorate|unit|office",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of one sheet (A is position 1); `field` is what it was taken for.

    `heading` stands there like this, two header rows joined by " / ". The cells of a forbidden one were never kept.
    `key` are the codes its own heading explains, as (code, meaning).
    """

    sheet: str
    position: int
    heading: str
    field: str | None
    forbidden: bool = False
    key: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """What a mapping by hand calls it."""
        return heading_key(self.heading)


class Cells(Mapping[str, Cell]):
    """The cells of a row by field: every field that has a column, None where the cell is empty.

    A hundred thousand of them share one table of places.
    """

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: Sequence[Cell]) -> None:
        self._places, self._values = places, values

    def __getitem__(self, field: str) -> Cell:
        return self._values[self._places[field]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return repr(dict(self))

    def filled(self) -> Iterator[tuple[str, Cell]]:
        """The cells with something in them, by field."""
        return ((field, cell) for field, cell in zip(self._places, self._values, strict=True) if cell is not None)

    def called(self, names: Sequence[str]) -> list[tuple[str, Cell]]:
        """The same by other names, one for each field, "" for those to leave out."""
        return [(name, cell) for name, cell in zip(names, self._values, strict=True) if cell is not None and name]


class Record(NamedTuple):
    """A row about somebody or something; `number` is the one the spreadsheet shows.

    `section` is the heading row above it, or the sheet's name in a series of sheets, or "". `formulas` are fields
    that were computed, `identity` those that held a T.C. identity number, which is gone; `codes` what the headings
    explain, by field.
    """

    sheet: str
    number: int
    section: str
    cells: Cells
    formulas: frozenset[str]
    identity: frozenset[str]
    codes: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no record, and why: total, note, signature, header, section, empty (nothing known in it)."""

    sheet: str
    number: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Records:
    """What a file holds. `missing` are needed fields without a column, `unread` visible sheets that were left out."""

    records: tuple[Record, ...]
    columns: tuple[Column, ...]
    skipped: tuple[Skipped, ...] = ()
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def read_records(
    data: bytes,
    filename: str,
    known: Mapping[str, Sequence[str]],
    *,
    needed: Sequence[str] = (),
    forbidden: Sequence[str] = (),
    mapping: Mapping[str, str | None] | None = None,
    others: str = "",
    max_bytes: int = TABLE_BYTES,
    max_rows: int = MAX_ROWS,
) -> Records:
    """Read an uploaded file; BadFile where it cannot be used at all.

    `known` gives for each field the headings it goes by, in any language and spelling; `mapping` says by hand what a
    column (its `name`) is, None for nothing. Of several sheets the one with the most known headings is read, and
    those of its shape with it. `forbidden` are headings beside those nobody may collect. `others` keeps the columns
    nobody knows as well: what their fields begin with, before the column's name.
    """
    with uncollected():
        filled = _headed(open_table(data, filename, max_bytes=max_bytes), Known(known, forbidden, mapping))
        headers = [header for _, header, _ in filled if header is not None]
        best = max(headers, key=lambda header: len(header.fields), default=None)
        readings: list[_Reading] = []
        unread: list[str] = []
        alike = sum(_alike(header, best) for header in headers)
        for sheet, header, rows in filled:
            if header is None or not _alike(header, best):
                unread.append(sheet.name)
                continue
            reading = _Reading(sheet, header, rows, needed, series=alike > 1, others=others)
            max_rows = reading.read(max_rows)
            readings.append(reading)
    return Records(
        tuple(record for reading in readings for record in reading.records),
        tuple(column for reading in readings for column in reading.columns()),
        tuple(row for reading in readings for row in reading.skipped),
        tuple(field for field in needed if best is None or field not in best.fields),
        tuple(unread),
    )


def _headed(sheets: Iterable[Sheet], words: Known) -> list[tuple[Sheet, Header | None, list[Row]]]:
    """The sheets with anything in them, their headings and their first rows."""
    heads = [(sheet, list(islice(sheet.rows(), WITHIN_ROWS))) for sheet in sheets]
    filled = [(sheet, find_header(rows, words), rows) for sheet, rows in heads if rows]
    if not filled:
        raise BadFile(BadFileReason.EMPTY)
    return filled


def _alike(header: Header, best: Header | None) -> bool:
    """Whether a sheet holds a list of the same shape."""
    if best is None or header is best:
        return True
    both, either = header.fields.keys() & best.fields.keys(), header.fields.keys() | best.fields.keys()
    return len(best.fields) > 1 and len(both) >= _ALIKE * len(either)


class _Reading:
    """One sheet while it is read below its header."""

    def __init__(
        self, sheet: Sheet, header: Header, top: Sequence[Row], needed: Sequence[str], *, series: bool, others: str
    ) -> None:
        self.records: list[Record] = []
        self.skipped: list[Skipped] = []
        self._sheet, self._header = sheet, header
        self._fields = tuple(header.fields.items())
        self._columns = tuple(column for _, column in self._fields)
        self._kept = (*self._fields, *(_unknown(header, others) if others else ()))
        self._places = {field: place for place, (field, _) in enumerate(self._kept)}
        self._behind = tuple(column for _, column in self._kept[len(self._fields) :])
        self._needed = frozenset(header.fields[field] for field in needed if field in header.fields)
        self._codes = {
            field: dict(codes) for field, column in self._fields if (codes := codes_in(header.headings[column]))
        }
        self._few = max(_FEW, len(self._fields) // 2)
        self._heads = [min(row.cells.items()) for row in header.rows]
        above = [row for row in top if row.number < header.rows[0].number and len(row.cells) == 1]
        self._titles = [normalise(as_text(cell)) for row in above for cell in row.cells.values()]
        self._section = sheet.name if series else ""
        self._waiting: list[tuple[Row, str]] = []
        self._signed = self._heads_sections = False
        self._unknown: dict[int, list[int]] = {}

    def read(self, most: int) -> int:
        """Read every row and return how many more there may be; more than `most` of them raise BadFile."""
        for row in self._sheet.rows():
            if row.number <= self._header.last_row:
                continue
            most -= 1
            if most < 0:
                raise BadFile(BadFileReason.TOO_MANY_ROWS, sheet=self._sheet.name)
            self._take(row)
        self._drop_waiting("signature" if self._signed else "note")
        self._name_first_section()
        return most

    def columns(self) -> Iterator[Column]:
        """Every column that has a heading or was found to hold what nobody may collect."""
        fields = {column: field for field, column in self._fields}
        by_content = {column for column, (filled, found) in self._unknown.items() if found * 2 > filled}
        for column in sorted(self._header.headings.keys() | by_content):
            heading = self._header.headings.get(column, "")
            banned = column in self._header.forbidden or column in by_content
            yield Column(self._sheet.name, column, heading, fields.get(column), banned, codes_in(heading))

    def _take(self, row: Row) -> None:
        cells = row.cells
        first = next(iter(cells), 0)
        text = None if first in self._header.forbidden else cells.get(first)
        values = [*map(cells.get, self._columns)]
        filled = len(values) - values.count(None) + len(row.formulas)
        # a row with most of its cells is a record, unless the headings come again or the columns are numbered
        doubtful = filled <= self._few or text == 1 or (first, text) in self._heads
        kind = self._kind(row, first, text, filled) if doubtful else ""
        if kind == "section":
            self._waiting.append((row, normalise(as_text(text))))
        elif kind:
            self._skip(row, kind, as_text(text))
        else:
            self._keep(row, values)

    def _kind(self, row: Row, first: int, text: Cell, filled: int) -> str:
        """What a row is that may be no record: a kind of `Skipped`, or "" for a record."""
        if self._header.is_repeated_in(row) or _counts_columns(row):
            return "header"
        if not isinstance(text, str):
            return "" if filled else "empty"
        footer = next((kind for kind, signs in _FOOTERS.items() if signs.match(text)), "")
        if footer:
            self._signed = footer == "signature"
            return footer
        alone = len(row.cells) == 1
        if alone and normalise(text) in self._titles:
            return "header"
        if self._signed and len(row.cells) <= _PER_SIGNATURE and not self._is_numbered(row):
            return "signature"
        if alone and (_UNIT.search(text) or first not in self._columns or self._is_heading(first, text)):
            return "section"
        return "" if filled else "note"

    def _is_numbered(self, row: Row) -> bool:
        """Whether something with a digit stands in a column nobody can do without."""
        return any(sign.isdigit() for column in self._needed for sign in as_text(row.cells.get(column)))

    def _is_heading(self, column: int, text: str) -> bool:
        """Whether a text alone in its row, at its beginning, names a part: no number, and no name of a person."""
        if column != min(self._header.headings) or any(sign.isdigit() for sign in text):
            return False
        return column in self._needed or text == upper(text)

    def _skip(self, row: Row, kind: str, text: str) -> None:
        if kind == "header":
            # a page or a part begins: what stands above its headings names the part
            self._heads_sections |= bool(self._waiting)
        else:
            self._drop_waiting("note")
        self.skipped.append(Skipped(self._sheet.name, row.number, kind, text[:200]))

    def _drop_waiting(self, kind: str) -> None:
        self.skipped += [Skipped(self._sheet.name, row.number, kind, text[:200]) for row, text in self._waiting]
        self._waiting.clear()

    def _keep(self, row: Row, values: list[Cell]) -> None:
        if self._waiting:
            self._section = self._waiting[-1][1]
            self._drop_waiting("section")
        self._signed = False
        if len(self.records) < _JUDGED_CELLS:
            self._judge(row)
        hidden = [at for at, value in enumerate(values) if isinstance(value, str) and HIDDEN in value]
        identity = frozenset(self._fields[at][0] for at in hidden) if hidden else _NO_FIELDS
        formulas = _NO_FIELDS
        if row.formulas:
            formulas = frozenset(field for field, column in self._fields if column in row.formulas)
        if self._behind:
            values += map(row.cells.get, self._behind)
        cells = Cells(self._places, tuple(values))
        self.records.append(Record(self._sheet.name, row.number, self._section, cells, formulas, identity, self._codes))

    def _judge(self, row: Row) -> None:
        for column, cell in row.cells.items():
            if column not in self._columns:
                counts = self._unknown.setdefault(column, [0, 0])
                counts[0] += 1
                counts[1] += holds_identity(cell)

    def _name_first_section(self) -> None:
        """Where each part has its headings again, the first one's name stands above the first headings."""
        if self._heads_sections and self._titles and self.records and not self.records[0].section:
            named = (record for record in self.records if not record.section)
            first = [record._replace(section=self._titles[-1]) for record in named]
            self.records[: len(first)] = first


def _unknown(header: Header, begin: str) -> Iterator[tuple[str, int]]:
    """Columns nobody knows or forbids, each as a field; one whose heading comes twice once."""
    fields: dict[str, int] = {}
    for column, heading in header.headings.items():
        if column not in header.fields.values() and column not in header.forbidden and heading_key(heading):
            fields.setdefault(begin + heading_key(heading), column)
    yield from fields.items()


def _counts_columns(row: Row) -> bool:
    """Whether a row numbers the columns: 1, 2, 3 …"""
    return len(row.cells) > 2 and list(row.cells.values()) == list(range(1, len(row.cells) + 1))
