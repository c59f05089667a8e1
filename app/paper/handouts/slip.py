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
LEADING = 1.25
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
    """From above who and what, from below the address and what to do; what stands between is as large as it can be."""
    pages.frame(left, top - HEIGHT, WIDTH, HEIGHT, ink=CUT, width=0.4)
    x, y, bottom = left + MARGIN, top - MARGIN - 9, top - HEIGHT + 5 * MM
    right = left + WIDTH - MARGIN
    pages.write(x, y, slip.name, SANS_BOLD, fitted_size(slip.name, SANS_BOLD, 12, 7, ROOM), ink=INK)
    pages.write(x, y - 11, slip.unit, SANS, fitted_size(slip.unit, SANS, 8, 5, ROOM), ink=GREY)
    advice = wrapped(slip.advice, SANS, 8, ROOM)
    over = bottom + 13 + 10 * len(advice)
    for line, face, size in _sized(slip.about, y - 15 - over):
        y -= size * LEADING
        pages.write(x, y - 15, line, face, size, ink=INK)
    for number, line in enumerate(advice):
        pages.write(x, over - 10 * (number + 1), line, SANS, 8, ink=GREY)
    pages.draw(qr_path(slip.url, right - QR, top - MARGIN - QR, QR))
    size = fitted_size(slip.typed, SANS_BOLD, 9, 6, WIDTH - 2 * MARGIN)
    pages.write(right, bottom, slip.typed, SANS_BOLD, size, ink=INK, align="right")


def _sized(texts: Sequence[str], height: float) -> list[tuple[str, Typeface, float]]:
    """Lines that fit the height together, the first text larger than the others."""
    smaller = 0.0
    while True:
        styles = [(text, *((SANS, 8.5) if number else (SANS_BOLD, 9.5))) for number, text in enumerate(texts)]
        lines = [
            (line, face, size - smaller)
            for text, face, size in styles
            for line in wrapped(text, face, size - smaller, ROOM)
        ]
        if sum(size * LEADING for _, _, size in lines) <= height or smaller > 4:
            return lines
        smaller += 0.25
