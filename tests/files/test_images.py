"""Pictures: PNG and JPEG by their bytes, nothing else; photographs made smaller."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from app.files.bad_file import BadFile, BadFileReason
from app.files.pictures.images import MAX_IMAGE_BYTES, check_image, smaller


def picture(kind: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "white").save(target, kind, **options)
    return target.getvalue()


def huge_png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 95, "exif": b"Exif\0\0" + bytes(40)}])
def test_jpegs_of_all_kinds(options: dict[str, object]) -> None:
    assert check_image(picture("JPEG", **options)) == ("image/jpeg", 40, 30)


def test_a_png() -> None:
    assert check_image(picture("PNG", (3, 200))) == ("image/png", 3, 200)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", BadFileReason.EMPTY),
        (picture("GIF"), BadFileReason.UNSUPPORTED_TYPE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", BadFileReason.UNSUPPORTED_TYPE),
        (b"\x89PNG\r\n\x1a\n", BadFileReason.DAMAGED),
        (picture("PNG")[:-20], BadFileReason.DAMAGED),
        (picture("PNG") + b"<script>", BadFileReason.DAMAGED),
        (picture("PNG").replace(b"IDAT", b"IDAX"), BadFileReason.DAMAGED),
        (picture("JPEG")[:-2], BadFileReason.DAMAGED),
        (picture("JPEG")[:60], BadFileReason.DAMAGED),
        (b"\xff\xd8\xff\xe0\x00\x00", BadFileReason.DAMAGED),
        (b"\xff\xd8\xff\xff\xff", BadFileReason.DAMAGED),
        (huge_png(), BadFileReason.TOO_LARGE),
        (picture("PNG", (4_001, 1)), BadFileReason.TOO_LARGE),
        (b"\x89PNG\r\n\x1a\n" + bytes(MAX_IMAGE_BYTES), BadFileReason.TOO_LARGE),
    ],
)
def test_anything_else_is_refused(data: bytes, reason: BadFileReason) -> None:
    with pytest.raises(BadFile) as refused:
        check_image(data)
    assert refused.value.reason == reason


def photograph(size: tuple[int, int], *, lying: bool = False, kind: str = "JPEG") -> bytes:
    made, target = Image.new("RGB", size, "white"), io.BytesIO()
    exif = Image.Exif()
    if lying:
        exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "Camera"
    made.save(target, kind, exif=exif)
    return target.getvalue()


def test_a_photograph_is_made_smaller_upright_and_without_what_the_camera_adds() -> None:
    made = Image.open(io.BytesIO(smaller(photograph((4000, 3000), lying=True))))
    assert (made.format, made.size) == ("JPEG", (1950, 2600))
    assert not made.getexif()


@pytest.mark.parametrize(
    "data", [photograph((300, 200))[:-200], b"\x89PNG\r\n\x1a\n", photograph((9000, 9000), kind="PNG")]
)
def test_what_is_no_photograph_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile):
        smaller(data)
