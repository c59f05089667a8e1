"""The rows of an office file that are about somebody or something, by the fields they were asked for.

What nobody may collect never leaves this floor: forbidden columns and T.C. identity numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from app.files.table import Cell, find_header, heading_key
from app.files.workbook import read_table

MAX_BYTES = 25 * 1024 * 1024
MAX_ROWS = 120_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of one sheet; `field` is what it was taken for.

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


@dataclass(frozen=True, slots=True)
class Record:
    """A row about somebody or something; `number` is the one the spreadsheet shows.

    `section` is the heading row above it, or the sheet's name in a series of sheets, or "". `formulas` are fields
    that were computed, `identity` those that held a T.C. identity number, which is gone.
    """

    sheet: str
    number: int
    section: str
    cells: Mapping[str, Cell]
    formulas: frozenset[str] = frozenset()
    identity: frozenset[str] = frozenset()
    codes: Mapping[str, Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no record, and why: total, note, signature, empty, identity, header, section."""

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
    unread: tuple[str, ...] = field(default=())


def read_records(
    data: bytes,
    filename: str,
    known: Mapping[str, Sequence[str]],
    *,
    needed: Sequence[str] = (),
    forbidden: Sequence[str] = (),
    mapping: Mapping[str, str | None] | None = None,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> Records:
    """Read an uploaded file; BadFile where it cannot be used at all.

    `known` gives for each field the headings it goes by; `mapping` says by hand what a column (its `name`) is, None
    for nothing.
    """
    table = read_table(data, filename, max_bytes=max_bytes, max_rows=max_rows)
    header = find_header(table, known)
    if header is None:
        return Records((), (), missing=tuple(needed))
    columns = [Column(table.sheet, at, known[name][0], name) for name, at in header.columns.items()]
    columns += [Column(table.sheet, at, heading, None) for at, heading in header.unknown]
    records = [Record(table.sheet, row.number, "", header.pick(row)) for row in header.body(table)]
    missing = tuple(name for name in needed if name not in header.columns)
    return Records(tuple(records), tuple(columns), missing=missing)
