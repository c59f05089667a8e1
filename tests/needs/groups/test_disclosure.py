"""Whoever collects every figure of every address and adds and subtracts them learns nothing about fewer than five."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.needs.groups.models import ROOT, Node
from app.needs.groups.queries import figures
from app.needs.models import NeedSum
from app.people.models import TitleLevel
from tests.cast import Cast
from tests.needs.stage import CASE_MANAGEMENT, NIZIP, SAHINBEY, YAKUTIYE, scenery

UNITS: dict[int, Node] = {
    1: (1, NIZIP, 1),
    11: (1, NIZIP, 11),
    2: (1, SAHINBEY, 2),
    12: (1, SAHINBEY, 12),
    3: (2, YAKUTIYE, 3),
    13: (2, YAKUTIYE, 13),
}
LEVELS = (TitleLevel.MANAGER, TitleLevel.SPECIALIST, TitleLevel.WORKER)
Atom = tuple[int, TitleLevel]
People = Mapping[Atom, int]
GAZIANTEP = Scope(provinces=frozenset({1}), organisations=frozenset({NIZIP, SAHINBEY}))
ONLY_NIZIP = Scope(organisations=frozenset({NIZIP}))


@pytest.fixture
def stage_set(cast: Cast) -> Cast:
    scenery()
    db.session.commit()
    return cast


def put(people: People) -> None:
    """So many rated people in each unit with a title of each level, as the kept sums say it."""
    db.session.execute(EVERYWHERE.trusting(sa.delete(NeedSum), NeedSum))
    institutions: dict[int, int] = {}
    for (unit, level), n in people.items():
        organisation = UNITS[unit][1]
        institutions[organisation] = institutions.get(organisation, 0) + n
        if n:
            db.session.add(summed(organisation, n, unit_id=unit, title_level=level))
    db.session.add_all(summed(organisation, n) for organisation, n in institutions.items() if n)
    db.session.flush()


def summed(organisation: int, n: int, unit_id: int | None = None, title_level: TitleLevel | None = None) -> NeedSum:
    return NeedSum(
        round_id=1,
        organisation_id=organisation,
        competency_id=CASE_MANAGEMENT,
        unit_id=unit_id,
        title_level=title_level,
        n=n,
        needs=n,
        weights=n * 10_000,
        importance=n * 5 * 10_000**2,
        level=n * 2 * 10_000**2,
        gap_points=n * 30_000,
        single=0,
        paired=n,
        own_minus_other=0,
    )


def addresses(scope: Scope) -> Iterator[tuple[Node, bool]]:
    """Every group an address can name, the title view of all they see too; `parts` and `institutions` is what the heat map adds."""
    for titles in (False, True):
        yield ROOT, titles
    for unit in UNITS.values():
        if scope.everything or unit[1] in scope.organisations:
            for depth in (1, 2, 3):
                yield unit[:depth], False
    if not scope.everything:
        base = (1, NIZIP) if scope is ONLY_NIZIP else (1,)
        yield base, True


def shown(scope: Scope, minimum: int) -> set[frozenset[Atom]]:
    """The groups whose figures some page shows, each as the set of its atoms."""
    found: set[frozenset[Atom]] = set()
    hidden: set[frozenset[Atom]] = set()
    for path, titles in addresses(scope):
        for parts, institutions in ((False, False), (True, False), (True, True)):
            names = ("province_id", "organisation_id", "unit_id")
            asked = figures(
                scope,
                1,
                **dict(zip(names, path, strict=False)),
                parts=parts,
                titles=titles,
                institutions=institutions,
                minimum=minimum,
            )
            for key in asked.by_competency.get(CASE_MANAGEMENT, {}):
                atoms = members(scope, *key)
                (found if asked.shown(CASE_MANAGEMENT, *key) else hidden).add(atoms)
    assert not found & hidden, "what one address hides another shows"
    return found


def members(scope: Scope, node: Node, title: TitleLevel | None) -> frozenset[Atom]:
    return frozenset(
        (unit, level)
        for unit, place in UNITS.items()
        for level in LEVELS
        if place[: len(node)] == node and title in (None, level)
        if scope.everything or place[1] in scope.organisations
    )


def few(people: People, minimum: int) -> Iterator[frozenset[Atom]]:
    """Every set of atoms with somebody in it, but fewer than `minimum`."""
    small = [atom for atom, n in people.items() if 0 < n < minimum]
    for size in range(1, minimum):
        for chosen in combinations(small, size):
            if sum(people[atom] for atom in chosen) < minimum:
                yield frozenset(chosen)


PRIME = 2**61 - 1


class Span:
    """What follows from sums over sets of atoms by adding and subtracting, whatever the atoms hold."""

    def __init__(self, atoms: list[Atom]) -> None:
        self.atoms = atoms
        self.rows: list[tuple[int, list[int]]] = []

    def left(self, group: frozenset[Atom]) -> list[int]:
        vector = [int(atom in group) for atom in self.atoms]
        for pivot, row in self.rows:
            if factor := vector[pivot]:
                vector = [(a - factor * b) % PRIME for a, b in zip(vector, row, strict=True)]
        return vector

    def add(self, group: frozenset[Atom]) -> None:
        vector = self.left(group)
        pivot = next((at for at, value in enumerate(vector) if value), None)
        if pivot is not None:
            inverse = pow(vector[pivot], -1, PRIME)
            self.rows.append((pivot, [value * inverse % PRIME for value in vector]))

    def knows(self, group: frozenset[Atom]) -> bool:
        return not any(self.left(group))


def given_away(scope: Scope, people: People, minimum: int) -> list[frozenset[Atom]]:
    filled = {
        atom: n for atom, n in people.items() if n and (scope.everything or UNITS[atom[0]][1] in scope.organisations)
    }
    span = Span(list(filled))
    for group in shown(scope, minimum):
        assert sum(people.get(atom, 0) for atom in group) >= minimum
        span.add(group)
    return [group for group in few(filled, minimum) if span.knows(group)]


programmes = st.fixed_dictionaries(
    {(unit, level): st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 20]) for unit in UNITS for level in LEVELS}
)


def spread(*rows: tuple[int, int, int]) -> People:
    return {
        (unit, level): n for unit, row in zip(UNITS, rows, strict=True) for level, n in zip(LEVELS, row, strict=True)
    }


@pytest.mark.parametrize("scope", [EVERYWHERE, GAZIANTEP, ONLY_NIZIP], ids=["everything", "province", "institution"])
@given(people=programmes, minimum=st.sampled_from([5, 5, 8]))
@example(people=spread((0, 0, 6), (9, 9, 2), (9, 9, 0), (9, 9, 0), (9, 9, 0), (9, 9, 0)), minimum=5)
@example(people=spread((9, 0, 0), (0, 9, 0), (0, 0, 9), (3, 6, 0), (6, 3, 0), (0, 9, 9)), minimum=5)
@example(people=spread((4, 3, 0), (0, 2, 9), (5, 5, 0), (5, 5, 0), (6, 0, 0), (0, 6, 3)), minimum=5)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_nothing_about_fewer_than_five_follows(stage_set: Cast, scope: Scope, people: People, minimum: int) -> None:
    put(people)
    assert given_away(scope, people, minimum) == []


def test_a_unit_that_is_nearly_a_title_group_hides_it(stage_set: Cast) -> None:
    """Eight workers, six of them the whole of one unit: the other two would be a subtraction."""
    put(spread((0, 0, 6), (9, 9, 2), (9, 9, 0), (9, 9, 0), (9, 9, 0), (9, 9, 0)))
    found = figures(EVERYWHERE, 1, titles=True)
    assert found.hidden(CASE_MANAGEMENT, ROOT, TitleLevel.WORKER)
    put(spread((0, 0, 6), (9, 9, 5), (9, 9, 0), (9, 9, 0), (9, 9, 0), (9, 9, 0)))
    assert figures(EVERYWHERE, 1, titles=True).shown(CASE_MANAGEMENT, ROOT, TitleLevel.WORKER)


def test_a_higher_threshold_hides_more(stage_set: Cast) -> None:
    put(spread((3, 3, 0), (3, 3, 0), (20, 20, 0), (20, 20, 0), (20, 20, 0), (20, 20, 0)))
    assert figures(EVERYWHERE, 1, province_id=1, organisation_id=NIZIP).shown(CASE_MANAGEMENT, (1, NIZIP, 1))
    found = figures(EVERYWHERE, 1, province_id=1, organisation_id=NIZIP, minimum=8)
    assert found.hidden(CASE_MANAGEMENT, (1, NIZIP, 1))
    assert found.hidden(CASE_MANAGEMENT, (1, NIZIP, 11))
    assert found.shown(CASE_MANAGEMENT, (1, NIZIP))
