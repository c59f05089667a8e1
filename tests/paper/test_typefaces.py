"""What the typefaces can print, and that each is what its record says."""

from __future__ import annotations

import hashlib
import tomllib
from io import BytesIO

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
    drawn = {letter: face.set(letter).operand for letter in TURKISH + CIRCUMFLEX}
    assert len(set(drawn.values())) == len(drawn)


@pytest.mark.parametrize("face", TYPEFACES, ids=lambda face: face.name)
def test_our_reading_of_a_face_agrees_with_fonttools(face: Typeface) -> None:
    font = TTFont(FONTS / f"{face.name}.ttf")
    cmap, order = font.getBestCmap(), font.getReverseGlyphMap()
    assert cmap
    for code, name in cmap.items():
        if code == 0xA0:
            continue
        assert face.set(chr(code)).operand == f"[<{order[name]:04X}>]"
        assert face.set(chr(code)).width == font["hmtx"][name][0]


def test_capitals_are_kerned() -> None:
    pair, apart = SERIF_BOLD.width("AV", 1000), SERIF_BOLD.width("A", 1000) + SERIF_BOLD.width("V", 1000)
    assert pair < apart - 20


def test_a_subset_is_a_sound_font_with_only_what_was_asked() -> None:
    text = "Şükrü İĞNECİĞİL"
    glyphs = SERIF_BOLD.set(text).glyphs
    font = TTFont(BytesIO(SERIF_BOLD.subset(glyphs)), checkChecksums=2)
    full = TTFont(FONTS / f"{SERIF_BOLD.name}.ttf")
    drawn = {i for i, name in enumerate(font.getGlyphOrder()) if font["glyf"][name].numberOfContours > 0}
    space = SERIF_BOLD.set(" ").glyphs
    assert drawn == (glyphs - space) | {0}
    for number in glyphs:
        ours, theirs = font.getGlyphName(number), full.getGlyphName(number)
        assert font["hmtx"][ours] == full["hmtx"][theirs]
        assert font["glyf"][ours].getCoordinates(font["glyf"]) == full["glyf"][theirs].getCoordinates(full["glyf"])


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
