"""Slips to cut out and hand over, eight on a page: a way to somebody's own page, as a QR code and to be typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.paper.pages import A4_LANDSCAPE, MM, Pages, colour, fitted_size, wrapped
from app.paper.qr import qr_path
from app.paper.typeface import SANS, SANS_BOLD, Typeface
from app.paper.wording import Language

COLUMNS, ROWS = 2, 4
WIDTH, HEIGHT = A4_LANDSCAPE[0] / COLUMNS, A4_LANDSCAPE[1] / ROWS
INK = colour("#1d2726")
GREY = colour("#55605e")
CUT = colour("#8d9896")
MARGIN, QR, GAP = 7 * MM, 31 * MM, 5 * MM
ROOM = WIDTH - 2 * MARGIN - QR - GAP


@dataclass(frozen=True, slots=True)
class Slip:
    """`about`: what it is for, the title first; `advice`: what to do; `url` stands in the QR code, `typed` below."""

    name: str
    unit: str
    about: tuple[str, ...]
    advice: str
    url: str
    typed: str


def draw_slips(slips: Sequence[Slip], *, title: str, language: Language, dated: date) -> bytes:
    """A4 landscape, in this order. A letter our typefaces lack is shown by its base letter, as on sheets."""
    pages = Pages(title=title, author="Yetkin", language=language, dated=dated, content=tuple(slips))
    on_a_page = COLUMNS * ROWS
    for start in range(0, len(slips), on_a_page):
        for place, slip in enumerate(slips[start : start + on_a_page]):
            row, column = divmod(place, COLUMNS)
            _draw(pages, slip, column * WIDTH, A4_LANDSCAPE[1] - row * HEIGHT)
        pages.next_page()
    return pages.finish()


def _draw(pages: Pages, slip: Slip, left: float, top: float) -> None:
    pages.frame(left, top - HEIGHT, WIDTH, HEIGHT, ink=CUT, width=0.4)
    x, y = left + MARGIN, top - MARGIN - 9
    size = fitted_size(slip.name, SANS_BOLD, 12, 7, ROOM)
    pages.write(x, y, slip.name, SANS_BOLD, size, ink=INK)
    y = _lines(pages, x, y - 11, slip.unit, SANS, 8, 1) - 4
    for number, line in enumerate(slip.about):
        face, size = (SANS_BOLD, 9.5) if number == 0 else (SANS, 8.5)
        y = _lines(pages, x, y, line, face, size, 2)
    _lines(pages, x, y - 4, slip.advice, SANS, 8, 4)
    pages.draw(qr_path(slip.url, left + WIDTH - MARGIN - QR, top - MARGIN - QR, QR))
    size = fitted_size(slip.typed, SANS_BOLD, 9, 6, WIDTH - 2 * MARGIN)
    pages.write(left + WIDTH - MARGIN, top - HEIGHT + 5 * MM, slip.typed, SANS_BOLD, size, ink=INK, align="right")


def _lines(pages: Pages, x: float, y: float, text: str, face: Typeface, size: float, most: int) -> float:
    """The text on as many lines, smaller where it is longer; gives back where the next one stands."""
    while len(lines := wrapped(text, face, size, ROOM)) > most and size > 5:
        size -= 0.25
    for line in lines:
        pages.write(x, y, line, face, size, ink=INK if face is SANS_BOLD else GREY)
        y -= size * 1.25
    return y
