"""What a report says, as parts of a paper and as sheets of a workbook: the same words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.clock import today
from app.files.sheets import Column, write_workbook
from app.language import format_date, format_number, format_percent, gettext, in_language, language, ngettext
from app.lists.models import Columns
from app.needs.report.queries import Report
from app.needs.report.rules import DIRECTION_BELOW
from app.needs.results.heat import HeatCell, HeatRow
from app.needs.results.models import ResultRow
from app.needs.results.pages import heat_columns, pattern, result_columns, short_classes
from app.paper.handouts.report import PaperCell, PaperHeat, Paragraph, Part, draw_report
from app.paper.handouts.tables import PaperTable
from app.paper.wording import Language

TEN, THREE = 10, 3


def title(report: Report) -> str:
    return gettext("Needs analysis report: %(group)s", group=report.selection.label)


def as_pdf(report: Report) -> bytes:
    foot = f"{in_language(report.selection.round, 'name')} · {format_date(today())}"
    spoken: Language = "tr" if language() == "tr" else "en"
    return draw_report(title(report), parts(report), foot=foot, language=spoken, dated=today())


def parts(report: Report) -> list[Part]:
    """All that stands on the paper."""
    found: list[Part] = [Paragraph(f"{name}: {value}") for name, value in _facts(report)]
    sentence = pattern(report.heat)
    if sentence:
        found.append(Paragraph(sentence, strong=True))
    found.append(PaperTable(gettext("The ten highest needs"), *_table(_ten_columns(report), _highest(report))))
    if by_group := _by_group(report):
        found.append(
            PaperTable(gettext("The three highest needs of each group"), *_table(_group_columns(report), by_group))
        )
    found.append(Paragraph(gettext("Method and limits"), strong=True))
    found += [Paragraph(text) for text in _method(report)]
    if len(report.heat.rows) > 1:
        found.append(_paper_heat(report))
    return found


def as_workbook(report: Report) -> bytes:
    facts = [*_facts(report), (gettext("Pattern"), pattern(report.heat) or "–")]
    facts += [(gettext("Method and limits"), text) for text in _method(report)]
    sheets = [
        (gettext("Summary"), [Column(gettext("What"), 28), Column(gettext("Value"), 100)], facts),
        _sheet(gettext("Ranking"), result_columns(report.selection), report.result.rows),
        _sheet(gettext("Heat map"), heat_columns(report.selection, report.heat), report.heat.rows),
    ]
    if by_group := _by_group(report):
        sheets.append(_sheet(gettext("By group"), _group_columns(report), by_group))
    return write_workbook(sheets)


def _sheet(name: str, columns: Columns, rows: Sequence[Any]) -> Any:
    return name, [head for head, _ in columns], [[value(row) for _, value in columns] for row in rows]


def _table(columns: Columns, rows: Sequence[Any]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    return tuple(head for head, _ in columns), tuple(tuple(str(value(row)) for _, value in columns) for row in rows)


def _facts(report: Report) -> list[tuple[str, str]]:
    asked, taken, least = report.selection.round, report.taken_part, report.selection.minimum
    few = taken.answered < least
    rate = gettext("not known: the ratings came in workbooks")
    if taken.asked is not None:
        rate = (
            "–"
            if few or taken.tenths is None
            else f"{format_percent(taken.tenths)} ({_of(taken.answered, taken.asked)})"
        )
    return [
        (gettext("Group"), report.selection.label),
        (gettext("Needs analysis"), in_language(asked, "name")),
        (gettext("Dates"), f"{format_date(asked.starts_on)} – {format_date(asked.ends_on)}"),
        (gettext("People who answered"), f"<{least}" if few else format_number(taken.answered)),
        (gettext("Response rate"), rate),
        (gettext("Made on"), format_date(today())),
    ]


def _of(some: int, all_: int) -> str:
    return gettext("%(needs)s of %(n)s", needs=format_number(some), n=format_number(all_))


def _highest(report: Report) -> list[ResultRow]:
    return [row for row in report.result.rows if row.figures is not None][:TEN]


def _ten_columns(report: Report) -> Columns:
    return [
        (gettext("Competency"), lambda row: in_language(row.competency, "name")),
        (gettext("Priority score"), lambda row: format_number(*row.cell.printed)),
        (gettext("Class"), lambda row: row.cell.priority_class.label),
        (gettext("In need"), lambda row: _of(row.figures.needs, row.figures.n)),
        (gettext("Share in need"), lambda row: _share(report, row)),
        (gettext("Importance"), lambda row: format_number(row.figures.mean_importance, 2)),
        (gettext("Current level"), lambda row: format_number(row.figures.mean_level, 2)),
        (gettext("Remark"), _remark),
    ]


def _share(report: Report, row: Any) -> str:
    share = format_percent(int(row.figures.need_rate * 1000))
    found = report.margins.get(row.competency.id)
    return share if found is None or row.figures.n < DIRECTION_BELOW else f"{share} ± {format_number(found * 100, 1)}"


def _remark(row: Any) -> str:
    remarks = [gettext("shows a direction only")] if row.figures.n < DIRECTION_BELOW else []
    if row.figures.diverging:
        remarks.append(gettext("Self and supervisor ratings diverge"))
    return ", ".join(remarks)


def _by_group(report: Report) -> list[HeatRow]:
    """Of the programme its provinces, else the parts of the group."""
    return [row for row in report.heat.rows if row.depth == 1 and any(cell.score for cell in row.cells)]


def _group_columns(report: Report) -> Columns:
    def highest(row: HeatRow, at: int) -> str:
        found = [(cell, thing) for cell, thing in zip(row.cells, report.heat.columns, strict=True) if cell.score]
        found.sort(key=lambda pair: pair[0].score or (0, 0), reverse=True)
        if at >= len(found):
            return "–"
        cell, thing = found[at]
        return f"{in_language(thing, 'name')}: {_figure(cell)}"

    heads = [(f"{at + 1}.", lambda row, at=at: highest(row, at)) for at in range(THREE)]
    return [(gettext("Group"), lambda row: row.label), *heads]


def _figure(cell: HeatCell) -> str:
    """A score and its class."""
    if cell.score is None or cell.priority_class is None:
        return "–"
    return f"{format_number(*cell.score)} {cell.priority_class.label}"


def _paper_heat(report: Report) -> PaperHeat:
    short, least = short_classes(), report.selection.minimum

    def drawn(cell: HeatCell) -> PaperCell:
        if cell.score is None or cell.priority_class is None:
            return PaperCell((f"<{least}" if cell.hidden else "–",))
        lines = (format_number(*cell.score), short[cell.priority_class], format_number(cell.n))
        return PaperCell(lines, cell.priority_class.value)

    heads = tuple(in_language(thing, "name") for thing in report.heat.columns)
    rows = tuple((row.label, row.depth, tuple(map(drawn, row.cells))) for row in report.heat.rows)
    text = gettext("In each cell: priority score, class, people rated.")
    return PaperHeat(f"{gettext('Heat map')}. {text}", heads, rows)


def _method(report: Report) -> list[str]:
    own = report.selection.round.alpha * 100
    texts = [
        gettext(
            "In importance (1–5) and current level (1–5) the self-assessment weighs %(own)s percent and the"
            " supervisor’s rating %(other)s percent; where one is missing, the other alone counts. The gap is"
            " importance minus level; somebody is in need when the gap is at least 1 and the importance at least 3.",
            own=int(own),
            other=int(100 - own),
        ),
        gettext(
            "Priority score = 100 × mean importance × mean gap / 20, from 0 to 100. High from 35, medium from 20, low"
            " above 0. Every figure of a group is computed from its people, never from averages of smaller groups."
        ),
        gettext(
            "Hidden cells: fewer than %(least)s responses, or they would give away a group that small.",
            least=report.selection.minimum,
        ),
        ngettext(
            "Results of fewer than %(num)s answer show a direction only.",
            "Results of fewer than %(num)s answers show a direction only.",
            DIRECTION_BELOW,
        ),
    ]
    if report.margins:
        texts.append(
            gettext(
                "Shares in need have a margin of error (95 percent, by institution, with the finite correction). It"
                " says how far chance reaches, not whether those who did not answer would have answered otherwise."
            )
        )
    else:
        texts.append(gettext("No margin of error is given: it is not known for how many people the questions were."))
    return texts
