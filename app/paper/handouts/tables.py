"""A table on paper, and the measures of what is handed out."""

from __future__ import annotations

from dataclasses import dataclass

from app.paper.pages import colour

MARGIN, LINE, SIZE, GAP = 42.0, 13.0, 9.5, 8.0
INK, FAINT = colour("#1b1f24"), colour("#c9ced4")


@dataclass(frozen=True)
class PaperTable:
    """`widths`: how the columns of a report share the line; without them the first has twice the room of each other."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
