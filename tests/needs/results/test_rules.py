"""Which competencies a page lists, and in which order."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.catalogue.models import Competency, Theme
from app.core.paging import ListQuery
from app.needs.models import PriorityClass
from app.needs.results.models import Cell, Result, ResultRow
from app.needs.results.rules import ordered, wanted
from app.needs.rules import Aggregate


def row(name: str, gap: Fraction | int | None, theme: int = 1) -> ResultRow:
    """A competency whose mean importance is 4; `gap` None: its figures are hidden."""
    competency = Competency(name_tr=name, name_en=name.upper(), name_sort=name, theme_id=theme)
    competency.theme = Theme(id=theme, position=theme)
    figures = None
    if gap is not None:
        mean = Fraction(gap)
        figures = Aggregate(
            n=6,
            needs=3,
            mean_importance=Fraction(4),
            mean_level=4 - mean,
            mean_gap=mean,
            gap_points=6 * max(Fraction(0), mean),
            single_source=0,
            source_difference=None,
        )
    return ResultRow(competency, Cell(figures, hidden=gap is None), None, None)


ROWS = [row("b", 2, theme=2), row("d", None), row("a", 1, theme=3), row("c", Fraction(1, 4))]


@pytest.mark.parametrize(
    ("sort", "descending", "names"),
    [
        ("priority", True, "bacd"),
        ("priority", False, "cabd"),
        ("points", True, "bacd"),
        ("name", False, "abcd"),
        ("name", True, "dcba"),
        ("theme", False, "cdba"),
    ],
)
def test_hidden_ones_come_last_whichever_figure_they_are_sorted_by(sort: str, descending: bool, names: str) -> None:
    query = ListQuery(sort=sort, descending=descending)
    assert "".join(each.competency.name_tr for each in ordered(ROWS, query)) == names


def test_a_theme_and_typed_words_leave_some_out() -> None:
    competency = row("Vaka yönetimi", 1).competency
    assert wanted(competency, ListQuery(sort="priority"))
    assert wanted(competency, ListQuery(sort="priority", q="yonetimi vaka", filters={"theme": "1"}))
    assert not wanted(competency, ListQuery(sort="priority", filters={"theme": "2"}))
    assert not wanted(competency, ListQuery(sort="priority", q="vaka belge"))


def test_the_class_of_a_hidden_one_is_not_counted() -> None:
    found = Result(ROWS, ROWS, [])
    assert [found.count(each) for each in PriorityClass] == [1, 1, 1, 0]
    assert (found.hidden, found.any_hidden) == (1, True)
    assert [each.competency.name_tr for each in found.chart] == ["b", "a", "c"]
    assert Result(ROWS[1:2], ROWS[1:2], []).count(PriorityClass.HIGH) is None
