"""The picture of one province on one page of A4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.access.models import Province
from app.core.clock import today
from app.language import format_date, format_number, format_percent, gettext, in_language, language
from app.paper.handouts.report import Paragraph, draw_report
from app.paper.handouts.tables import PaperTable
from app.paper.wording import Language
from app.programme.parts import Figure
from app.programme.picture.queries import Row
from app.programme.picture.rules import Cell
from app.programme.thread.models import Reach
from app.settings import queries as settings

WIDTHS = (5.0, 2.2, 1.6, 1.6, 2.4)


def of_province(province: Province, rows: Sequence[Row], year: int, chain: Mapping[Reach, int]) -> bytes:
    values, tongue = settings.values(), _tongue()
    title = gettext("Programme: %(province)s, %(year)s", province=in_language(province, "name"), year=year)
    heads = (gettext("Indicator"), gettext("Figure"), gettext("Share"), gettext("Target"), str(year - 1))
    cells = [row.cells.get(province.id) for row in rows]
    lines = [line for row, cell in zip(rows, cells, strict=True) for line in _lines(row, cell)]
    as_of = gettext("As of %(day)s", day=format_date(today()))
    parts: list[Paragraph | PaperTable] = [
        Paragraph(f"{values[f'institution_{tongue}']} · {as_of}"),
        PaperTable("", heads, tuple(lines), WIDTHS),
    ]
    if not any(cells):
        parts.append(Paragraph(gettext("Nothing is counted for this year yet.")))
    if any(cell and cell.now.provisional != 0 for cell in cells):
        parts.append(Paragraph(gettext("* Provisional: not all of it is approved yet.")))
    if any(chain.values()):
        steps = " → ".join(f"{reach.label}: {format_number(number)}" for reach, number in chain.items())
        asked = gettext("What findings, actions and pilot projects ask of the training")
        parts += [Paragraph(asked, strong=True), Paragraph(steps)]
    if values["sample_data"]:
        parts.append(Paragraph(gettext("Sample data: no real people or certificates.")))
    return draw_report(title, parts, foot=title, language=tongue, dated=today(), upright=True)


def _tongue() -> Language:
    return "tr" if language() == "tr" else "en"


def _lines(row: Row, cell: Cell | None) -> Iterator[tuple[str, ...]]:
    """An indicator, below it what its number is made of; as on the page, dashes where there is none."""
    name = f"{row.indicator.code} {row.indicator.name}"
    if cell is None:
        yield name, "–", "–", "–", "–"
        return
    star = " *" if cell.now.provisional != 0 else ""
    share = format_percent(cell.tenths) if cell.tenths is not None else "–"
    yield name, figure(cell.now) + star, share, target(cell), figure(cell.before) if cell.before else "–"
    yield from ((f"{row.indicator.code} {name}", figure(part), "", "", "") for name, part in cell.parts.items())


def figure(found: Figure) -> str:
    if found.done is None:
        return gettext("hidden")
    if found.of is None:
        return format_number(found.done)
    return f"{format_number(found.done)}\u00a0/\u00a0{format_number(found.of)}"


def target(cell: Cell) -> str:
    if cell.target is None:
        return "–"
    return format_number(cell.target) if cell.now.of is None else format_percent(cell.target * 10)
