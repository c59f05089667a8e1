"""Opening an XLSX package without trusting it.

Size, members and ratio are judged from the zip directory before anything is unpacked; each part is then unpacked
with its declared size as the limit; every part is read once by expat, which refuses a document type (and with it
every entity) and measures the sheet, because a spreadsheet reader sets memory aside for the whole rectangle between
the first and the last cell. What the reader finally gets is a new archive of just the parts it needs.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field
from functools import cache
from typing import NoReturn
from xml.parsers import expat

from app.files.bad_file import BadFile, BadFileReason

MAX_UNPACKED = 50 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_RATIO = 100
MAX_CELLS = 2_000_000
"""Cells in the rectangle of one sheet, empty ones included."""
MAX_COLUMN = 16_384
MAX_STRINGS = 1_000_000
MAX_SHEETS = 1_000
MAX_FORMULAS_TOLD = 1_000
MAX_TAGS = 6_000_000
MAX_DEPTH = 64
_HUGE_TAG = re.compile(rb"<[^<]{200000}")

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_WORKBOOK_RELS = "xl/_rels/workbook.xml.rels"
_NEEDED = frozenset({"[content_types].xml", "_rels/.rels", "xl/styles.xml", "xl/sharedstrings.xml"})


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A worksheet of the package: its name, where its XML is, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class SheetFacts:
    """The rectangle that holds content (numbered from 1, all 0 when empty) and the cells with a formula."""

    first_row: int = 0
    last_row: int = 0
    first_column: int = 0
    last_column: int = 0
    formulas: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether no cell has content."""
        return not self.last_row


class Package:
    """An XLSX file whose directory has been checked. Raises BadFile for anything else."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(OLE_MAGIC):
            # A workbook with a password is an OLE container around the encrypted package; so is an old .xls.
            encrypted = _OLE_ENCRYPTED in data
            raise BadFile(BadFileReason.ENCRYPTED if encrypted else BadFileReason.NOT_A_WORKBOOK)
        if not data.startswith(ZIP_MAGIC):
            raise BadFile(BadFileReason.NOT_A_WORKBOOK)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise BadFile(BadFileReason.DAMAGED) from error
        members = self._zip.infolist()
        _judge_directory(members)
        self._members = {_part_name(member.filename): member for member in members}
        # two parts of one name: not every reader takes the same one
        if len(self._members) != len(members):
            raise BadFile(BadFileReason.DAMAGED)
        if _WORKBOOK not in self._members:
            binary = "xl/workbook.bin" in self._members
            raise BadFile(BadFileReason.UNSUPPORTED_TYPE if binary else BadFileReason.NOT_A_WORKBOOK)
        self._parts: dict[str, bytes] = {}
        self.sheets = self._list_sheets()

    def part(self, name: str) -> bytes:
        """Return one part unpacked; its declared size, already judged, is the limit."""
        if name not in self._parts:
            member = self._members.get(name)
            if member is None:
                raise BadFile(BadFileReason.DAMAGED)
            try:
                with self._zip.open(member) as stream:
                    # A size must be given: read() without one unpacks first and looks at the directory afterwards.
                    content = stream.read(member.file_size + 1)
            except (
                zipfile.BadZipFile,
                zlib.error,
                EOFError,
                OSError,
                NotImplementedError,
                RuntimeError,
            ) as error:
                raise BadFile(BadFileReason.DAMAGED) from error
            if len(content) != member.file_size:
                raise BadFile(BadFileReason.DAMAGED)
            self._parts[name] = content
        return self._parts[name]

    def inspect(self, sheet: SheetEntry, max_rows: int) -> SheetFacts:
        """Measure a sheet; too many rows or cells raise BadFile."""
        reader = _SheetReader(max_rows)
        parse(self.part(sheet.part), reader.start)
        return reader.facts

    def repacked(self, sheet: SheetEntry) -> bytes:
        """Return a new archive with that sheet and what it needs, all of it checked."""
        target = io.BytesIO()
        # read once and thrown away: packing it would only take time
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for name, member in self._members.items():
                if name in _NEEDED:
                    strings = _Counter("si", MAX_STRINGS)
                    parse(self.part(name), strings.start)
                elif name not in {_WORKBOOK, _WORKBOOK_RELS, sheet.part}:
                    continue
                # handed over one by one, so that nothing is held unpacked twice
                archive.writestr(member.filename.replace("\\", "/"), self._parts.pop(name))
        return target.getvalue()

    def _list_sheets(self) -> list[SheetEntry]:
        targets: dict[str, str] = {}
        found: list[SheetEntry] = []

        def keep_few(kept: Sized) -> None:
            if len(kept) > MAX_SHEETS:
                raise BadFile(BadFileReason.TOO_LARGE)

        def relation(tag: str, attributes: Mapping[str, str]) -> None:
            if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
                target = attributes.get("Target", "")
                targets[attributes.get("Id", "")] = _part_name(posixpath.normpath(posixpath.join("/xl", target)))

        def sheet(tag: str, attributes: Mapping[str, str]) -> None:
            if tag == "sheet":
                # expat does not look into namespaces here: the prefix of `id` may be any
                part = targets.get(next((v for k, v in attributes.items() if k.endswith(":id")), ""))
                if part is not None:
                    hidden = attributes.get("state", "visible") != "visible"
                    found.append(SheetEntry(attributes.get("name", ""), part, hidden))
                    keep_few(found)

        parse(self.part(_WORKBOOK_RELS), relation)
        parse(self.part(_WORKBOOK), sheet)
        return found


def _part_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _judge_directory(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise BadFile(BadFileReason.TOO_LARGE)
    # the bit that says a member is encrypted
    if any(member.flag_bits & 0x1 for member in members):
        raise BadFile(BadFileReason.ENCRYPTED)


Starts = Callable[[str, Mapping[str, str]], None]


class _LocalNames(dict[str, str]):
    """Tag names without their prefix, each cut once."""

    def __missing__(self, tag: str) -> str:
        if len(self) > 10_000:
            raise BadFile(BadFileReason.DAMAGED)
        local = self[tag] = tag.rpartition(":")[2]
        return local


def parse(xml: bytes, start: Starts) -> None:
    """Read a part, calling back at each start tag by its local name.

    A document type, broken XML, or more tags, deeper tags or longer tags than any spreadsheet has raise BadFile.
    """
    if xml.count(b"<") > MAX_TAGS or _HUGE_TAG.search(xml):
        raise BadFile(BadFileReason.TOO_LARGE)
    local = _LocalNames()
    depth = 0

    def opened(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise BadFile(BadFileReason.DAMAGED)
        start(local[tag], attributes)

    def closed(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: object) -> NoReturn:
        raise BadFile(BadFileReason.DAMAGED)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    try:
        parser.Parse(xml, True)
    # the last two: an encoding of several bytes, or one that does not exist
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BadFile(BadFileReason.DAMAGED) from error


class _Counter:
    """Counts one kind of element and refuses too many."""

    def __init__(self, tag: str, limit: int) -> None:
        self._tag, self._limit, self._count = tag, limit, 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == self._tag:
            self._count += 1
            if self._count > self._limit:
                raise BadFile(BadFileReason.TOO_LARGE)


class _SheetReader:
    """Walks a sheet as a spreadsheet reader will and stops at the first limit passed."""

    def __init__(self, max_rows: int) -> None:
        self.facts = SheetFacts()
        self._max_rows = max_rows
        self._row = self._column = self._cells = 0
        self._in_cell = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            self._place_cell(attributes.get("r"))
        elif tag in ("v", "is", "f"):
            if self._in_cell:
                self._note_content()
            if self._in_cell and tag == "f" and len(self.facts.formulas) < MAX_FORMULAS_TOLD:
                self.facts.formulas.append(f"{column_letters(self._column)}{self._row}")
        elif tag == "row":
            number = attributes.get("r")
            if number is not None and not (number.isdecimal() and len(number) < 8):
                raise BadFile(BadFileReason.DAMAGED)
            self._row = int(number) if number else self._row + 1
            self._column = 0
        elif tag == "extLst":
            # Validation lists in extensions have formulas of their own that belong to no cell.
            self._in_cell = False

    def _place_cell(self, address: str | None) -> None:
        if address is None:
            self._column += 1
        else:
            letters = address.rstrip("0123456789")
            # A cell that names another row than the one around it would be placed elsewhere by other readers.
            if address[len(letters) :] != str(self._row):
                raise BadFile(BadFileReason.DAMAGED)
            self._column = column_number(letters)
        self._in_cell = True
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise BadFile(BadFileReason.TOO_LARGE)

    def _note_content(self) -> None:
        facts, row, column = self.facts, self._row, self._column
        if facts.last_row == row and facts.first_column <= column <= facts.last_column:
            return
        if row < facts.last_row:
            raise BadFile(BadFileReason.DAMAGED)
        facts.first_row = facts.first_row or row
        facts.last_row = row
        facts.first_column = min(facts.first_column or column, column)
        facts.last_column = max(facts.last_column, column)
        height = row - facts.first_row + 1
        if height > self._max_rows:
            raise BadFile(BadFileReason.TOO_MANY_ROWS)
        if height * (facts.last_column - facts.first_column + 1) > MAX_CELLS:
            raise BadFile(BadFileReason.TOO_LARGE)


@cache
def _known_columns() -> dict[str, int]:
    return {column_letters(number): number for number in range(1, MAX_COLUMN + 1)}


def column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27; what Excel does not have raises BadFile."""
    number = _known_columns().get(letters)
    if number is None:
        raise BadFile(BadFileReason.DAMAGED)
    return number


def column_letters(number: int) -> str:
    """1 is A, 27 is AA; 0 is nothing."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
