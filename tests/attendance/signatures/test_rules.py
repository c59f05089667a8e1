"""What a scan is, and which days have a sheet to be signed."""

from __future__ import annotations

import struct
import zlib
from datetime import date, time
from io import BytesIO

import pytest
from PIL import Image

from app.attendance.models import SittingRow
from app.attendance.signatures.rules import held_days
from app.files.bad_file import BadFile, BadFileReason
from app.files.pictures.scans import MOST_BYTES, media_type_of
from app.training.models import SittingState
from tests import factories


def _picture(kind: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (8, 8), "white").save(made, kind)
    return made.getvalue()


def _vast() -> bytes:
    """A PNG of a few bytes that says it is 40,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "is_a"),
    [
        (factories.pdf(), "application/pdf"),
        (factories.pdf().replace(b"startxref\n", b"startxref\n9"), "application/pdf"),  # not where it says
        (_picture("PNG"), "image/png"),
        (_picture("JPEG"), "image/jpeg"),
    ],
)
def test_a_scan_is_what_its_bytes_say(data: bytes, is_a: str) -> None:
    assert media_type_of(data) == is_a


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", BadFileReason.EMPTY),
        (b"%PDF-" + b"x" * MOST_BYTES, BadFileReason.TOO_LARGE),
        (b"%PDF-1.4 cut off", BadFileReason.DAMAGED),
        (b"<html>", BadFileReason.UNSUPPORTED_TYPE),
        (b"\xff\xd8\xffgarbage", BadFileReason.DAMAGED),
        (b"\x89PNG\r\n\x1a\n...", BadFileReason.DAMAGED),
        (_picture("JPEG")[:-2], BadFileReason.DAMAGED),
        (_vast(), BadFileReason.TOO_LARGE),
    ],
)
def test_anything_else_is_a_bad_file(data: bytes, reason: BadFileReason) -> None:
    with pytest.raises(BadFile) as told:
        media_type_of(data)
    assert told.value.reason is reason


def test_only_days_with_a_sitting_that_takes_place_are_signed() -> None:
    def sitting(day: date | None, state: SittingState = SittingState.HELD) -> SittingRow:
        return SittingRow(1, day, time(9), time(10), 60, state, None)

    first, second = date(2026, 11, 23), date(2026, 11, 24)
    rows = [
        sitting(first),
        sitting(first, SittingState.NOT_HELD),
        sitting(second, SittingState.NOT_HELD),
        sitting(None),
    ]
    assert held_days(rows) == {first}
