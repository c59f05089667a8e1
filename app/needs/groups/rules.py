"""What stays hidden of a round's figures: they are shown only where five or more answered.

The people a reader sees stand in a tree: all of them, provinces, institutions, units. Along the path to the group
that was chosen the children of each step are measured. What is hidden is decided from the top down and depends on
that tree alone, never on which part of it a page shows: so no two pages, filters or exports can be subtracted from
one another. Title groups divide all of the reader's people once more, and nothing but all of them: a title group of
one institution could be had from two shown totals, since many institutions have a single one. Where a unit holds all
but a few of a title group, or a title group all but a few of a unit, the title group is hidden.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from app.needs.groups.models import ROOT, Cells, Node
from app.needs.rules import Sums
from app.needs.suppression import hidden, suppress, suppress_beside
from app.people.models import TitleLevel


def groups_of(parts: Iterable[tuple[Node, Sums]]) -> Cells:
    """What is summed up in each part (none of them belongs to another), and in every group it belongs to."""
    cells: Cells = {}
    within: dict[Node, list[Sums]] = defaultdict(list)
    for part, found in parts:
        cells[part, None] = found
        for depth in range(len(part)):
            within[part[:depth]].append(found)
    return cells | {(node, None): Sums.together(found) for node, found in within.items()}


def path_of(province_id: int | None, organisation_id: int | None, unit_id: int | None) -> tuple[Node, ...]:
    """The groups from everybody down to the chosen one; ValueError where a step in between is left out."""
    steps = (province_id, organisation_id, unit_id)
    known = [step for step in steps if step is not None]
    if any(step is not None for step in steps[len(known) :]):
        raise ValueError("an institution comes with its province, a unit with its institution")
    return tuple(tuple(known[:depth]) for depth in range(len(known) + 1))


class Piece(NamedTuple):
    """How many answered in some group, and which title groups they are of, as bits in the order of `TitleLevel`."""

    n: int
    titles: int


Tree = dict[int, dict[int, dict[int, Piece]]]
"""By province, institution, unit."""


def hidden_groups(
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


def _pieces(tree: Mapping[int, Any], minimum: int, depth: int = 3) -> tuple[Piece, list[Piece]]:
    """All of a tree, and what subtraction along it leads to at most: each shown unit, and what is hidden below one
    parent.
    """
    if depth == 1:
        wholes = {key: tree[key] for key in sorted(tree)}
        parts = {key: [piece] for key, piece in wholes.items()}
    else:
        below = {key: _pieces(tree[key], minimum, depth - 1) for key in sorted(tree)}
        wholes = {key: whole for key, (whole, _) in below.items()}
        parts = {key: found for key, (_, found) in below.items()}
    veiled = suppress({key: piece.n for key, piece in wholes.items()}, minimum)
    found = [piece for key, shown in parts.items() if key not in veiled for piece in shown]
    if veiled:
        found.append(_together(wholes[key] for key in veiled))
    return _together(wholes.values()), found


def _by_titles(tree: Tree, minimum: int) -> dict[frozenset[TitleLevel], int]:
    """How many people stand in pieces that hold just these title groups."""
    sizes: Counter[int] = Counter()
    for piece in _pieces(tree, minimum)[1]:
        sizes[piece.titles] += piece.n
    return {
        frozenset(level for at, level in enumerate(TitleLevel) if titles & 1 << at): n for titles, n in sizes.items()
    }


def _n(cells: Cells, node: Node, title: TitleLevel | None) -> int:
    found = cells.get((node, title))
    return found.n if found else 0
