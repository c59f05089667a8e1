"""A report on paper: nothing that was written is left out or lies below the edge."""

from __future__ import annotations

from datetime import date

import pytest

from app.paper.handouts.report import Paragraph, Part, draw_report
from app.paper.handouts.tables import MARGIN, PaperTable
from tests.paper.reading import reader

WORDS = [f"sözcük{number}" for number in range(900)]
LONG = " ".join(WORDS)


@pytest.mark.parametrize(
    "parts",
    [
        [Paragraph(LONG)],
        [Paragraph("Önce"), PaperTable("Tablo", ("Ad", "Metin"), (("Bir", "iki"), ("Üç", LONG), ("Dört", "beş")))],
        [PaperTable("Tablo", ("Metin",), ((LONG,),))],
    ],
)
def test_what_has_no_room_on_one_page_goes_on_on_the_next(parts: list[Part]) -> None:
    heights: list[float] = []

    def note(said: str, _: object, place: list[float], *__: object) -> None:
        if said.strip():
            heights.append(place[5])

    pages = reader(draw_report("Rapor", parts, foot="", language="tr", dated=date(2026, 11, 24), upright=True)).pages
    read = " ".join(page.extract_text(visitor_text=note) for page in pages).split()
    assert len(pages) > 1
    assert [word for word in read if word.startswith("sözcük")] == WORDS
    assert min(heights) >= MARGIN / 2


def test_what_has_room_on_one_page_is_not_parted() -> None:
    filler, whole = Paragraph(" ".join(WORDS[:600])), Paragraph(" ".join(WORDS[:60]))
    pages = reader(
        draw_report("Rapor", [filler, whole], foot="", language="tr", dated=date(2026, 11, 24), upright=True)
    ).pages
    assert "sözcük0 " in pages[-1].extract_text()
