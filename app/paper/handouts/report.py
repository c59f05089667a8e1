"""A report to hand over: paragraphs, tables and heat maps, one after the other, on as many pages as they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.paper.handouts.tables import FAINT, GAP, INK, LINE, MARGIN, SIZE, PaperTable
from app.paper.pages import A4_LANDSCAPE, A4_UPRIGHT, Colour, Pages, colour, fitted_size, wrapped
from app.paper.typeface import SANS, SANS_BOLD, Typeface
from app.paper.wording import Language

WHITE = colour("#ffffff")
GROUNDS: dict[str, tuple[Colour, Colour]] = {
    "high": (colour("#a3201a"), WHITE),
    "medium": (colour("#f2b84b"), INK),
    "low": (colour("#fbe9c3"), INK),
}
"""Ground and ink of a tone, the darker the more urgent; other tones are plain."""
NAMES, ROW, HEAD, MOST_COLUMNS = 104.0, 19.0, 120.0, 45


@dataclass(frozen=True)
class Paragraph:
    text: str
    strong: bool = False


@dataclass(frozen=True)
class PaperCell:
    """Lines one below the other, the first of them the figure."""

    lines: tuple[str, ...]
    tone: str = ""


@dataclass(frozen=True)
class PaperHeat:
    """Rows are (name, how deep it is set in, cells)."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, int, tuple[PaperCell, ...]], ...]


Part = Paragraph | PaperTable | PaperHeat


def draw_report(
    title: str, parts: Sequence[Part], *, foot: str, language: Language, dated: date, upright: bool = False
) -> bytes:
    """The PDF, A4 (landscape, for texts `upright`), `foot` and its number at the foot of each page; the same parts give
    the same bytes.
    """
    return _Report(title, parts, foot, language, dated, A4_UPRIGHT if upright else A4_LANDSCAPE).bytes


def _height(cells: Sequence[Sequence[str]]) -> float:
    return LINE * max(1, *(len(lines) for lines in cells)) + 2


class _Report:
    def __init__(
        self,
        title: str,
        parts: Sequence[Part],
        foot: str,
        language: Language,
        dated: date,
        size: tuple[float, float],
    ) -> None:
        self.pages = Pages(
            title=title, author="Yetkin", language=language, dated=dated, content=tuple(parts), size=size
        )
        self.width, self.height = size[0] - 2 * MARGIN, size[1]
        self.foot, self.number, self.y = foot, 1, self.height - MARGIN
        for line in wrapped(title, SANS_BOLD, 18, self.width):
            self.pages.write(MARGIN, self.y - 6, line, SANS_BOLD, 18, ink=INK)
            self.y -= 2 * LINE
        for part in parts:
            if isinstance(part, Paragraph):
                self._paragraph(part)
            elif isinstance(part, PaperTable):
                self._table(part)
            else:
                self._heat(part)
        self._next_page()
        self.bytes = self.pages.finish()

    def _next_page(self) -> None:
        self.pages.write(MARGIN, MARGIN / 2, self.foot, SANS, 7.5, ink=INK)
        self.pages.write(MARGIN + self.width, MARGIN / 2, str(self.number), SANS, 7.5, ink=INK, align="right")
        self.pages.next_page()
        self.number, self.y = self.number + 1, self.height - MARGIN

    def _room(self, needed: float) -> None:
        """What fits on one page is not parted; what does not begins where there is room for a few lines."""
        if self.y - (needed if needed <= self.height - 2 * MARGIN else 6 * LINE) < MARGIN:
            self._next_page()

    def _paragraph(self, part: Paragraph) -> None:
        face, size = (SANS_BOLD, 11.0) if part.strong else (SANS, SIZE)
        lines = wrapped(part.text, face, size, self.width)
        self._room(LINE * len(lines))
        for line in lines:
            self._room(LINE)
            self.pages.write(MARGIN, self.y - SIZE, line, face, size, ink=INK)
            self.y -= LINE
        self.y -= LINE / 2

    def _table(self, table: PaperTable) -> None:
        """Its heads stand again on each page it goes on."""
        shares = table.widths or (2.0, *(1.0 for _ in table.heads[1:]))
        widths = [self.width * share / sum(shares) for share in shares]
        self._room(6 * LINE)
        if table.title:
            self._paragraph(Paragraph(table.title, strong=True))
        self._line(table.heads, widths, SANS_BOLD)
        for row in table.rows:
            cells = self._cells(row, widths, SANS)
            while any(cells):
                page = self.number
                self._room(_height(cells))
                if self.number != page:
                    self._line(table.heads, widths, SANS_BOLD)
                fit = max(1, int((self.y - MARGIN - 2) / LINE))
                self._lines([cell[:fit] for cell in cells], widths, SANS)
                cells = [cell[fit:] for cell in cells]
        self.y -= LINE

    def _cells(self, row: Sequence[str], widths: Sequence[float], face: Typeface) -> list[Sequence[str]]:
        """The lines of each."""
        return [wrapped(text, face, SIZE, width - GAP) or [""] for text, width in zip(row, widths, strict=True)]

    def _line(self, row: Sequence[str], widths: Sequence[float], face: Typeface) -> None:
        cells = self._cells(row, widths, face)
        self._room(_height(cells))
        self._lines(cells, widths, face)

    def _lines(self, cells: Sequence[Sequence[str]], widths: Sequence[float], face: Typeface) -> None:
        left = MARGIN
        for lines, width in zip(cells, widths, strict=True):
            for depth, part in enumerate(lines):
                self.pages.write(left, self.y - SIZE - depth * LINE, part, face, SIZE, ink=INK)
            left += width
        self.y -= _height(cells)
        self.pages.stroke(MARGIN, self.y, MARGIN + self.width, self.y, ink=FAINT, width=0.4)

    def _heat(self, heat: PaperHeat) -> None:
        """On pages of its own; of more columns than a page has room for, some first for all rows, then the others."""
        for start in range(0, len(heat.heads), MOST_COLUMNS):
            chosen = slice(start, start + MOST_COLUMNS)
            width = min(40.0, (self.width - NAMES) / len(heat.heads[chosen]))
            self._next_page()
            self._heads(heat.title, heat.heads[chosen], width)
            for name, depth, cells in heat.rows:
                if self.y - ROW < MARGIN:
                    self._next_page()
                    self._heads(heat.title, heat.heads[chosen], width)
                self._row(name, depth, cells[chosen], width)
        self.y -= LINE

    def _heads(self, title: str, heads: Sequence[str], width: float) -> None:
        self.pages.write(MARGIN, self.y - SIZE, title, SANS_BOLD, 11, ink=INK)
        self.y -= LINE + HEAD
        for at, head in enumerate(heads):
            lines = wrapped(head, SANS_BOLD, 5.5, HEAD - 4)[: max(1, int(width / 6.5))]
            for number, line in enumerate(lines):
                x = MARGIN + NAMES + at * width + width / 2 + 2 + 6.5 * (number - (len(lines) - 1) / 2)
                self.pages.write_upwards(x, self.y + 3, line, SANS_BOLD, 5.5, ink=INK)

    def _row(self, name: str, depth: int, cells: Sequence[PaperCell], width: float) -> None:
        self.y -= ROW
        face, left = (SANS, MARGIN + 6) if depth > 1 else (SANS_BOLD, MARGIN)
        size = fitted_size(name, face, 7.5, 5, NAMES - 8)
        self.pages.write(left, self.y + ROW / 2 - 2.5, name, face, size, ink=INK)
        for at, cell in enumerate(cells):
            x = MARGIN + NAMES + at * width
            ground, ink = GROUNDS.get(cell.tone, (WHITE, INK))
            self.pages.area(x, self.y, width, ROW, ink=ground)
            self.pages.frame(x, self.y, width, ROW, ink=FAINT, width=0.3)
            for number, line in enumerate(cell.lines):
                style = SANS if number else SANS_BOLD
                size = fitted_size(line, style, 5.5 if number else 6, 3.5, width - 1)
                y = self.y + ROW / 2 - 2 + 5.7 * ((len(cell.lines) - 1) / 2 - number)
                self.pages.write(x + width / 2, y, line, style, size, ink=ink, align="centre")
