"""A table as it was read from a spreadsheet, and the search for its header row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.language.turkish import search_key

Cell = str | int | float | dt.date | None
"""Text is trimmed and never empty; a whole number is an int; a moment is a datetime, which is a date as well."""

HEADER_WITHIN_ROWS = 30
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with content; `number` is the one the spreadsheet shows beside it (from 1)."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet without the empty ones.

    `sheet` is the sheet that was read and `sheets` all worksheets of the file (none for CSV); `formulas` are the
    addresses of cells whose value was computed ("D7"), at most a thousand: the rows hold the last computed value.
    Empty columns on the left are cut off too: position 0 of a row is the column numbered `first_column` (A is 1).
    """

    rows: tuple[TableRow, ...]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    first_column: int = 1


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header of a table is and which field stands in which column (positions from 0)."""

    row_number: int
    columns: Mapping[str, int]
    unknown: tuple[tuple[int, str], ...]
    """Columns with a heading nobody knows, as (position, heading)."""

    def body(self, table: Table) -> Iterator[TableRow]:
        """Yield the rows below the header."""
        return (row for row in table.rows if row.number > self.row_number)

    def pick(self, row: TableRow) -> dict[str, Cell]:
        """Return the known fields of a row by name; a row that is too short has None there."""
        cells = row.cells
        return {name: cells[at] if at < len(cells) else None for name, at in self.columns.items()}


def as_text(cell: Cell) -> str:
    """Return a cell as a person would have typed it: 9999997 without ".0", dates as 24.11.2026, "" for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, dt.date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    return str(cell)


def heading_key(text: str) -> str:
    """Fold a heading so that "E-Posta *", "e posta" and "EPOSTA" are one."""
    return _NO_LETTER.sub("", search_key(text))


def find_header(
    table: Table,
    known: Mapping[str, Sequence[str]],
    *,
    within: int = HEADER_WITHIN_ROWS,
    minimum: int = 2,
) -> Header | None:
    """Find the row that names the columns, skipping title rows above it.

    `known` gives for each field the headings it goes by, in any language and spelling. The row among the first
    `within` with the most known headings wins, the upper one of two equals; fewer than `minimum` (or than there
    are fields) is no header. A heading that comes twice belongs to its first column; the second stays unknown.
    """
    fields = {heading_key(heading): field for field, headings in known.items() for heading in headings}
    best: Header | None = None
    for row in table.rows[:within]:
        header = _read_header(row, fields)
        if best is None or len(header.columns) > len(best.columns):
            best = header
    if best is None or len(best.columns) < max(1, min(minimum, len(known))):
        return None
    return best


def _read_header(row: TableRow, fields: Mapping[str, str]) -> Header:
    columns: dict[str, int] = {}
    unknown: list[tuple[int, str]] = []
    for position, cell in enumerate(row.cells):
        heading = as_text(cell)
        field = fields.get(heading_key(heading)) if heading else None
        if field is not None and field not in columns:
            columns[field] = position
        elif heading:
            unknown.append((position, heading))
    return Header(row.number, columns, tuple(unknown))
