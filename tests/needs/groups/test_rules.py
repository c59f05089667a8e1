"""What stays hidden of the figures of one competency."""

from __future__ import annotations

import pytest

from app.needs.groups.models import ROOT, Cells, Node
from app.needs.groups.rules import Piece, groups_of, hidden_groups, path_of
from app.needs.rules import Sums
from app.people.models import TitleLevel

GAZIANTEP, ERZURUM = (1,), (2,)
NIZIP, SAHINBEY, YAKUTIYE = (1, 1), (1, 2), (2, 3)


def counted(**answered: int) -> Cells:
    """So many answered in each institution, added up along its path."""
    places: dict[str, Node] = {"nizip": NIZIP, "sahinbey": SAHINBEY, "yakutiye": YAKUTIYE}
    return groups_of((places[name], Sums(n=n)) for name, n in answered.items())


def veiled(cells: Cells, *path: Node) -> set[Node]:
    return {node for node, _ in hidden_groups(cells, (ROOT, *path), None, 5)}


def test_a_path_leaves_out_no_step() -> None:
    assert path_of(None, None, None) == (ROOT,)
    assert path_of(1, 2, 3) == (ROOT, (1,), (1, 2), (1, 2, 3))
    for steps in ((None, 2, None), (1, None, 3), (None, None, 3)):
        with pytest.raises(ValueError, match="comes with"):
            path_of(*steps)


def test_parts_add_up_to_the_group_they_belong_to() -> None:
    cells = counted(nizip=9, sahinbey=8, yakutiye=4)
    assert [cells[node, None].n for node in (ROOT, GAZIANTEP, ERZURUM)] == [21, 17, 4]


def test_of_fewer_than_five_nothing_is_shown() -> None:
    assert veiled(counted(nizip=2, yakutiye=2)) == {ROOT, GAZIANTEP, ERZURUM, NIZIP, YAKUTIYE}


def test_a_small_group_takes_its_neighbour_with_it_and_all_below_either() -> None:
    cells = counted(nizip=9, sahinbey=8, yakutiye=4)
    assert veiled(cells) == {GAZIANTEP, ERZURUM}
    assert veiled(cells, GAZIANTEP) == {GAZIANTEP, ERZURUM, NIZIP, SAHINBEY}


def test_five_of_each_hide_nothing() -> None:
    assert veiled(counted(nizip=5, sahinbey=5, yakutiye=5), GAZIANTEP) == set()


@pytest.mark.parametrize(("others", "hides"), [(2, True), (5, False)])
def test_a_unit_that_is_nearly_a_title_group_hides_it(others: int, hides: bool) -> None:
    """Some workers and all of one unit: the other workers would be a subtraction."""
    bits = {level: 1 << at for at, level in enumerate(TitleLevel)}
    manager, worker = TitleLevel.MANAGER, TitleLevel.WORKER
    cells: Cells = {
        (ROOT, None): Sums(n=15 + others),
        (ROOT, manager): Sums(n=9),
        (ROOT, worker): Sums(n=6 + others),
    }
    tree = {1: {1: {1: Piece(6, bits[worker]), 11: Piece(9 + others, bits[worker] | bits[manager])}}}
    assert ((ROOT, worker) in hidden_groups(cells, (ROOT,), tree, 5)) is hides
