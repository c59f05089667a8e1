"""Which cells are published, on programmes made for one danger each."""

from __future__ import annotations

from collections import defaultdict
from itertools import count, islice, product

from app.access.models import OrganisationKind
from app.oversight.figures.facts import ALL, Cell, Count, Facts
from app.oversight.figures.publication import published
from app.people.models import Sex

Described = tuple[int, tuple[tuple[int, int], ...]]


def groups(*described: Described, sex: Sex = Sex.WOMAN) -> Facts:
    """(persons, the (year, theme) each of them took part in), all in one province and kind of institution."""
    return people({sex: described})


def people(described: dict[Sex, tuple[Described, ...]]) -> Facts:
    """The same for several sexes, counted one by one."""
    inside: dict[Cell, list[int]] = defaultdict(list)
    names = count()
    for sex, alike in described.items():
        for persons, took in alike:
            for somebody in islice(names, persons):
                for year, theme in took:
                    categories = (ALL, ("kind", OrganisationKind.DISTRICT), ("theme", theme), ("certified", True))
                    for place in product((ALL, year), (ALL, 1), categories, (ALL, sex)):
                        inside[Cell(*place)].append(somebody)
    cells = {cell: Count(len(set(who)), len(who)) for cell, who in inside.items()}
    return Facts(cells=cells, given={}, ask=lambda: {cell: set(who) for cell, who in inside.items()})


def whole(shown: frozenset[Cell], *cells: Cell) -> list[bool]:
    return [cell in shown for cell in cells]


def test_where_nobody_is_alone_all_is_published() -> None:
    facts = groups((9, ((2025, 1),)), (5, ((2026, 2),)), (7, ((2025, 1), (2026, 1))))
    shown = published(facts)
    assert {cell for cell in facts.cells if cell.category[0] != "certified" or cell.sex is ALL} <= shown


def test_an_empty_cell_is_published() -> None:
    shown = published(groups((9, ((2025, 1),)), (7, ((2026, 1),))))
    assert Cell(sex=Sex.MAN) in shown
    assert Cell(2025, sex=Sex.NOT_STATED) in shown


def test_a_small_year_takes_another_with_it_and_leaves_the_total() -> None:
    shown = published(groups((20, ((2024, 1),)), (10, ((2025, 1),)), (3, ((2026, 1),))))
    assert whole(shown, Cell(), Cell(2024), Cell(2025), Cell(2026)) == [True, True, False, False]


def test_those_of_other_years_alone_are_not_told_by_subtraction() -> None:
    """All years less 2026 are three persons, though no year has so few."""
    shown = published(groups((3, ((2025, 1),)), (30, ((2025, 1), (2026, 1)))))
    assert whole(shown, Cell(), Cell(2025), Cell(2026)) == [True, True, False]


def test_participations_in_between_are_not_told_by_subtraction() -> None:
    """Nobody came in other years alone; yet all participations less those of 2026 are four of four persons."""
    shown = published(
        groups((2, ((2024, 1), (2026, 1))), (2, ((2025, 1), (2026, 1))), (30, ((2026, 1),)), (1, ((2026, 1),)))
    )
    assert whole(shown, Cell(), Cell(2024), Cell(2025), Cell(2026)) == [True, False, False, False]


def test_small_areas_together_are_not_told_by_subtraction() -> None:
    themes = [Cell(category=("theme", key)) for key in (1, 2, 3, 4)]
    shown = published(groups((12, ((2025, 1),)), (10, ((2025, 2),)), (2, ((2025, 3),)), (2, ((2025, 4),))))
    assert whole(shown, Cell(), *themes) == [True, True, False, False, False]


def test_areas_of_one_each_are_not_told_by_their_number() -> None:
    """Five hidden rows and five persons left: one each, unless another row is hidden with them."""
    small = [(1, ((2025, key),)) for key in range(2, 7)]
    shown = published(groups((12, ((2025, 1),)), (9, ((2025, 7),)), *small))
    themes = [Cell(category=("theme", key)) for key in (1, 7, 2)]
    assert whole(shown, Cell(), *themes) == [True, True, False, False]


def test_men_are_not_told_by_everybody_less_women_and_not_stated() -> None:
    of_each = {Sex.WOMAN: 30, Sex.MAN: 20, Sex.NOT_STATED: 2}
    facts = people({sex: ((persons, ((2025, 1),)),) for sex, persons in of_each.items()})
    shown = published(facts)
    cells = [Cell(sex=sex) for sex in (ALL, Sex.WOMAN, Sex.MAN, Sex.NOT_STATED)]
    assert whole(shown, *cells) == [True, True, False, False], "the share of women stands"
