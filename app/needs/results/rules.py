"""Which competencies a page lists, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.catalogue.models import Competency
from app.core.paging import ListQuery
from app.language.turkish import search_key, search_words
from app.needs.groups.models import Figures, Node, Selection
from app.needs.results.models import Cell, ResultRow
from app.needs.rules import Aggregate
from app.people.models import TitleLevel

RESULT_SORTS = {"priority": (), "name": (), "theme": (), "n": (), "needs": (), "rate": (), "points": ()}
_KEYS: dict[str, Callable[[Aggregate], Any]] = {
    # a priority grows with its MWDS; of equal ones (0) the smaller gap is the less urgent, though both print as 0
    "priority": lambda f: f.mwds or 0,
    "n": lambda f: (f.n, f.mwds or 0),
    "needs": lambda f: (f.needs, f.mwds or 0),
    "rate": lambda f: (f.need_rate, f.mwds or 0),
    "points": lambda f: (f.gap_points, f.mwds or 0),
}


def children(selection: Selection, found: Figures, node: Node) -> list[Node]:
    """The parts of a group, in the order they are offered in; a unit has none."""
    things: Sequence[Any] = (selection.provinces, selection.organisations, selection.units, ())[len(node)]
    places = {thing.id: at for at, thing in enumerate(things)}
    return sorted(found.children(node), key=lambda child: places.get(child[-1], len(places)))


def cell_of(found: Figures, competency_id: int, node: Node, title: TitleLevel | None, label: str = "") -> Cell:
    return Cell(found.shown(competency_id, node, title), found.hidden(competency_id, node, title), label)


def wanted(competency: Competency, query: ListQuery) -> bool:
    """Whether a competency is of the chosen theme and has every typed word in its name, or in one it had."""
    theme = query.filter_id("theme")
    if theme is not None and competency.theme_id != theme:
        return False
    if not query.q:
        return True
    words = search_words(query.q)
    text = search_key(" ".join(competency.names))
    return bool(words) and all(word in text for word in words)


def ordered(rows: Sequence[ResultRow], query: ListQuery) -> list[ResultRow]:
    """In the order asked for; equal ones by name, hidden ones always last, so that their place says nothing."""
    by_name = sorted(rows, key=lambda row: row.competency.name_sort)
    if query.sort == "name":
        return by_name[::-1] if query.descending else by_name
    if query.sort == "theme":
        return sorted(by_name, key=lambda row: row.competency.theme.position, reverse=query.descending)
    key = _KEYS.get(query.sort, _KEYS["priority"])
    shown = [(row, row.figures) for row in by_name if row.figures is not None]
    shown.sort(key=lambda pair: key(pair[1]), reverse=query.descending)
    return [row for row, _ in shown] + [row for row in by_name if row.figures is None]
