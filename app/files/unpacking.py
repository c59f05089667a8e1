"""Opening an XLSX package without trusting it.

Size, members and ratio are judged from the zip directory before anything is unpacked; each part is then unpacked
piece by piece, never beyond its declared size, and goes through expat first, which refuses a document type (and with
it every entity). No part is ever whole in memory.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from app.files.bad_file import BadFile, BadFileReason

MAX_UNPACKED = 150 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_RATIO = 100
MAX_SHEETS = 1_000
MAX_TAGS = 10_000_000
"""Beginnings and ends of tags in all that is read."""
_PIECE = 64 * 1024
# of one tag or one text
_LONGEST = 4 * _PIECE
# of one row, say: what is read and not yet whole
_MOST_OPEN_BYTES = 8 * 1024 * 1024
_MOST_OPEN_TAGS = 500_000
_MOST_BEFORE = 1_000

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_WORKBOOK_RELS = "xl/_rels/workbook.xml.rels"
_MACROS = "xl/vbaproject.bin"


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A worksheet of the package: its name, where its XML is, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


class Package:
    """An XLSX file whose directory has been checked. Raises BadFile for anything else."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(OLE_MAGIC):
            # A workbook with a password is an OLE container around the encrypted package; so is an old .xls.
            encrypted = _OLE_ENCRYPTED in data
            raise BadFile(BadFileReason.ENCRYPTED if encrypted else BadFileReason.OLD_WORKBOOK)
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
        if _MACROS in self._members:
            raise BadFile(BadFileReason.MACROS)
        if _WORKBOOK not in self._members:
            binary = "xl/workbook.bin" in self._members
            raise BadFile(BadFileReason.UNSUPPORTED_TYPE if binary else BadFileReason.NOT_A_WORKBOOK)
        self._tags = 0
        self.sheets = self._list_sheets()
        book = (child for child in self.children(_WORKBOOK, "workbook") if local_name(child) == "workbookPr")
        self.dates_from_1904 = any(child.get("date1904", "0") in ("1", "true") for child in book)

    def __contains__(self, part: str) -> bool:
        return part in self._members

    def children(self, part: str, container: str) -> Iterator[Element]:
        """The children of the element called `container` (the root of a part or just below it), one by one."""
        for some in self.some_children(part, container):
            yield from some

    def some_children(self, part: str, container: str) -> Iterator[list[Element]]:
        """The same, as many at once as a piece of the part brings."""
        tree, whole = _Tree(), None
        for piece in self._pieces(part):
            self._tags += piece.count(b"<")
            if self._tags > MAX_TAGS:
                raise BadFile(BadFileReason.TOO_LARGE)
            tree.feed(piece)
            whole = whole if whole is not None else tree.find(container)
            if whole is not None:
                past = tree.is_past(whole)
                yield tree.take(whole, all_of_it=past)
                if past:
                    return
        tree.close()
        if whole is not None:
            yield tree.take(whole, all_of_it=True)

    def _pieces(self, part: str) -> Iterator[bytes]:
        member = self._members.get(part)
        if member is None:
            raise BadFile(BadFileReason.DAMAGED)
        left = member.file_size
        try:
            with self._zip.open(member) as stream:
                while piece := stream.read(_PIECE):
                    left -= len(piece)
                    yield piece
        # zipfile says NotImplementedError of a packing it does not know, RuntimeError of an encrypted member
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise BadFile(BadFileReason.DAMAGED) from error
        if left:
            raise BadFile(BadFileReason.DAMAGED)

    def _list_sheets(self) -> list[SheetEntry]:
        targets: dict[str, str] = {}
        for relation in self.children(_WORKBOOK_RELS, "Relationships"):
            if relation.get("Type", "").endswith("/worksheet"):
                target = posixpath.normpath(posixpath.join("/xl", relation.get("Target", "")))
                targets[relation.get("Id", "")] = _part_name(target)
                if len(targets) > MAX_SHEETS:
                    raise BadFile(BadFileReason.TOO_LARGE)
        found: list[SheetEntry] = []
        for sheet in self.children(_WORKBOOK, "sheets"):
            # the namespace of `id` is one of two
            part = targets.get(next((v for k, v in sheet.items() if k.endswith("}id")), ""))
            if part is not None:
                hidden = sheet.get("state", "visible") != "visible"
                found.append(SheetEntry(sheet.get("name", ""), part, hidden))
            if len(found) > MAX_SHEETS:
                raise BadFile(BadFileReason.TOO_LARGE)
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


def local_name(element: Element) -> str:
    """The name of a tag without its namespace."""
    return element.tag.rpartition("}")[2]


class _Tree:
    """A part while it is read: what was taken out of it is forgotten, so that little of it is ever there.

    A document type, broken XML, and anything longer or deeper than spreadsheets have raise BadFile.
    """

    def __init__(self) -> None:
        builder = TreeBuilder()
        self._above = builder.start("part", {})
        self._reader = XMLParser(target=builder)  # noqa: S314  # another looks for a document type first
        # a document type can only stand before the first tag
        begun: list[str] = []
        self._begun = begun
        self._before = expat.ParserCreate()
        self._before.StartDoctypeDeclHandler = _refuse
        # not a method of this object, which would then be held by itself
        self._before.StartElementHandler = lambda tag, _: begun.append(tag)
        self._open_bytes = self._open_tags = self._since_tag = 0

    def feed(self, piece: bytes) -> None:
        self._open_bytes += len(piece)
        self._open_tags += piece.count(b"<")
        last = piece.rfind(b"<")
        self._since_tag = len(piece) - last if last >= 0 else self._since_tag + len(piece)
        long = self._since_tag > _LONGEST
        if long or self._open_bytes > _MOST_OPEN_BYTES or self._open_tags > _MOST_OPEN_TAGS:
            raise BadFile(BadFileReason.TOO_LARGE)
        try:
            if not self._begun:
                self._before.Parse(piece)
            self._reader.feed(piece)
        # the last two: an encoding of several bytes, or one that does not exist
        except (expat.ExpatError, ParseError, ValueError, LookupError) as error:
            raise BadFile(BadFileReason.DAMAGED) from error

    def close(self) -> None:
        try:
            self._reader.close()
        except ParseError as error:
            raise BadFile(BadFileReason.DAMAGED) from error

    def find(self, container: str) -> Element | None:
        """The root, or the child of it, that is called so."""
        for root in self._above:
            if local_name(root) == container:
                return root
            if len(root) > _MOST_BEFORE:
                raise BadFile(BadFileReason.DAMAGED)
            for child in root:
                if local_name(child) == container:
                    return child
        return None

    def take(self, whole: Element, *, all_of_it: bool) -> list[Element]:
        """The children that are complete, which are there no longer."""
        last = len(whole) if all_of_it else max(len(whole) - 1, 0)
        taken = whole[:last]
        del whole[:last]
        if taken:
            self._open_bytes = self._open_tags = 0
        return taken

    def is_past(self, whole: Element) -> bool:
        """Whether something follows behind it."""
        return any(whole in root and root[-1] is not whole for root in self._above)


def _refuse(*_: object) -> NoReturn:
    raise BadFile(BadFileReason.DAMAGED)
