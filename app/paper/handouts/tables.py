"""Tables one under the other on as many pages as they take: what somebody takes along of what is stored of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.paper.pages import A4_LANDSCAPE, Pages, colour, wrapped
from app.paper.typeface import SANS, SANS_BOLD

MARGIN, LINE, SIZE, GAP = 42.0, 13.0, 9.5, 8.0
INK, FAINT = colour("#1b1f24"), colour("#c9ced4")


@dataclass(frozen=True)
class PaperTable:
    """`widths`: how the columns of a report share the line; without them the first has twice the room of each other."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()


def draw_tables(title: str, tables: Sequence[PaperTable], *, language: str, dated: date) -> bytes:
    """The PDF, A4 landscape; the same tables give the same bytes."""
    pages = Pages(title=title, author="Yetkin", language=language, dated=dated, content=tables)
    width, height = A4_LANDSCAPE
    y = height - MARGIN
    pages.write(MARGIN, y, title, SANS_BOLD, 16, ink=INK)
    pages.write(width - MARGIN, y, f"{dated:%d.%m.%Y}", SANS, SIZE, ink=INK, align="right")
    y -= 2 * LINE
    for table in tables:
        column = (width - 2 * MARGIN) / len(table.heads)
        lines = [(SANS_BOLD, (table.title,)), (SANS_BOLD, table.heads), *((SANS, row) for row in table.rows)]
        for number, (face, row) in enumerate(lines):
            cells = [wrapped(text, face, SIZE, column - GAP) for text in row]
            needed = LINE * max(1, *(len(cell) for cell in cells), 1)
            # a heading is not left alone at the foot of a page
            if y - needed - (3 * LINE if number < 2 else 0) < MARGIN:
                pages.next_page()
                y = height - MARGIN
            for place, cell in enumerate(cells):
                for depth, text in enumerate(cell):
                    pages.write(MARGIN + place * column, y - depth * LINE, text, face, SIZE, ink=INK)
            y -= needed
            pages.stroke(MARGIN, y + LINE - 4, width - MARGIN, y + LINE - 4, ink=FAINT, width=0.4)
        y -= LINE
    pages.next_page()
    return pages.finish()
