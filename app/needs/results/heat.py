"""Groups side by side: a heat map of competencies or themes in the parts of a group, and the sentence it amounts to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from typing import NamedTuple

from app.catalogue.models import Competency, Theme
from app.needs.groups.models import ROOT, Figures, Node, Selection
from app.needs.models import SCALE, PriorityClass
from app.needs.results.models import Result
from app.needs.results.rules import children
from app.needs.rules import HIGHEST_MWDS, Sums, class_of, shown_priority
from app.people.models import TitleLevel

Key = tuple[Node, TitleLevel | None]
ASKS = ("province", "organisation", "unit")


class HeatCell(NamedTuple):
    """`score`: a priority as it is printed, and with how many decimals; None where nobody answered, or it is hidden.

    `n`: people with a usable rating; of a theme, their ratings. `wider`: the filters of the next larger group whose
    figure is shown in place of a hidden one, None where there is none.
    """

    n: int = 0
    score: tuple[Fraction, int] | None = None
    priority_class: PriorityClass | None = None
    hidden: bool = False
    wider: Mapping[str, str] | None = None


@dataclass(frozen=True)
class HeatRow:
    """A group: `filters` name it in an address; `depth` 0 is all of it, 1 its parts, 2 the parts of these."""

    label: str
    filters: Mapping[str, str]
    depth: int
    cells: Sequence[HeatCell]


@dataclass(frozen=True)
class Pattern:
    """The column that is High in most groups: in `high` of `of` whose figure is shown."""

    thing: Competency | Theme
    whole: HeatCell
    high: int
    of: int


@dataclass(frozen=True)
class Heat:
    """`of`: what its smallest rows are, the word of their filter ("title" for title groups)."""

    columns: Sequence[Competency | Theme]
    rows: Sequence[HeatRow]
    of: str

    @property
    def any_hidden(self) -> bool:
        return any(cell.hidden for row in self.rows for cell in row.cells)

    @property
    def pattern(self) -> Pattern | None:
        """None where no figure of a part is shown."""
        deepest = max((row.depth for row in self.rows), default=0)
        parts = [row for row in self.rows if row.depth == deepest > 0]
        found = []
        for at, thing in enumerate(self.columns):
            shown = [row.cells[at].priority_class for row in parts if row.cells[at].score]
            if shown and self.rows[0].cells[at].score:
                found.append(Pattern(thing, self.rows[0].cells[at], shown.count(PriorityClass.HIGH), len(shown)))
        return max(found, key=lambda one: (one.high, one.whole.score), default=None)


def heat(selection: Selection, found: Figures, result: Result, *, titles: bool, themes: bool, kind: str) -> Heat:
    """`titles`: of title groups; `themes`: of themes in place of competencies; `kind`: only institutions of it.

    A kind chooses among rows and has no figure of its own: nothing more can be subtracted.
    """
    keys = _groups(selection, found, titles=titles, kind=kind)
    competencies = [row.competency for row in result.rows]
    columns: Sequence[Competency | Theme] = competencies
    parts = [[each.id] for each in competencies]
    if themes:
        measured = {each.theme_id: each.theme for each in competencies}
        columns = [theme for theme in result.themes if theme.id in measured]
        parts = [[each.id for each in competencies if each.theme_id == theme.id] for theme in columns]
    shallowest = len(keys[0][0])
    rows = []
    for node, title in keys:
        cells = [_cell(found, ids, node, title, shallowest) for ids in parts]
        label = title.label if title else selection.short_name_of(node)
        rows.append(HeatRow(label, _filters(node, title), 1 if title else len(node) - shallowest, cells))
    deepest = max(len(node) for node, _ in keys)
    return Heat(columns, rows, "title" if titles else ASKS[max(deepest, 1) - 1])


def _groups(selection: Selection, found: Figures, *, titles: bool, kind: str) -> list[Key]:
    """All of the chosen group; then its title groups, or its parts and, of provinces, their institutions."""
    if titles:
        levels = [level for level in TitleLevel if any(found.n(key, ROOT, level) for key in found.by_competency)]
        return [(selection.node, None), *((ROOT, level) for level in levels)]
    nodes = [selection.node]
    for part in children(selection, found, selection.node):
        nodes += [part, *(children(selection, found, part) if len(part) == 1 else ())]
    of_kind = {one.id for one in selection.organisations if one.kind == kind}
    if kind:
        nodes = [selection.node, *(node for node in nodes[1:] if len(node) == 2 and node[1] in of_kind)]
    return [(node, None) for node in nodes]


def _cell(
    found: Figures, competencies: Sequence[int], node: Node, title: TitleLevel | None, shallowest: int
) -> HeatCell:
    """Of several competencies together only where each is shown: else the others would give the hidden one away."""
    if any(found.hidden(one, node, title) for one in competencies):
        return HeatCell(hidden=True, wider=_wider(found, competencies, node, title, shallowest))
    sums = [found.by_competency[one].get((node, title)) for one in competencies]
    whole = reduce(Sums.plus, filter(None, sums)) if any(sums) else Sums()
    return printed(whole)


def printed(sums: Sums) -> HeatCell:
    """The priority of `Sums.aggregate` as `shown_priority` prints it. In whole numbers, for a page shows thousands."""
    if not (sums.n and sums.weights):
        return HeatCell()
    above = 100 * max(0, sums.importance * (sums.importance - sums.level))
    below = HIGHEST_MWDS * (sums.weights * SCALE) ** 2
    tenths, rest = divmod(20 * above + below, 2 * below)
    tenths -= tenths % 2 if not rest else 0  # a half goes to the even one, as `round` has it
    found = class_of(above, below)
    if found is class_of(tenths, 10):
        return HeatCell(sums.n, (_tenth(tenths), 1), found)
    exact, places = shown_priority(Fraction(above, below)) or (Fraction(0), 1)
    return HeatCell(sums.n, (Fraction(round(exact, places)), places), found)


@lru_cache(1024)
def _tenth(tenths: int) -> Fraction:
    return Fraction(tenths, 10)


def _wider(
    found: Figures, competencies: Sequence[int], node: Node, title: TitleLevel | None, shallowest: int
) -> Mapping[str, str] | None:
    above = [node] if title else [node[:depth] for depth in range(len(node) - 1, shallowest - 1, -1)]
    for group in above:
        if not any(found.hidden(one, group) for one in competencies):
            return _filters(group, None)
    return None


def _filters(node: Node, title: TitleLevel | None) -> Mapping[str, str]:
    return {"title": title.value} if title else dict(zip(ASKS, map(str, node), strict=False))
