"""What the typefaces can print, and that each is what its record says."""

from __future__ import annotations

import hashlib
import tomllib

import pytest
from fontTools.ttLib import TTFont

from app.paper.typeface import (
    FONTS,
    SERIF_BOLD,
    TYPEFACES,
    Typeface,
    UnprintableText,
    refuse_unprintable,
    tidy,
    unprintable,
)

TURKISH = "abcçdefgğhıijklmnoöpqrsştuüvwxyzABCÇDEFGĞHIİJKLMNOÖPQRSŞTUÜVWXYZ"
CIRCUMFLEX = "âêîûÂÊÎÛ"
KURDISH = "çêîşûÇÊÎŞÛ"
DIGITS_AND_SIGNS = "0123456789 .,:;!?()/-–—…·’‘“”%&+@'\"<>=#*₺"


@pytest.mark.parametrize("face", TYPEFACES, ids=lambda face: face.name)
def test_every_letter_of_turkish_and_kurdish_is_in_every_face(face: Typeface) -> None:
    assert face.missing(TURKISH + CIRCUMFLEX + KURDISH + DIGITS_AND_SIGNS) == ""


@pytest.mark.parametrize("face", TYPEFACES, ids=lambda face: face.name)
def test_letters_that_differ_are_drawn_differently(face: Typeface) -> None:
    drawn = {letter: face.font.face.charToGlyph[ord(letter)] for letter in TURKISH + CIRCUMFLEX}
    assert len(set(drawn.values())) == len(drawn)


def test_capitals_are_kerned() -> None:
    pair, apart = SERIF_BOLD.width("AV", 1000), SERIF_BOLD.width("A", 1000) + SERIF_BOLD.width("V", 1000)
    assert pair < apart - 20


def test_the_record_names_every_face_with_its_checksum_and_licence() -> None:
    rows = tomllib.loads((FONTS / "FONTS.toml").read_text())["face"]
    assert {row["file"] for row in rows} == {path.name for path in FONTS.glob("*.ttf")}
    assert {row["postscript_name"] for row in rows} == {face.name for face in TYPEFACES}
    for row in rows:
        assert hashlib.sha256((FONTS / row["file"]).read_bytes()).hexdigest() == row["sha256"]
        assert "SIL OPEN FONT LICENSE" in (FONTS / row["licence_file"]).read_text()
        assert TTFont(FONTS / row["file"])["name"].getDebugName(6) == row["postscript_name"]


def test_letters_nobody_can_print_are_named() -> None:
    assert unprintable("Bêrîtan İĞÜŞÖÇ ığüşöç") == ""
    assert unprintable("Ayşe Ж Ω ق") == "ق"
    assert unprintable("Айше Қасымова Ґалаґан Ελένη Παπαδοπούλου") == ""
    with pytest.raises(UnprintableText) as refusal:
        refuse_unprintable(["Ayşe", "ق"])
    assert refusal.value.letters == "ق"


def test_text_is_composed_and_freed_of_invisible_letters() -> None:
    assert tidy("  I\u0307zmir\n\u200bBe\u0302ri\u0302tan\x00 ") == "İzmir Bêrîtan"


@pytest.mark.parametrize("face", TYPEFACES, ids=lambda face: face.name)
@pytest.mark.parametrize(("sign", "printed"), [("→", "›"), ("≥", ">="), ("≤", "<=")])
def test_signs_our_own_texts_say_are_no_gap_on_paper(face: Typeface, sign: str, printed: str) -> None:
    assert face.set(f"3 {sign} 4")[0] == face.set(f"3 {printed} 4")[0]
    assert "_" not in str(face.set(f"3 {sign} 4")[0])
