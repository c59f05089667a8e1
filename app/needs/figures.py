"""The figures of a round: added up in SQL, whole numbers all the way, shown only where five or more answered.

The people a reader sees stand in a tree: all of them, provinces, institutions, units. Along the path to the group
that was chosen the children of each step are measured. What is hidden is decided from the top down and depends on
that tree alone, never on which part of it a page shows: so no two pages, filters or exports can be subtracted from
one another. Title groups divide all of the reader's people once more, and nothing but all of them: a title group of
one institution could be had from two shown totals, since many institutions have a single one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import add
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import Scope
from app.core.db import db
from app.needs.formulas import Aggregate
from app.needs.models import Need
from app.needs.queries import SCALE, scaled
from app.needs.suppression import hidden, suppress
from app.people.models import Employee, Title, TitleLevel

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
    both: int = 0
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
            source_difference=Fraction(self.own_minus_other, self.both) if self.both else None,
        )


def _summed() -> list[Any]:
    weight = scaled(Need.weight)
    positive = sa.case((Need.gap > 0, scaled(Need.gap)), else_=0)
    both = sa.and_(Need.self_level.is_not(None), Need.supervisor_level.is_not(None))
    return [
        sa.func.count(),
        sa.func.sum(sa.case((Need.need.is_(True), 1), else_=0)),
        sa.func.sum(weight),
        sa.func.sum(weight * scaled(Need.importance)),
        sa.func.sum(weight * scaled(Need.level)),
        sa.func.sum(positive),
        sa.func.sum(sa.case((Need.single_source.is_(True), 1), else_=0)),
        sa.func.sum(sa.case((both, 1), else_=0)),
        sa.func.sum(sa.case((both, Need.self_level - Need.supervisor_level), else_=0)),
    ]


Cells = dict[tuple[Node, TitleLevel | None], Sums]


@dataclass(frozen=True)
class Figures:
    """The figures of each competency in each group along one path; `path` ends in the chosen group."""

    path: tuple[Node, ...]
    by_competency: Mapping[int, Cells]
    veiled: Mapping[int, frozenset[tuple[Node, TitleLevel | None]]]

    @property
    def chosen(self) -> Node:
        return self.path[-1]

    def n(self, competency_id: int, node: Node, title: TitleLevel | None = None) -> int:
        """How many answered; 0 for nobody. Not to be shown where `hidden`."""
        found = self.by_competency.get(competency_id, {}).get((node, title))
        return found.n if found else 0

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
        return sorted({child for cells in self.by_competency.values() for child in _below(cells, node)})


def figures(
    scope: Scope,
    round_id: int,
    *,
    province_id: int | None = None,
    organisation_id: int | None = None,
    unit_id: int | None = None,
    titles: bool = False,
    competency_id: int | None = None,
) -> Figures:
    """The figures a scope sees of a round along the path province, organisation, unit, in one statement.

    An organisation comes with its province (0 where it has none), a unit with its organisation. `titles`: the title
    groups of the root as well.
    """
    path = _path(province_id, organisation_id, unit_id)
    cells: dict[int, Cells] = defaultdict(dict)
    for key, province, organisation, unit, title, *sums in db.session.execute(
        _statement(scope, round_id, province_id, organisation_id, titles, competency_id)
    ):
        found = Sums(*(int(value) for value in sums))
        deepest = (province, *((organisation,) if organisation else ()), *((unit,) if unit else ()))
        level = TitleLevel(title) if titles else None
        for depth in range(len(deepest) + 1):
            _add(cells[key], deepest[:depth], None, found)
        if level is not None:
            _add(cells[key], ROOT, level, found)
    veiled = {key: frozenset(_veiled(found, path, titles)) for key, found in cells.items()}
    return Figures(path, cells, veiled)


def _add(cells: Cells, node: Node, title: TitleLevel | None, found: Sums) -> None:
    known = cells.get((node, title))
    cells[node, title] = found if known is None else known.plus(found)


def _path(province_id: int | None, organisation_id: int | None, unit_id: int | None) -> tuple[Node, ...]:
    steps = (province_id, organisation_id, unit_id)
    known = [step for step in steps if step is not None]
    if any(step is not None for step in steps[len(known) :]):
        raise ValueError("an institution comes with its province, a unit with its institution")
    return tuple(tuple(known[:depth]) for depth in range(len(known) + 1))


def _statement(
    scope: Scope,
    round_id: int,
    province_id: int | None,
    organisation_id: int | None,
    titles: bool,
    competency_id: int | None,
) -> sa.Select[Any]:
    """One row for each competency and group; below the path's own steps people are not told apart."""
    nothing: sa.ColumnElement[Any] = sa.literal_column("0")
    province = sa.func.coalesce(Organisation.province_id, 0)
    # The ids are whole numbers of our own: written into the statement, so that it can be grouped by them.
    organisation = (
        sa.case((province == sa.literal_column(str(int(province_id))), Employee.organisation_id), else_=nothing)
        if province_id is not None
        else nothing
    )
    unit = (
        sa.case(
            (Employee.organisation_id == sa.literal_column(str(int(organisation_id))), Employee.unit_id), else_=nothing
        )
        if organisation_id is not None
        else nothing
    )
    title: Any = Title.level if titles else nothing
    groups: list[Any] = [Need.competency_id, province, organisation, unit, title]
    named = [group.label(f"group_{at}") for at, group in enumerate(groups)]
    statement = (
        scope.restrict(sa.select(*named, *_summed()).join(Need.employee), Need, Employee)
        .join(Employee.organisation)
        .where(Need.round_id == round_id)
        .group_by(*(group for group in groups if group is not nothing))
    )
    if titles:
        statement = statement.join(Employee.title)
    if competency_id is not None:
        statement = statement.where(Need.competency_id == competency_id)
    return statement


def _veiled(cells: Cells, path: tuple[Node, ...], titles: bool) -> set[tuple[Node, TitleLevel | None]]:
    """What stays hidden of one competency: fewer than five, what would give those away, and all below either."""
    if hidden(_n(cells, ROOT, None)):
        return {key for key, sums in cells.items() if sums.n}
    found: set[tuple[Node, TitleLevel | None]] = set()
    if titles:
        found |= {(ROOT, level) for level in suppress({level: _n(cells, ROOT, level) for level in TitleLevel})}
    for parent in path:
        children = _below(cells, parent)
        counts = {child: _n(cells, child, None) for child in children}
        veiled = set(children) if (parent, None) in found else suppress(counts)
        found |= {(child, None) for child in veiled}
    return {key for key in found if _n(cells, *key)}


def _below(cells: Cells, parent: Node) -> list[Node]:
    depth = len(parent) + 1
    return sorted(key for key, title in cells if title is None and len(key) == depth and key[:-1] == parent)


def _n(cells: Cells, node: Node, title: TitleLevel | None) -> int:
    found = cells.get((node, title))
    return found.n if found else 0
