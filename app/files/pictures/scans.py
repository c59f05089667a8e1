"""A paper that was scanned or photographed: looked at by its bytes (PDF, JPEG or PNG, nothing else), and kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from app.core.db import db
from app.core.errors import Refused
from app.files.bad_file import MAX_BYTES, BadFile, BadFileReason
from app.files.models import Document
from app.files.pictures.images import MOST_PHOTOGRAPHED, shape, smaller
from app.language import lazy_gettext

PDF_MAGIC = b"%PDF-"
END = re.compile(rb"startxref\s+[0-9]+\s+%%EOF")
TABLE = re.compile(rb"(?<!start)xref|[0-9] [0-9]+ obj")
MOST_BYTES = 12 * 1024 * 1024
"""Photographs of phones have up to so many; larger ones than other files may have are made smaller."""
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
WHY_NOT = {
    BadFileReason.EMPTY: lazy_gettext("The file is empty."),
    BadFileReason.TOO_LARGE: lazy_gettext("The file is larger than 12 MB. Scan it with a lower resolution."),
    BadFileReason.UNSUPPORTED_TYPE: lazy_gettext("Only PDF, JPEG and PNG files can be uploaded here."),
    BadFileReason.DAMAGED: lazy_gettext("The file is damaged or incomplete. Save or scan it again."),
}


@dataclass(frozen=True)
class Scan:
    """An upload that was looked at. Its digest is taken outside the write lock too."""

    content: bytes
    media_type: str
    sha256: str


def media_type_of(data: bytes, most: int = MOST_BYTES) -> str:
    """What the bytes are. Raises BadFile: empty, too_large (more bytes than `most`, or more pixels than a phone takes),
    unsupported_type, damaged (a PDF without its end or its table of objects, a picture that is none).
    """
    if not data:
        raise BadFile(BadFileReason.EMPTY)
    if len(data) > most:
        raise BadFile(BadFileReason.TOO_LARGE)
    if data.startswith(PDF_MAGIC):
        if not _is_whole(data):
            raise BadFile(BadFileReason.DAMAGED)
        return "application/pdf"
    media_type, width, height = shape(data)
    if width * height > MOST_PHOTOGRAPHED:
        raise BadFile(BadFileReason.TOO_LARGE)
    return media_type


def _is_whole(pdf: bytes) -> bool:
    """Whether it has objects, what they begin with, and an end. Where its end says they stand is often wrong in what
    phones and scanners make; readers find them all the same.
    """
    return bool(END.search(pdf[-2048:]) and b"/Root" in pdf and TABLE.search(pdf))


def read_scan(content: bytes, field: str = "scan") -> Scan:
    """Judge an upload by its bytes, whatever it is called; Refused in words, at its field, for anything but a scan."""
    try:
        media_type = media_type_of(content)
        if len(content) > MAX_BYTES and media_type != "application/pdf":
            content, media_type = smaller(content), "image/jpeg"
        return Scan(content, media_type, sha256(content).hexdigest())
    except BadFile as bad:
        raise Refused(WHY_NOT[bad.reason], field=field) from None


def keep(scan: Scan, name: str, *, by_id: int | None) -> Document:
    """As a file of this name (without its ending); the row that is to point at it follows."""
    made = Document(
        sha256=scan.sha256,
        media_type=scan.media_type,
        filename=f"{name}.{ENDINGS[scan.media_type]}",
        size=len(scan.content),
        content=scan.content,
        created_by=by_id,
    )
    db.session.add(made)
    db.session.flush()
    return made
