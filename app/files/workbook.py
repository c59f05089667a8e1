"""The visible sheets of an uploaded table: XLSX, or CSV and text as Excel and its relatives write it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

from app.files.bad_file import BadFile, BadFileReason
from app.files.cells import Cell, Row, Texts
from app.files.spreadsheet import LAST_ROW, MAX_CELLS, Spreadsheet
from app.files.unpacking import OLE_MAGIC, ZIP_MAGIC

TABLE_BYTES = 25 * 1024 * 1024
TABLE_REQUEST = TABLE_BYTES + 1024 * 1024
"""Of a form that brings such a file."""
_DELIMITERS = (";", ",", "\t")
_PASTED = ("\t", ";", ",")
_SNIFFED_LINES = 50
_SNIFFED_TEXT = 200_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_REFUSED = {".xls": BadFileReason.OLD_WORKBOOK, ".xlsm": BadFileReason.MACROS}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet (a text file is one without a name). `rows` reads it from the top, each time anew."""

    name: str
    rows: Callable[[], Iterator[Row]]


def open_table(data: bytes, filename: str, *, max_bytes: int = TABLE_BYTES) -> list[Sheet]:
    """Return the visible sheets of an uploaded file.

    The kind is decided by the extension and must agree with the first bytes. Raises BadFile with one reason, also
    while rows are read; nothing is ever executed, followed or written to disk.
    """
    extension = PurePath(filename.replace("\\", "/")).suffix.lower()
    if extension not in (".xlsx", ".csv", ".txt"):
        raise BadFile(_REFUSED.get(extension, BadFileReason.UNSUPPORTED_TYPE))
    if not data:
        raise BadFile(BadFileReason.EMPTY)
    if len(data) > max_bytes:
        raise BadFile(BadFileReason.TOO_LARGE)
    if extension == ".xlsx":
        book = Spreadsheet(data)
        return [Sheet(sheet.name, partial(book.rows, sheet)) for sheet in book.sheets if not sheet.hidden]
    if data.startswith((ZIP_MAGIC, OLE_MAGIC)):
        raise BadFile(BadFileReason.NOT_A_WORKBOOK)
    return [Sheet("", partial(_text_rows, data, *_written_how(data)))]


def pasted_rows(text: str) -> list[Row]:
    """The lines of a pasted list that are not empty, counted from 1, each cut at its tabs, semicolons or commas."""
    texts = Texts()
    rows: list[Row] = []
    for line in filter(str.strip, text.splitlines()):
        delimiter = next((sign for sign in _PASTED if sign in line), None)
        cut = enumerate(line.split(delimiter) if delimiter else [line], 1)
        rows.append(Row(len(rows) + 1, {at: cell for at, raw in cut if (cell := texts[raw]) is not None}))
    return rows


def _written_how(data: bytes) -> tuple[str, str, bool]:
    """Return a text's encoding and delimiter, and whether its first line names the delimiter."""
    encoding, start = _decode(data)
    named = re.match(r"sep=([;,\t])\r?\n", start)
    return encoding, named[1] if named else _sniff(start), named is not None


def _decode(data: bytes) -> tuple[str, str]:
    # Turkish Excel writes cp1254, in which nearly all bytes are letters: it is tried last
    for encoding in ("utf-16",) if data.startswith(_UTF_16) else ("utf-8-sig", "cp1254"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return encoding, text[:_SNIFFED_TEXT]
    raise BadFile(BadFileReason.DAMAGED)


def _sniff(text: str) -> str:
    """Return the delimiter that cuts the first lines most evenly: at least half of them into one number of cells."""
    lines = [line for line in text.splitlines() if line.strip()][:_SNIFFED_LINES]

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


def _text_rows(data: bytes, encoding: str, delimiter: str, named: bool) -> Iterator[Row]:
    texts = Texts()
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), delimiter=delimiter, strict=True)
    number = seen = 0
    try:
        for number, record in enumerate(reader, 1):
            seen += len(record)
            if seen > MAX_CELLS:
                raise BadFile(BadFileReason.TOO_LARGE)
            if number > LAST_ROW:
                raise BadFile(BadFileReason.TOO_MANY_ROWS)
            cells: dict[int, Cell] = {at: text for at, raw in enumerate(record, 1) if (text := texts[raw]) is not None}
            # Excel's own first line is no row of the table; the others keep the numbers a spreadsheet shows
            if cells and not (named and number == 1):
                yield Row(number, cells)
    except csv.Error as error:
        raise BadFile(BadFileReason.DAMAGED, row=number + 1) from error
