"""Pages to draw on: a ReportLab canvas with our typefaces, and the two ways to fit a text into a width.

Text is always shown as given, letter by letter; there is no markup anywhere in this package.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Literal

from reportlab import rl_config
from reportlab.lib import utils as reportlab_utils
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen import canvas as reportlab_canvas

from app.paper.typeface import Typeface, tidy

# ReportLab can evaluate colour expressions found in markup: off, although we hand it no markup.
rl_config.toColorCanUse = None  # type: ignore[attr-defined]  # ReportLab makes its settings at run time
rl_config.useA85 = 0  # type: ignore[attr-defined]  # the same

# ReportLab has no type hints; what we take from it is handled as Any on purpose.
_Canvas: Any = reportlab_canvas.Canvas
_TimeStamp: Any = reportlab_utils.TimeStamp

MM = 72 / 25.4
A4_LANDSCAPE = (297 * MM, 210 * MM)

Colour = tuple[float, float, float]
Align = Literal["left", "centre", "right"]


def colour(code: str) -> Colour:
    """`#0f5b57` as the three numbers PDF wants."""
    red, green, blue = (round(int(code[i : i + 2], 16) / 255, 3) for i in (1, 3, 5))
    return red, green, blue


class _Written(pdfdoc.PDFObject):
    """An object whose bytes we write ourselves."""

    __RefOnly__ = 1

    def __init__(self, entries: str, stream: bytes | None = None) -> None:
        self.entries, self.stream = entries, stream

    def format(self, document: object) -> bytes:
        del document
        if self.stream is None:
            return f"<<{self.entries}>>".encode("latin-1")
        head = f"<<{self.entries}/Length {len(self.stream)}>>\nstream\n".encode("latin-1")
        return head + self.stream + b"\nendstream\n"


#: Stands in for the font ReportLab would name on every page (Helvetica, which is never embedded).
_NO_FONT: Any = SimpleNamespace(fontName="yetkin-none", _multiByte=1, _dynamicFont=1, face=None)
pdfmetrics._fonts[_NO_FONT.fontName] = _NO_FONT


class _FontInFile:
    """One of our typefaces as this document uses it: collects glyphs, embeds them at the end."""

    def __init__(self, face: Typeface, number: int) -> None:
        self.face, self.resource, self.used = face, f"Y{number}", set(face.always)

    def addObjects(self, document: Any) -> None:  # noqa: N802 - the name ReportLab calls
        face, used = self.face, frozenset(self.used)
        name = f"{face.tag(used)}+{face.name}"
        program, unicode, widths = _embedded(face, used)
        flags = 6 | (64 if face.italic else 0)
        add = document.Reference
        add(_Written(*program), f"{self.resource}.program")
        add(_Written(*unicode), f"{self.resource}.unicode")
        ref = {part: _reference(document, f"{self.resource}.{part}") for part in ("program", "unicode")}
        box = " ".join(str(edge) for edge in face.box)
        add(
            _Written(
                f"/Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[{box}]/ItalicAngle"
                f" {-12 if face.italic else 0}/Ascent {face.ascent}/Descent {face.descent}"
                f"/CapHeight {face.cap_height}/StemV 80/FontFile2 {ref['program']}"
            ),
            f"{self.resource}.descriptor",
        )
        add(
            _Written(
                f"/Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDToGIDMap/Identity"
                "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                f"/FontDescriptor {_reference(document, f'{self.resource}.descriptor')}"
                f"/DW 500/W{widths}"
            ),
            f"{self.resource}.cid",
        )
        fonts = document.idToObject[pdfdoc.BasicFonts].dict
        fonts[self.resource] = add(
            _Written(
                f"/Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
                f"/DescendantFonts[{_reference(document, f'{self.resource}.cid')}]/ToUnicode {ref['unicode']}"
            ),
            f"{self.resource}.font",
        )


#: Dictionary entries and packed stream. (A `_Written` is marked with its document by ReportLab.)
_Packed = tuple[str, bytes]


@lru_cache(maxsize=128)
def _embedded(face: Typeface, glyphs: frozenset[int]) -> tuple[_Packed, _Packed, str]:
    """Font program, Unicode map and widths; certificates of one group share most of their glyph sets."""
    program = face.subset(glyphs)
    return (
        _packed(program, f"/Length1 {len(program)}"),
        _packed(face.to_unicode(glyphs)),
        face.widths_entry(glyphs),
    )


def _packed(content: bytes, entries: str = "") -> _Packed:
    return f"/Filter/FlateDecode{entries}", zlib.compress(content, 9)


def _reference(document: Any, name: str) -> str:
    number, version = document.idToObjectNumberAndVersion[name]
    return f"{number} {version} R"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made ready for PDF: size in pixels, colour space, packed samples of one byte each."""

    width: int
    height: int
    colours: str
    samples: bytes
    name: str


class Pages:
    """A document of A4 landscape pages.

    The same content gives the same bytes: the file's date is `dated`, its identifier comes from `content`.
    """

    def __init__(self, *, title: str, author: str, language: str, dated: date, content: object) -> None:
        self._buffer = BytesIO()
        self._canvas = _Canvas(
            self._buffer,
            pagesize=A4_LANDSCAPE,
            invariant=1,
            pageCompression=1,
            initialFontName=_NO_FONT.fontName,
            pdfVersion=(1, 4),
            lang=language,
        )
        self._doc = self._canvas._doc
        stamp = _TimeStamp(1)
        stamp.YMDhms = (dated.year, dated.month, dated.day, 0, 0, 0)
        self._doc._timeStamp = stamp
        self._doc.signature = hashlib.md5(repr(content).encode(), usedforsecurity=False)
        self._fonts: dict[str, _FontInFile] = {}
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject("")
        self._canvas.setCreator("Yetkin")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def next_page(self) -> None:
        """Close this page; what is drawn next is on another."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The file, after its last page was closed."""
        self._canvas.save()
        return self._buffer.getvalue()

    # -- text ---------------------------------------------------------------------------------------

    def write(
        self,
        x: float,
        y: float,
        text: str,
        face: Typeface,
        size: float,
        *,
        ink: Colour,
        align: Align = "left",
        tracking: float = 0.0,
    ) -> None:
        """One line at baseline `y`; `x` is its left end, middle or right end."""
        text = tidy(text)
        if not text:
            return
        done = face.set(text)
        if align != "left":
            x -= face.width(text, size, tracking) * (0.5 if align == "centre" else 1.0)
        font = self._fonts.get(face.name)
        if font is None:
            font = self._fonts[face.name] = _FontInFile(face, len(self._fonts) + 1)
            self._doc.delayedFonts.append(font)
        font.used |= done.glyphs
        spaced = f" {tracking:.2f} Tc" if tracking else ""
        reset = " 0 Tc" if tracking else ""
        red, green, blue = ink
        self._canvas._code.append(
            f"BT {red} {green} {blue} rg /{font.resource} {size:.4g} Tf{spaced}"
            f" {x:.2f} {y:.2f} Td {done.operand} TJ{reset} ET"
        )

    # -- lines and areas ----------------------------------------------------------------------------

    def stroke(self, x1: float, y1: float, x2: float, y2: float, *, ink: Colour, width: float) -> None:
        self._canvas._code.append(
            f"{ink[0]} {ink[1]} {ink[2]} RG {width:.3g} w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S"
        )

    def frame(self, x: float, y: float, w: float, h: float, *, ink: Colour, width: float) -> None:
        self._canvas._code.append(f"{ink[0]} {ink[1]} {ink[2]} RG {width:.3g} w {x:.2f} {y:.2f} {w:.2f} {h:.2f} re S")

    def area(self, x: float, y: float, w: float, h: float, *, ink: Colour) -> None:
        self._canvas._code.append(f"{ink[0]} {ink[1]} {ink[2]} rg {x:.2f} {y:.2f} {w:.2f} {h:.2f} re f")

    def draw(self, operators: str) -> None:
        """Path operators as they are, in a state of their own."""
        self._canvas._code.append(f"q {operators} Q")

    def repeated(self, name: str, draw: Callable[[], None]) -> None:
        """What `draw` draws, stored once per file under this name and shown on this page."""
        if not self._canvas.hasForm(name):
            self._canvas.beginForm(name)
            draw()
            self._canvas.endForm()
        self._canvas.doForm(name)

    # -- objects ------------------------------------------------------------------------------------

    def picture(self, picture: Picture, x: float, y: float, w: float, h: float) -> None:
        """The picture in this box; its bytes are stored once per file however often it is drawn."""
        resource = self._doc.getXObjectName(picture.name)
        if resource not in self._doc.idToObject:
            entries = (
                f"/Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}"
                f"/ColorSpace{picture.colours}/BitsPerComponent 8/Filter/FlateDecode"
            )
            self._doc.addForm(picture.name, _Written(entries, picture.samples))
        self._canvas._currentPageHasImages = 1
        self._canvas._formsinuse.append(picture.name)
        self._canvas._code.append(f"q {w:.2f} 0 0 {h:.2f} {x:.2f} {y:.2f} cm /{resource} Do Q")

    def link(self, url: str, x: float, y: float, w: float, h: float) -> None:
        """An area that opens the address."""
        address = url.encode("ascii").hex()
        self._canvas._addAnnotation(
            _Written(
                f"/Type/Annot/Subtype/Link/Rect[{x:.1f} {y:.1f} {x + w:.1f} {y + h:.1f}]/Border[0 0 0]/F 4"
                f"/A<</S/URI/URI<{address}>>>"
            )
        )


# -- fitting -------------------------------------------------------------------------------------------


def fitted_size(text: str, face: Typeface, size: float, least: float, width: float) -> float:
    """The largest size up to `size`, in quarter points, at which the text fits; never below `least`."""
    natural = face.width(tidy(text), 1.0)
    if natural * size <= width:
        return size
    return max(least, int(4 * width / natural) / 4)


@lru_cache(maxsize=2048)
def wrapped(text: str, face: Typeface, size: float, width: float) -> tuple[str, ...]:
    """Lines of about equal length that fit the width, in as few lines as it takes.

    Broken only at spaces; a single word wider than the line is cut between letters.
    """
    words = [piece for word in tidy(text).split(" ") if word for piece in _pieces(word, face, size, width)]
    lines = _filled(words, face, size, width)
    if len(lines) < 2:
        return tuple(lines)
    low, high = width / 2, width
    while high - low > 2:
        middle = (low + high) / 2
        if any(face.width(word, size) > middle for word in words):
            low = middle
            continue
        trial = _filled(words, face, size, middle)
        if len(trial) == len(lines):
            high, lines = middle, trial
        else:
            low = middle
    return tuple(lines)


def listed(names: Sequence[str]) -> str:
    """Names one after the other, none of which is broken over two lines."""
    return ", ".join(name.replace(" ", "\u00a0") for name in names)


def _filled(words: list[str], face: Typeface, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pieces(word: str, face: Typeface, size: float, width: float) -> list[str]:
    if face.width(word, size) <= width:
        return [word]
    pieces = [""]
    for letter in word:
        if pieces[-1] and face.width(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces
