"""Reading an uploaded table: XLSX, or CSV as Excel and its relatives write it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from app.files.bad_file import MAX_BYTES, BadFile, BadFileReason
from app.files.table import Cell, Header, Table, TableRow, as_text, find_header
from app.files.unpacking import MAX_CELLS, OLE_MAGIC, ZIP_MAGIC, Package, SheetEntry, SheetFacts

__all__ = [
    "BadFile",
    "BadFileReason",
    "Cell",
    "Header",
    "Table",
    "TableRow",
    "as_text",
    "find_header",
    "read_table",
]

MAX_ROWS = 20_000
_DELIMITERS = (";", ",", "\t")
_SNIFFED_LINES = 50
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Written by our own export so that text never becomes a formula; taken off again here.
_GUARDED = re.compile(r"^'(?=[=+\-@\t\r])")


def read_table(
    data: bytes,
    filename: str,
    *,
    sheet: str | None = None,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> Table:
    """Read the table in an uploaded file.

    The kind is decided by the extension and must agree with the first bytes. Of a workbook the sheet named `sheet`
    is read, else the first visible one with content. Raises BadFile with one reason; nothing is ever executed,
    followed or written to disk.
    """
    extension = PurePath(filename.replace("\\", "/")).suffix.lower()
    if extension not in (".xlsx", ".csv"):
        raise BadFile(BadFileReason.UNSUPPORTED_TYPE)
    if not data:
        raise BadFile(BadFileReason.EMPTY)
    if len(data) > max_bytes:
        raise BadFile(BadFileReason.TOO_LARGE)
    return _read_xlsx(data, sheet, max_rows) if extension == ".xlsx" else _read_csv(data, max_rows)


def _read_xlsx(data: bytes, wanted: str | None, max_rows: int) -> Table:
    package = Package(data)
    entry, facts = _choose_sheet(package, wanted, max_rows)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(package.repacked(entry))) as workbook:
            sheet = workbook.get_sheet_by_name(entry.name)
            top, left = sheet.start or (0, 0)
            rows = _rows(sheet.to_python(skip_empty_area=True), top + 1)
    except (CalamineError, ValueError, OSError) as error:
        raise BadFile(BadFileReason.DAMAGED) from error
    except BaseException as error:
        # The reader is written in Rust; where it gives up it raises an exception outside Exception.
        if type(error).__name__ == "PanicException":
            raise BadFile(BadFileReason.DAMAGED) from error
        raise
    if not rows:
        raise BadFile(BadFileReason.EMPTY)
    names = tuple(entry.name for entry in package.sheets)
    return Table(tuple(rows), entry.name, names, tuple(facts.formulas), left + 1)


def _choose_sheet(package: Package, wanted: str | None, max_rows: int) -> tuple[SheetEntry, SheetFacts]:
    for entry in package.sheets:
        if entry.name == wanted or (wanted is None and not entry.hidden):
            facts = package.inspect(entry, max_rows)
            if not facts.empty:
                return entry, facts
    raise BadFile(BadFileReason.EMPTY)


def _read_csv(data: bytes, max_rows: int) -> Table:
    if data.startswith((ZIP_MAGIC, OLE_MAGIC)):
        raise BadFile(BadFileReason.NOT_A_WORKBOOK)
    text = _decode(data)
    if "\0" in text:
        raise BadFile(BadFileReason.DAMAGED)
    named = re.match(r"sep=([;,\t])\r?\n", text)
    delimiter = named[1] if named else _sniff(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    cells = 0
    try:
        for record in reader:
            records.append(record)
            cells += len(record)
            if cells > MAX_CELLS:
                raise BadFile(BadFileReason.TOO_LARGE)
            if len(records) > max_rows:
                raise BadFile(BadFileReason.TOO_MANY_ROWS)
    except csv.Error as error:
        raise BadFile(BadFileReason.DAMAGED) from error
    if named:
        # Excel's own line, no row of the table; the others keep the numbers a spreadsheet shows
        records[0] = []
    rows = _rows(records, 1)
    if not rows:
        raise BadFile(BadFileReason.EMPTY)
    return Table(tuple(rows))


def _decode(data: bytes) -> str:
    # Turkish Excel writes cp1254, in which nearly all bytes are letters: it is tried last
    for encoding in ("utf-8-sig", "cp1254"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile(BadFileReason.DAMAGED)


def _sniff(text: str) -> str:
    """Return the delimiter that cuts the first lines most evenly: at least half of them into one number of cells."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:_SNIFFED_LINES]

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(record) for record in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            return 0, 0
        cut = [width for width in widths if width > 1]
        common = max(set(cut), key=lambda width: (cut.count(width), width), default=0)
        even = cut.count(common)
        return (even, common) if 2 * even >= len(widths) else (0, 0)

    return max(_DELIMITERS, key=evenness)


def _rows(records: Iterable[Sequence[Any]], first_number: int) -> list[TableRow]:
    rows: list[TableRow] = []
    for number, record in enumerate(records, first_number):
        cells = tuple(_cell(value) for value in record)
        if any(cell is not None for cell in cells):
            rows.append(TableRow(number, cells))
    return rows


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        text = _CONTROLS.sub("", value).strip()
        if text.startswith("'"):
            text = _GUARDED.sub("", text, count=1).strip()
        return text or None
    # before int, which a bool is as well
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        # every number of a spreadsheet is a float: 9999997 was typed as a whole one
        return int(value) if value.is_integer() else value
    if isinstance(value, dt.datetime):
        # a day is kept as its midnight
        return value.date() if value.time() == dt.time.min else value
    if isinstance(value, int | dt.date):
        return value
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return None if value is None else str(value)
