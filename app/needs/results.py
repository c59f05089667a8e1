"""What the needs pages show: the figures of each competency in the chosen group, and in its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.catalogue.models import Competency, Theme
from app.core.db import db
from app.core.paging import ListQuery
from app.language.turkish import search_key, search_words
from app.needs import queries
from app.needs.figures import ROOT, Figures, Node
from app.needs.formulas import Aggregate, PriorityClass, priority_class
from app.needs.selection import Selection
from app.people.models import TitleLevel

RESULT_SORTS = {"priority": (), "name": (), "theme": (), "n": (), "needs": (), "rate": (), "points": ()}
CHART_ROWS = 10


_COMPETENCIES = (
    sa.select(Competency, queries.most_specific_course())
    .join(Competency.theme)
    .options(contains_eager(Competency.theme))
    .order_by(Theme.position, Competency.name_sort)
)


def _competencies() -> Sequence[tuple[Competency, int | None]]:
    """Every competency with its theme, and beside it the id of the most specific course that builds it."""
    return [(competency, course_id) for competency, course_id in db.session.execute(_COMPETENCIES)]


def shown_priority(score: Fraction | None) -> tuple[Fraction, int] | None:
    """A priority with the decimals it is printed with: one, or more where one would round it into the next class."""
    if score is None:
        return None
    places = next((p for p in (1, 2, 3) if priority_class(Fraction(round(score, p))) is priority_class(score)), 4)
    return score, places


@dataclass(frozen=True)
class Cell:
    """The figures of one competency in one group: `figures` None where nobody answered, or where they are hidden."""

    figures: Aggregate | None
    hidden: bool
    label: str = ""

    @cached_property
    def priority(self) -> Fraction | None:
        return self.figures.priority if self.figures else None

    @cached_property
    def priority_class(self) -> PriorityClass | None:
        return None if self.priority is None else priority_class(self.priority)

    @cached_property
    def printed(self) -> tuple[Fraction, int] | None:
        return shown_priority(self.priority)


@dataclass(frozen=True)
class ResultRow:
    """A competency in the chosen group. `compared`: the same in all the reader sees; None where nothing is compared.

    `course_id`: the most specific course that builds it.
    """

    competency: Competency
    cell: Cell
    compared: Cell | None
    course_id: int | None
    cells: tuple[Cell, ...] = ()

    @property
    def figures(self) -> Aggregate | None:
        return self.cell.figures

    @property
    def urgent(self) -> bool:
        return self.cell.priority_class is PriorityClass.HIGH


@dataclass(frozen=True)
class Group:
    """A column of the matrix; `filters` lead to its own ranking."""

    key: tuple[Node, TitleLevel | None]
    label: str

    @property
    def filters(self) -> dict[str, Any]:
        node, title = self.key
        if title is not None:
            return {"title": title.value}
        return dict(zip(("province", "organisation", "unit"), node, strict=False))


@dataclass(frozen=True)
class Result:
    """What a page shows: its rows in order, and for the matrix what stands over its columns.

    `measured`: the rows of every class, from which one may have been chosen.
    """

    rows: Sequence[ResultRow]
    measured: Sequence[ResultRow]
    themes: Sequence[Theme]
    columns: tuple[Group, ...] = ()

    @property
    def any_hidden(self) -> bool:
        """Of every class: what is hidden may be of the one that was chosen."""
        return any(row.cell.hidden or any(cell.hidden for cell in row.cells) for row in self.measured)

    @property
    def any_high(self) -> bool:
        return any(row.urgent for row in self.rows)

    @property
    def any_diverging(self) -> bool:
        return any(row.figures is not None and row.figures.diverging for row in self.rows)

    def count(self, wanted: str) -> int | None:
        """How many competencies are of a class; None where every result is hidden."""
        shown = [row.cell.priority_class for row in self.measured if not row.cell.hidden]
        return sum(1 for found in shown if found == wanted) if shown else None

    @property
    def hidden(self) -> int:
        """Competencies whose class nobody is told."""
        return sum(1 for row in self.measured if row.cell.hidden)

    @property
    def chart(self) -> list[ResultRow]:
        """The ten most urgent competencies."""
        rated = [row for row in self.rows if row.cell.priority]
        return sorted(rated, key=lambda row: row.cell.priority or 0, reverse=True)[:CHART_ROWS]


def result(selection: Selection, query: ListQuery) -> Result:
    """Each competency that anybody of the chosen group rated, with the filters and the order of the address."""
    return _result(selection, query, selection.figures(parts=False), [])


def matrix(selection: Selection, query: ListQuery, *, by_title: bool = False) -> Result:
    """Competency × groups: the parts of the chosen group, or the title groups of all the reader sees."""
    by_title = selection.whole and (by_title or selection.title is not None)
    found = selection.figures(parts=not by_title, titles=by_title)
    if by_title:
        levels = [level for level in TitleLevel if any(found.n(key, ROOT, level) for key in found.by_competency)]
        return _result(selection, query, found, [Group((ROOT, level), level.label) for level in levels])
    return _result(selection, query, found, [Group((child, None), name) for child, name in _children(selection, found)])


def _children(selection: Selection, found: Figures) -> list[tuple[Node, str]]:
    """The parts of the chosen group with their short names, in the order of those."""
    if selection.title is not None:
        return []
    children = sorted(found.children(selection.node), key=lambda child: _order(selection, child))
    return [(child, selection.short_name_of(child)) for child in children]


def _order(selection: Selection, child: Node) -> int:
    things: Sequence[Any] = {1: selection.provinces, 2: selection.organisations, 3: selection.units}[len(child)]
    return next((at for at, thing in enumerate(things) if thing.id == child[-1]), len(things))


def _result(
    selection: Selection,
    query: ListQuery,
    found: Figures,
    columns: Sequence[Group],
) -> Result:
    competencies = _competencies()
    measured = [
        ResultRow(
            competency,
            cell_of(found, competency.id, *selection.key),
            cell_of(found, competency.id, selection.base, None) if selection.narrowed else None,
            course_id,
            tuple(cell_of(found, competency.id, *group.key, group.label) for group in columns),
        )
        for competency, course_id in competencies
        if found.n(competency.id, *selection.key) and _wanted(competency, query)
    ]
    wanted = query.filter("class")
    rows = [row for row in measured if row.cell.priority_class == wanted] if wanted else measured
    themes = list({competency.theme_id: competency.theme for competency, _ in competencies}.values())
    return Result(_sorted(rows, query), measured, themes, tuple(columns))


def cell_of(found: Figures, competency_id: int, node: Node, title: TitleLevel | None, label: str = "") -> Cell:
    return Cell(found.shown(competency_id, node, title), found.hidden(competency_id, node, title), label)


def _wanted(competency: Competency, query: ListQuery) -> bool:
    theme = query.filter_id("theme")
    if theme is not None and competency.theme_id != theme:
        return False
    if not query.q:
        return True
    words = search_words(query.q)
    text = search_key(f"{competency.name_tr} {competency.name_en}")
    return bool(words) and all(word in text for word in words)


_KEYS: dict[str, Callable[[Aggregate], Any]] = {
    "priority": lambda f: f.priority,
    "n": lambda f: f.n,
    "needs": lambda f: f.needs,
    "rate": lambda f: f.need_rate,
    "points": lambda f: f.gap_points,
}


def _sorted(rows: Sequence[ResultRow], query: ListQuery) -> list[ResultRow]:
    """In the order asked for; equal ones by name, hidden ones always last, so that their place says nothing."""
    by_name = sorted(rows, key=lambda row: row.competency.name_sort)
    if query.sort == "name":
        return by_name[::-1] if query.descending else by_name
    if query.sort == "theme":
        return sorted(by_name, key=lambda row: row.competency.theme.position, reverse=query.descending)
    key = _KEYS.get(query.sort, _KEYS["priority"])
    shown = [(row, row.figures) for row in by_name if row.figures is not None]
    # of equal priorities the smaller gap is the less urgent, though both print as 0
    shown.sort(key=lambda pair: (key(pair[1]), pair[1].mwds or 0), reverse=query.descending)
    return [row for row, _ in shown] + [row for row in by_name if row.figures is None]


@dataclass(frozen=True)
class Parts:
    """One competency: the chosen group, what it is compared with, and the parts of the group by priority.

    `needs`: how many people of the group have the need, hidden or not: the length of the list of their names. `rated`:
    whether anybody of the group was rated at all.
    """

    whole: Cell
    compared: Cell | None
    cells: Sequence[Cell]
    needs: int
    rated: bool


def parts(selection: Selection, competency_id: int) -> Parts:
    found = selection.figures(parts=True, competency_id=competency_id)
    whole = cell_of(found, competency_id, *selection.key)
    compared = cell_of(found, competency_id, selection.base, None) if selection.narrowed else None
    cells = [
        cell_of(found, competency_id, child, None, selection.name_of(child))
        for child, _ in _children(selection, found)
        if found.n(competency_id, child)
    ]
    cells.sort(key=lambda cell: -1 if cell.priority is None else cell.priority, reverse=True)
    needs, rated = found.needs(competency_id, *selection.key), found.n(competency_id, *selection.key) > 0
    return Parts(whole, compared, cells, needs, rated)
