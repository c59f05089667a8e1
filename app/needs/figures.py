"""The figures of a round: from the kept sums, whole numbers all the way, shown only where five or more answered.

The people a reader sees stand in a tree: all of them, provinces, institutions, units. Along the path to the group
that was chosen the children of each step are measured. What is hidden is decided from the top down and depends on
that tree alone, never on which part of it a page shows: so no two pages, filters or exports can be subtracted from
one another. Title groups divide all of the reader's people once more, and nothing but all of them: a title group of
one institution could be had from two shown totals, since many institutions have a single one. Where a unit holds all
but a few of a title group, or a title group all but a few of a unit, the title group is hidden.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import add
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.needs.formulas import Aggregate
from app.needs.models import NeedSum
from app.needs.queries import SCALE
from app.needs.suppression import MINIMUM, hidden, suppress, suppress_beside
from app.people.models import TitleLevel

Node = tuple[int, ...]
"""A group: () everybody the scope sees, (province,), (province, organisation), (…, unit). No province is 0."""

ROOT: Node = ()


class Sums(NamedTuple):
    """What is added up over people, each figure a whole number.

    `weights` and `gap_points` count ten-thousandths, `importance` and `level` (weighted) their squares.
    """

    n: int = 0
    needs: int = 0
    weights: int = 0
    importance: int = 0
    level: int = 0
    gap_points: int = 0
    single: int = 0
    paired: int = 0
    own_minus_other: int = 0

    def plus(self, other: Sums) -> Sums:
        return Sums(*map(add, self, other))

    def aggregate(self) -> Aggregate:
        """The figures that follow, exact; means are None where nobody answered."""
        known = self.n > 0 and self.weights > 0
        divisor = self.weights * SCALE
        return Aggregate(
            n=self.n,
            needs=self.needs,
            mean_importance=Fraction(self.importance, divisor) if known else None,
            mean_level=Fraction(self.level, divisor) if known else None,
            mean_gap=Fraction(self.importance - self.level, divisor) if known else None,
            gap_points=Fraction(self.gap_points, SCALE),
            single_source=self.single,
            source_difference=Fraction(self.own_minus_other, self.paired) if self.paired else None,
        )


Cells = dict[tuple[Node, TitleLevel | None], Sums]


@dataclass(frozen=True)
class Figures:
    """The figures of each competency in each group along one path; `path` ends in the chosen group."""

    path: tuple[Node, ...]
    by_competency: Mapping[int, Cells]
    veiled: Mapping[int, frozenset[tuple[Node, TitleLevel | None]]]

    def n(self, competency_id: int, node: Node, title: TitleLevel | None = None) -> int:
        """How many answered; 0 for nobody. Not to be shown where `hidden`."""
        found = self.by_competency.get(competency_id, {}).get((node, title))
        return found.n if found else 0

    def needs(self, competency_id: int, node: Node, title: TitleLevel | None = None) -> int:
        """How many of them have a need: the length of the list of names, for whoever may read those."""
        found = self.by_competency.get(competency_id, {}).get((node, title))
        return found.needs if found else 0

    def hidden(self, competency_id: int, node: Node, title: TitleLevel | None = None) -> bool:
        """Whether somebody answered and the figures must not be shown."""
        return (node, title) in self.veiled.get(competency_id, frozenset())

    def shown(self, competency_id: int, node: Node, title: TitleLevel | None = None) -> Aggregate | None:
        """The figures of a group; None where they are hidden or nobody answered."""
        found = self.by_competency.get(competency_id, {}).get((node, title))
        if found is None or not found.n or self.hidden(competency_id, node, title):
            return None
        return found.aggregate()

    def children(self, node: Node) -> list[Node]:
        """The groups one step below, where anybody at all answered anything."""
        depth = len(node) + 1
        groups = {group for cells in self.by_competency.values() for group, title in cells if title is None}
        return sorted(group for group in groups if len(group) == depth and group[:-1] == node)


def figures(
    scope: Scope,
    round_id: int,
    *,
    province_id: int | None = None,
    organisation_id: int | None = None,
    unit_id: int | None = None,
    parts: bool = True,
    titles: bool = False,
    competency_id: int | None = None,
    minimum: int = MINIMUM,
) -> Figures:
    """The figures a scope sees of a round along the path province, organisation, unit.

    An organisation comes with its province (0 where it has none), a unit with its organisation. `parts`: those of the
    path's last group as well. `titles`: the title groups of the root, too. Of fewer than `minimum` people nothing is
    shown. One statement; two with `titles`.
    """
    path = _path(province_id, organisation_id, unit_id)
    # Told apart are the parts of the path's steps: of the last one only where they are asked for.
    steps = len(path) if parts else len(path) - 1
    cells: dict[int, Cells] = defaultdict(dict)
    for key, province, organisation, unit, title, *sums in db.session.execute(
        _statement(scope, round_id, path[:steps], titles, competency_id)
    ):
        found = Sums(*map(int, sums))
        if title is not None:
            cells[key][ROOT, TitleLevel(title)] = found
        elif unit is not None:
            cells[key][(province, organisation, unit), None] = found
        else:
            deepest = tuple(step for step in (province, organisation) if step is not None)
            for depth in range(len(deepest) + 1):
                _add(cells[key], deepest[:depth], found)
    counted = _counted(scope, round_id, competency_id) if titles else {}
    veiled = {key: frozenset(_veiled(found, path, counted.get(key), minimum)) for key, found in cells.items()}
    return Figures(path, cells, veiled)


def _add(cells: Cells, node: Node, found: Sums) -> None:
    known = cells.get((node, None))
    cells[node, None] = found if known is None else known.plus(found)


def _path(province_id: int | None, organisation_id: int | None, unit_id: int | None) -> tuple[Node, ...]:
    steps = (province_id, organisation_id, unit_id)
    known = [step for step in steps if step is not None]
    if any(step is not None for step in steps[len(known) :]):
        raise ValueError("an institution comes with its province, a unit with its institution")
    return tuple(tuple(known[:depth]) for depth in range(len(known) + 1))


PROVINCE = sa.func.coalesce(Organisation.province_id, sa.literal_column("0"))
NO_ID: Any = sa.cast(sa.null(), sa.Integer)
NO_TITLE: Any = sa.cast(sa.null(), sa.String)


def _statement(
    scope: Scope,
    round_id: int,
    apart: Sequence[Node],
    titles: bool,
    competency_id: int | None,
) -> Any:
    """Rows (competency, province, institution, unit, title group, the sums); NULL where nothing is told apart.

    Three kinds follow one another: the institutions, as far as they are parts of the groups in `apart`; the units of
    an institution that is in it; and the title groups of everybody.
    """
    # The ids are whole numbers of our own: written into the statement, so that it can be grouped by them.
    province = PROVINCE if apart else NO_ID
    institution = NO_ID
    if len(apart) > 1:
        here = sa.literal_column(str(int(apart[1][0]))) == PROVINCE
        institution = sa.case((here, NeedSum.organisation_id), else_=None)
    kinds = [_rows(scope, round_id, competency_id, (province, institution, NO_ID, NO_TITLE), NeedSum.unit_id.is_(None))]
    if len(apart) > 2:
        theirs = sa.and_(NeedSum.organisation_id == apart[2][1], NeedSum.unit_id.is_not(None))
        where = (PROVINCE, NeedSum.organisation_id, NeedSum.unit_id, NO_TITLE)
        kinds.append(_rows(scope, round_id, competency_id, where, theirs))
    if titles:
        where = (NO_ID, NO_ID, NO_ID, NeedSum.title_level)
        kinds.append(_rows(scope, round_id, competency_id, where, NeedSum.unit_id.is_not(None)))
    return EVERYWHERE.trusting(sa.union_all(*kinds), NeedSum)


def _rows(
    scope: Scope,
    round_id: int,
    competency_id: int | None,
    where: tuple[Any, ...],
    which: sa.ColumnElement[bool],
) -> sa.Select[Any]:
    named = [NeedSum.competency_id, *(group.label(f"group_{at}") for at, group in enumerate(where))]
    summed = [sa.func.sum(getattr(NeedSum, name)) for name in Sums._fields]
    statement = (
        scope.restrict(sa.select(*named, *summed), NeedSum)
        .join(Organisation, Organisation.id == NeedSum.organisation_id)
        .where(NeedSum.round_id == round_id, which)
        .group_by(NeedSum.competency_id, *(group for group in where if group is not NO_ID and group is not NO_TITLE))
    )
    return statement if competency_id is None else statement.where(NeedSum.competency_id == competency_id)


class Piece(NamedTuple):
    """How many answered in some group, and which title groups they are of, as bits in the order of `TitleLevel`."""

    n: int
    titles: int


Tree = dict[int, dict[int, dict[int, Piece]]]
"""By province, institution, unit."""


def _counted(scope: Scope, round_id: int, competency_id: int | None) -> dict[int, Tree]:
    """The whole tree of each competency with the titles in it, to know what two divisions give away together."""
    bits = {level: 1 << at for at, level in enumerate(TitleLevel)}
    # A unit has one row for each title group: adding their bits is joining them.
    titles = sa.func.sum(sa.case(bits, value=NeedSum.title_level))
    place = (NeedSum.competency_id, PROVINCE, NeedSum.organisation_id, NeedSum.unit_id)
    statement = (
        scope.restrict(sa.select(*place, sa.func.sum(NeedSum.n), titles), NeedSum)
        .join(Organisation, Organisation.id == NeedSum.organisation_id)
        .where(NeedSum.round_id == round_id, NeedSum.unit_id.is_not(None))
        .group_by(*place)
    )
    if competency_id is not None:
        statement = statement.where(NeedSum.competency_id == competency_id)
    found: dict[int, Tree] = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    rows: Any = db.session.execute(statement)
    for key, province, organisation, unit, n, held in rows:
        found[key][province][organisation][unit] = Piece(int(n), int(held))
    return found


def _veiled(
    cells: Cells, path: tuple[Node, ...], counted: Tree | None, minimum: int
) -> set[tuple[Node, TitleLevel | None]]:
    """What stays hidden of one competency: too few people, what would give those away, and all below either."""
    if hidden(_n(cells, ROOT, None), minimum):
        return {key for key, sums in cells.items() if sums.n}
    found: set[tuple[Node, TitleLevel | None]] = set()
    below: dict[Node, list[Node]] = defaultdict(list)
    for node, title in cells:
        if title is None and node:
            below[node[:-1]].append(node)
    if counted is not None:
        levels = {level: _n(cells, ROOT, level) for level in TitleLevel}
        found |= {(ROOT, level) for level in suppress_beside(levels, _by_titles(counted, minimum), minimum)}
    for parent in path:
        children = sorted(below[parent])
        counts = {child: _n(cells, child, None) for child in children}
        veiled = set(children) if (parent, None) in found else suppress(counts, minimum)
        found |= {(child, None) for child in veiled}
    return {key for key in found if _n(cells, *key)}


def _together(pieces: Iterable[Piece]) -> Piece:
    n = titles = 0
    for piece in pieces:
        n += piece.n
        titles |= piece.titles
    return Piece(n, titles)


def _pieces(tree: Mapping[int, Any], minimum: int, depth: int = 3) -> Iterator[Piece]:
    """What subtraction along the tree leads to at most: each shown unit, and what is hidden below one parent."""
    below = {key: _together(_units(tree[key], depth)) for key in sorted(tree)}
    veiled = suppress({key: piece.n for key, piece in below.items()}, minimum)
    if veiled:
        yield _together(below[key] for key in veiled)
    for key, piece in below.items():
        if key not in veiled:
            yield from ([piece] if depth == 1 else _pieces(tree[key], minimum, depth - 1))


def _units(tree: Any, depth: int) -> Iterator[Piece]:
    if depth == 1:
        yield tree
    else:
        for child in tree.values():
            yield from _units(child, depth - 1)


def _by_titles(tree: Tree, minimum: int) -> dict[frozenset[TitleLevel], int]:
    """How many people stand in pieces that hold just these title groups."""
    sizes: Counter[int] = Counter()
    for piece in _pieces(tree, minimum):
        sizes[piece.titles] += piece.n
    return {
        frozenset(level for at, level in enumerate(TitleLevel) if titles & 1 << at): n for titles, n in sizes.items()
    }


def _n(cells: Cells, node: Node, title: TitleLevel | None) -> int:
    found = cells.get((node, title))
    return found.n if found else 0
