"""Checking an uploaded picture by its bytes (PNG or JPEG; an SVG may carry a script), and making one smaller."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from app.files.bad_file import BadFile, BadFileReason

MAX_IMAGE_BYTES = 1024 * 1024
MAX_SIDE = 4_000
MAX_PIXELS = 8_000_000
"""What a picture may unpack to; a small file can hide a huge one."""

MOST_PHOTOGRAPHED = 60_000_000
"""Pixels of a photograph of today's phones."""
READABLE_SIDE = 2_600
"""Pixels of the longer side at which handwriting on a sheet of A4 is still read (220 dots an inch)."""

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_JPEG_START_OF_SCAN, _JPEG_END = 0xDA, 0xD9


def check_image(data: bytes, *, max_bytes: int = MAX_IMAGE_BYTES) -> tuple[str, int, int]:
    """Return (media type, width, height) in pixels of a whole PNG or JPEG.

    Raises BadFile: empty, too_large (bytes or pixels), unsupported_type (anything but these two), damaged.
    """
    if not data:
        raise BadFile(BadFileReason.EMPTY)
    if len(data) > max_bytes:
        raise BadFile(BadFileReason.TOO_LARGE)
    media_type, width, height = shape(data)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise BadFile(BadFileReason.TOO_LARGE)
    return media_type, width, height


def shape(data: bytes) -> tuple[str, int, int]:
    """(media type, width, height) of a whole PNG or JPEG, however large. BadFile: unsupported_type, damaged."""
    try:
        if data.startswith(PNG_MAGIC):
            media_type, (width, height) = "image/png", _png_size(data)
        elif data.startswith(JPEG_MAGIC):
            media_type, (width, height) = "image/jpeg", _jpeg_size(data)
        else:
            raise BadFile(BadFileReason.UNSUPPORTED_TYPE)
    except (struct.error, IndexError) as error:
        raise BadFile(BadFileReason.DAMAGED) from error
    if not width or not height:
        raise BadFile(BadFileReason.DAMAGED)
    return media_type, width, height


def _png_size(data: bytes) -> tuple[int, int]:
    """Walk the chunks to the last one, checking each sum; the first says the size."""
    at, size, pixels = len(PNG_MAGIC), None, False
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        (stated,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(data[at + 4 : at + 8 + length]) != stated or (size is None) != (kind == b"IHDR"):
            raise BadFile(BadFileReason.DAMAGED)
        if size is None:
            size = struct.unpack_from(">II", data, at + 8)
        pixels = pixels or kind == b"IDAT"
        at += 12 + length
        if kind == b"IEND":
            if not pixels or at != len(data):
                raise BadFile(BadFileReason.DAMAGED)
            return size


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Walk the segments to the picture itself; the frame header says the size."""
    at, size = 2, None
    while True:
        if data[at] != 0xFF:
            raise BadFile(BadFileReason.DAMAGED)
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _JPEG_BARE:
            at += 2
        elif marker == _JPEG_START_OF_SCAN:
            # Cameras pad the end; a file cut short has no end mark at all.
            if size is None or bytes((0xFF, _JPEG_END)) not in data[at:]:
                raise BadFile(BadFileReason.DAMAGED)
            return size
        else:
            (length,) = struct.unpack_from(">H", data, at + 2)
            if marker in _JPEG_FRAMES:
                height, width = struct.unpack_from(">HH", data, at + 5)
                size = width, height
            if length < 2:
                raise BadFile(BadFileReason.DAMAGED)
            at += 2 + length


def smaller(data: bytes) -> bytes:
    """A photograph of a sheet as a JPEG that is no larger than one needs to read it, upright and without what the
    camera adds (place, time). Raises BadFile: too_large (pixels), damaged.
    """
    from PIL import Image, ImageOps  # with each start it would take 3 MB, and few ever send one

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MOST_PHOTOGRAPHED:
                raise BadFile(BadFileReason.TOO_LARGE)
            opened.draft("RGB", (READABLE_SIDE, READABLE_SIDE))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise BadFile(BadFileReason.DAMAGED) from problem
    upright.thumbnail((READABLE_SIDE, READABLE_SIDE))
    made = BytesIO()
    upright.save(made, "JPEG", quality=80, optimize=True)
    return made.getvalue()
