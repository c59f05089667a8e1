"""What a scan is by its bytes (PDF, JPEG or PNG, nothing else), and which days have a sheet to be signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from app.attendance.models import SittingRow
from app.files.bad_file import BadFile, BadFileReason
from app.files.images import JPEG_MAGIC, PNG_MAGIC
from app.training.models import SittingState

PDF_MAGIC = b"%PDF-"
TYPES = {PDF_MAGIC: "application/pdf", JPEG_MAGIC: "image/jpeg", PNG_MAGIC: "image/png"}
MOST_BYTES = 12 * 1024 * 1024
"""Photographs of phones have up to so many; larger ones than other files may have are made smaller."""
TOGETHER = 40 * 1024 * 1024
"""So many bytes one form may bring."""
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def media_type_of(data: bytes) -> str:
    """What the bytes are. Raises BadFile: empty, too_large, unsupported_type, damaged (a PDF without its end)."""
    if not data:
        raise BadFile(BadFileReason.EMPTY)
    if len(data) > MOST_BYTES:
        raise BadFile(BadFileReason.TOO_LARGE)
    for magic, media_type in TYPES.items():
        if data.startswith(magic):
            if magic == PDF_MAGIC and b"%%EOF" not in data[-2048:]:
                raise BadFile(BadFileReason.DAMAGED)
            return media_type
    raise BadFile(BadFileReason.UNSUPPORTED_TYPE)


def shown_days(scans: int, days: Sequence[date]) -> list[Sequence[date]]:
    """The days each of so many scans shows: as many scans as days are one each, in order; else each shows all."""
    return [[day] for day in days] if scans == len(days) else [days] * scans


def held_days(rows: Iterable[SittingRow]) -> set[date]:
    """Days with a sitting that was not called off."""
    return {row.date for row in rows if row.date is not None and row.state is not SittingState.NOT_HELD}
