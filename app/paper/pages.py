"""Pages to draw on: a ReportLab canvas with our typefaces, and the two ways to fit a text into a width.

Text is always shown as given, letter by letter; there is no markup anywhere in this package.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, lru_cache
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from app.paper.typeface import SANS, Typeface, tidy

if TYPE_CHECKING:
    from reportlab.lib.utils import ImageReader

MM = 72 / 25.4
A4_LANDSCAPE = (297 * MM, 210 * MM)
A4_UPRIGHT = (210 * MM, 297 * MM)

Colour = tuple[float, float, float]
Align = Literal["left", "centre", "right"]

#: ReportLab reads a typeface from one place at a time, whoever asks: files are finished one after the other.
_FINISHING = Lock()


def colour(code: str) -> Colour:
    """`#0f5b57` as the three numbers PDF wants."""
    red, green, blue = (round(int(code[i : i + 2], 16) / 255, 3) for i in (1, 3, 5))
    return red, green, blue


@cache
def _canvas() -> Any:
    """ReportLab's, set as we want it; it has no type hints."""
    from reportlab import rl_config  # what paper needs is loaded where it is drawn (app/paper/__init__.py)
    from reportlab.pdfgen.canvas import Canvas  # the same

    # ReportLab can evaluate colour expressions found in markup: off, although we hand it no markup.
    rl_config.toColorCanUse = None  # type: ignore[attr-defined]  # ReportLab makes its settings at run time
    rl_config.useA85 = 0  # type: ignore[attr-defined]  # the same
    return Canvas


class Pages:
    """A document of A4 pages, landscape unless it says otherwise.

    The same content gives the same bytes: the file's date is `dated`, its identifier comes from `content`.
    """

    def __init__(
        self,
        *,
        title: str,
        author: str,
        language: str,
        dated: date,
        content: object,
        size: tuple[float, float] = A4_LANDSCAPE,
    ) -> None:
        self._buffer = BytesIO()
        # It names a font on each page: one of ours, for its Helvetica is never embedded.
        self._canvas = _canvas()(
            self._buffer,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            initialFontName=SANS.font.fontName,
            pdfVersion=(1, 4),
            lang=language,
        )
        self._canvas.setDateFormatter(lambda *_: f"D:{dated:%Y%m%d}000000Z")
        # The identifier would otherwise depend on the environment (SOURCE_DATE_EPOCH), and only on title and author.
        self._canvas._doc.signature = hashlib.md5(repr(content).encode(), usedforsecurity=False)
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
        with _FINISHING:
            self._canvas.save()
        return self._buffer.getvalue()

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
        if align != "left":
            x -= face.width(text, size, tracking) * (0.5 if align == "centre" else 1.0)
        kerned, _ = face.set(text)
        self._canvas.setFillColorRGB(*ink)
        self._canvas.setFont(face.name, size)
        self._canvas.drawString(round(x, 2), round(y, 2), kerned, charSpace=tracking)

    def write_upwards(self, x: float, y: float, text: str, face: Typeface, size: float, *, ink: Colour) -> None:
        """One line that reads from below; `x` is its baseline, `y` where it begins."""
        self._canvas.saveState()
        self._canvas.translate(round(x, 2), round(y, 2))
        self._canvas.rotate(90)
        self.write(0, 0, text, face, size, ink=ink)
        self._canvas.restoreState()

    # -- lines, areas and pictures ------------------------------------------------------------------

    def stroke(self, x1: float, y1: float, x2: float, y2: float, *, ink: Colour, width: float) -> None:
        self._canvas.setStrokeColorRGB(*ink)
        self._canvas.setLineWidth(width)
        self._canvas.line(x1, y1, x2, y2)

    def frame(self, x: float, y: float, w: float, h: float, *, ink: Colour, width: float) -> None:
        self._canvas.setStrokeColorRGB(*ink)
        self._canvas.setLineWidth(width)
        self._canvas.rect(x, y, w, h)

    def area(self, x: float, y: float, w: float, h: float, *, ink: Colour) -> None:
        self._canvas.setFillColorRGB(*ink)
        self._canvas.rect(x, y, w, h, stroke=0, fill=1)

    def draw(self, operators: str) -> None:
        """Path operators as they are, in a state of their own."""
        self._canvas.addLiteral(f"q {operators} Q")

    def repeated(self, name: str, draw: Callable[[], None]) -> None:
        """What `draw` draws, stored once per file under this name and shown on this page."""
        if not self._canvas.hasForm(name):
            self._canvas.beginForm(name)
            draw()
            self._canvas.endForm()
        self._canvas.doForm(name)

    def picture(self, picture: ImageReader, x: float, y: float, w: float, h: float) -> None:
        """The picture in this box; its bytes are stored once per file however often it is drawn."""
        self._canvas.drawImage(picture, x, y, w, h)

    def link(self, url: str, x: float, y: float, w: float, h: float) -> None:
        """An area that opens the address."""
        self._canvas.linkURL(url, (x, y, x + w, y + h))


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
