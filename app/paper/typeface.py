"""The five typefaces of our paper, as ReportLab embeds them, set with the kerning HarfBuzz finds in them.

Our faces are pre-subset (see fonts/FONTS.toml): what ReportLab copies of a face into every file is small.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.language.turkish import upper

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent / "fonts"


class UnprintableText(ValueError):
    """A text holds letters our typefaces do not have; `letters` says which."""

    def __init__(self, letters: str) -> None:
        super().__init__(f"No typeface of ours has the letters: {' '.join(letters)}")
        self.letters = letters


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """NFC, one line, without control or invisible formatting letters."""
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        return text.strip()
    kept = (" " if c in "\t\r\n\v\f\u2028\u2029" else c for c in text)
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip()


_ALIKE = {"→": "›", "≥": ">=", "≤": "<="}
"""What our own texts say with signs of the screen."""


class Typeface:
    """One pre-subset TrueType face, known to ReportLab by its name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.set = lru_cache(maxsize=4096)(self._set)

    @cached_property
    def font(self) -> TTFont:
        from reportlab.pdfbase.pdfmetrics import registerFont  # where paper is drawn (app/paper/__init__.py)
        from reportlab.pdfbase.ttfonts import TTFont  # the same

        font = TTFont(self.name, FONTS / f"{self.name}.ttf", asciiReadable=False)
        registerFont(font)
        return font

    @cached_property
    def _letters(self) -> frozenset[str]:
        return frozenset(map(chr, self.font.face.charToGlyph))

    def missing(self, text: str) -> str:
        """The letters of a text this face does not have, each once."""
        return "".join(sorted(set(tidy(text)) - self._letters))

    def _set(self, text: str) -> tuple[str, float]:
        """The text kerned, and its width in thousandths of the type size.

        A letter we lack shows what is like it, or its base letter, or else a line to write on; a no-break space wraps
        nowhere.
        """
        from reportlab.lib.abag import ABag  # as above
        from reportlab.pdfbase.ttfonts import shapeFragWord  # as above

        shown = text.replace("\u00a0", " ")
        for letter in self.missing(shown):
            base = _ALIKE.get(letter) or unicodedata.normalize("NFKD", letter)[0]
            shown = shown.replace(letter, "_" if self.missing(base) else base)
        plain = self.font.stringWidth(shown, 1000)
        width, (_, kerned) = shapeFragWord([plain, (ABag(fontName=self.name, fontSize=1000), shown)])
        return kerned, width

    def width(self, text: str, size: float, tracking: float = 0.0) -> float:
        """Points the text takes at this size; `tracking` is added between letters (not after the last)."""
        return self.set(text)[1] * size / 1000 + tracking * max(0, len(text) - 1)


SERIF = Typeface("YetkinSerif-Regular")
SERIF_ITALIC = Typeface("YetkinSerif-Italic")
SERIF_BOLD = Typeface("YetkinSerif-SemiBold")
SANS = Typeface("YetkinSans-Regular")
SANS_BOLD = Typeface("YetkinSans-SemiBold")
TYPEFACES = (SERIF, SERIF_ITALIC, SERIF_BOLD, SANS, SANS_BOLD)
#: What people typed is never set in italics, so the few letters the italic lacks (¹²³) do not matter.
_FOR_TYPED_TEXT = (SERIF, SERIF_BOLD, SANS, SANS_BOLD)


def unprintable(text: str) -> str:
    """The letters of a text that some typeface of ours lacks, each once; empty when all can be printed."""
    return "".join(sorted({letter for face in _FOR_TYPED_TEXT for letter in face.missing(text)}))


def unprintable_names(names: Iterable[str]) -> list[tuple[str, str]]:
    """Those of the names, which papers print in capitals too, that have letters no paper can show, and the letters."""
    found = [(name, unprintable(name) or unprintable(upper(name))) for name in names]
    return [(name, " ".join(letters)) for name, letters in found if letters]


def refuse_unprintable(texts: Iterable[str]) -> None:
    """Raise `UnprintableText` if any of the texts cannot be printed exactly."""
    letters = unprintable("".join(texts))
    if letters:
        raise UnprintableText(letters)


__all__ = [
    "SANS",
    "SANS_BOLD",
    "SERIF",
    "SERIF_BOLD",
    "SERIF_ITALIC",
    "TYPEFACES",
    "Typeface",
    "UnprintableText",
    "refuse_unprintable",
    "tidy",
    "unprintable",
    "unprintable_names",
]
