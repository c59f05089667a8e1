"""Which figures a reader may see who must not see people: decided once for the whole lattice, not page by page.

The rule of five asks for more than hiding small cells. Every page, filter and file shows sums of the same
lattice (`facts`), so whoever collects them all can add and subtract: provinces from the programme, a year from
all years, women from everybody. Therefore the cells are taken one after the other, the widest first and never
depending on the address, and a cell is published only if nothing that must stay hidden follows from it
together with those published before. What must stay hidden:

* a cell with one to four persons;
* the difference of two cells, one within the other, if it is about one to four persons: those in the wider one
  only ("everybody but those of 2026"), or those behind the participations in between;
* the small cells of one line together, where they hold fewer than five persons or one each (then their number
  would say it).

"Follows from" is meant literally: a figure follows from others exactly if it is a linear combination of them.
Participations add up along every side of the lattice; persons along sexes, but a person of two years is one of both,
so their years, areas and certificates do not. Few move from one province or kind of institution to another: those are
taken to add up, too, for so much could be guessed. A cell shows both or neither.

Empty cells are known from the start. They are nobody's answer, a row of a table that is left out says the same,
and a reader must be able to tell "nobody yet" from "hidden". How often people came back (participations less
persons) is shown on purpose: the report sets the two side by side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain, combinations, product
from typing import Any

from app.needs.suppression import hidden
from app.oversight.figures.facts import ALL, Cell, Count, Facts
from app.people.models import Sex

Vector = dict[int, int]
Sum = frozenset[tuple[Cell, int]]
# Sums are compared modulo a prime: exact for these small numbers, and without fractions.
PRIME = 2**61 - 1
SEXES = (ALL, Sex.WOMAN, Sex.MAN, Sex.NOT_STATED)
CATEGORY = Cell._fields.index("category")
Line = tuple[Cell, int, str]
"""Cells that differ on one side alone: the wider cell they are parts of, that side, and the kind of a category."""


@lru_cache(maxsize=2)
def published(facts: Facts) -> frozenset[Cell]:
    """The cells that may be shown to whoever sees no people, the empty ones among them."""
    secrets = Secrets(facts)
    of_each = (frozenset(secrets(participations=adding)) for adding in (False, True))
    return _published(frozenset(facts.cells), tuple(_offered(facts.cells)), *of_each)


@lru_cache(maxsize=2)
def _published(
    filled: frozenset[Cell], offered: tuple[Cell, ...], of_persons: frozenset[Sum], of_participations: frozenset[Sum]
) -> frozenset[Cell]:
    """The same: figures that change without changing their order and what is small leave it as it was."""
    sides = (Lattice(filled, adding=False), Lattice(filled, adding=True))
    empty = [cell for cell in sides[0] if cell not in filled]
    if not of_persons and not of_participations:
        return frozenset((*empty, *offered))
    secrets = (of_persons, of_participations)
    known = [Known(side.sum(dict(one)) for one in some) for side, some in zip(sides, secrets, strict=True)]
    shown = list(empty)
    for cell in (*empty, *offered):
        rests = [one.rest(side.vector(cell)) for one, side in zip(known, sides, strict=True)]
        if all(one.may(rest) for one, rest in zip(known, rests, strict=True)):
            shown.append(cell)
            for one, rest in zip(known, rests, strict=True):
                one.add(rest)
    return frozenset(shown)


def _offered(cells: Mapping[Cell, Count]) -> list[Cell]:
    """What the pages show, the most wanted first: wide before narrow, totals before women before men."""
    found = [
        cell
        for cell in cells
        if cell.year is not None
        and cell.province is not None
        and (cell.category[0] != "certified" or (cell.category[1] and cell.sex is ALL))
    ]

    return sorted(found, key=lambda cell: (_wide(cell), -cells[cell].persons, _said(cell)))


_said = lru_cache(maxsize=8192)(str)
"""The same cells are put in order again after each change."""


@lru_cache(maxsize=8192)
def _wide(cell: Cell) -> tuple[int, int, bool]:
    narrow = sum(value is not ALL for value in cell[:3])
    return narrow, SEXES.index(cell.sex), cell.category is not ALL


class Lattice:
    """All cells of the figures, as vectors over coordinates of their own: of participations (`adding`) or persons.

    A coordinate stands for a cell without the last value of any side; the last value is everything less the others.
    Persons have no last year, thematic area or certificate: those do not add up.
    """

    def __init__(self, filled: frozenset[Cell], *, adding: bool) -> None:
        self.adding = adding
        families: dict[str, list[Any]] = defaultdict(list)
        for category in sorted({cell.category for cell in filled} - {ALL}, key=str):
            families[category[0]].append(category)
        years = sorted({cell.year for cell in filled} - {ALL}, key=lambda year: -(year or 0))
        provinces = sorted({cell.province for cell in filled} - {ALL}, key=lambda key: (key is None, key))
        self._parts = (
            _parts(years, adding),
            _parts(provinces, True),
            {
                part: sums
                for name, line in families.items()
                for part, sums in _parts(line, adding or name == "kind").items()
            }
            or _parts([], True),
            _parts(SEXES[1:], True),
        )
        self._numbers: dict[tuple[Any, ...], int] = {}

    def __iter__(self) -> Iterator[Cell]:
        return (Cell(*parts) for parts in product(*self._parts))

    def vector(self, cell: Cell) -> Vector:
        found: Vector = {}
        for chosen in product(*(parts[value].items() for parts, value in zip(self._parts, cell, strict=True))):
            sign = 1
            for _, factor in chosen:
                sign *= factor
            place = tuple(value for value, _ in chosen)
            found[self._numbers.setdefault(place, len(self._numbers))] = sign
        return found

    def sum(self, cells: Mapping[Cell, int]) -> Vector:
        whole: Vector = {}
        for cell, factor in cells.items():
            _take(whole, self.vector(cell), -factor)
        return whole


def _parts(line: Sequence[Any], adding: bool) -> dict[Any, dict[Any, int]]:
    """Each value of a side, and ALL, by its coordinates."""
    last = line[-1] if adding and line else None
    found = {value: {value: 1} for value in (ALL, *line)}
    if adding and line:
        found[last] = {ALL: 1} | dict.fromkeys(line[:-1], -1)
    return found


class Secrets:
    """What must not follow from the published cells, as sums of cells."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.cells = facts, facts.cells
        self.small = [cell for cell, count in self.cells.items() if hidden(count.persons)]
        self._lines: dict[Line, list[Cell]] = defaultdict(list)
        for cell in self.cells:
            for _, line in _lines(cell):
                self._lines[line].append(cell)
        self._large = {
            line: sum(not hidden(self.cells[cell].persons) for cell in cells) for line, cells in self._lines.items()
        }

    def __call__(self, *, participations: bool) -> Iterator[Sum]:
        for cell in self.small:
            yield frozenset({(cell, 1)})
        for cell in self.cells:
            for wider in self._participations(cell) if participations else self._persons(cell):
                yield frozenset({(wider, 1), (cell, -1)})
        yield from self._small_together()

    def _persons(self, cell: Cell) -> Iterator[Cell]:
        """The wider cells in which one to four persons are who are not in this one."""
        inside = self.cells[cell].persons
        # what has too many on one side alone has them on several
        for sides in _some(*[side for side, line in _lines(cell) if hidden(self.cells[line[0]].persons - inside)]):
            outside = self.cells[wider := _widened(cell, sides)].persons - inside
            if outside and hidden(outside):
                yield wider

    def _participations(self, cell: Cell) -> Iterator[Cell]:
        """The wider cells in which one to four persons took part outside this one, be they in it or not."""
        alone = not hidden(self.cells[cell].persons)  # the one large cell of its line at most
        for sides in _some(*[side for side, line in _lines(cell) if self._large[line] == alone]):
            wider = _widened(cell, sides)
            lines = [(side, _line(wider, side, cell[side])) for side in sides]
            outside = [one for side, line in lines for one in self._lines[line] if one[side] != cell[side]]
            if outside and self._few_in(outside):
                yield wider

    def _few_in(self, cells: Sequence[Cell]) -> bool:
        """Whether fewer than five persons are in these cells together, each of them counted once."""
        numbers = [self.cells[cell].persons for cell in cells]
        if hidden(sum(numbers)):
            return True
        return hidden(max(numbers)) and hidden(len(set().union(*(self.facts.few[cell] for cell in cells))))

    def _small_together(self) -> Iterator[Sum]:
        for line, whole in self._lines.items():
            if len(whole) - self._large[line] > 1:
                cells = [cell for cell in whole if hidden(self.cells[cell].persons)]
                alone = all(self.cells[cell].persons == 1 for cell in cells)
                if alone or self._few_in(cells):
                    yield frozenset((cell, 1) for cell in cells)


def _line(cell: Cell, side: int, value: Any) -> Line:
    """The line a cell stands in with this value on one of its sides."""
    return _with(cell, side, ALL), side, value[0] if side == CATEGORY else ""


@lru_cache(maxsize=8192)
def _lines(cell: Cell) -> tuple[tuple[int, Line], ...]:
    """The lines it stands in, by the sides that make it narrow: after each change of the same cells again."""
    return tuple((side, _line(cell, side, value)) for side, value in enumerate(cell) if value is not ALL)


@cache
def _some(*sides: int) -> tuple[tuple[int, ...], ...]:
    """One or more of them."""
    return tuple(chain.from_iterable(combinations(sides, number) for number in range(1, len(sides) + 1)))


def _with(cell: Cell, side: int, value: Any) -> Cell:
    return Cell._make((*cell[:side], value, *cell[side + 1 :]))


def _widened(cell: Cell, sides: Iterable[int]) -> Cell:
    for side in sides:
        cell = _with(cell, side, ALL)
    return cell


class Known:
    """What follows from the sums added so far: their span, each reduced by all others; the secrets stay outside it."""

    def __init__(self, secrets: Iterable[Vector]) -> None:
        self._vectors: dict[int, Vector] = {}
        self._using: dict[int, set[int]] = defaultdict(set)
        self._pivots: dict[int, int] = {}
        self._secret: dict[int, tuple[tuple[int, int], ...]] = {}
        self._forms: Counter[tuple[tuple[int, int], ...]] = Counter()
        for secret in {_form(vector): vector for vector in secrets}.values():
            number = self._keep(secret)
            self._secret[number] = _form(secret)
            self._forms[self._secret[number]] += 1

    def rest(self, vector: Vector) -> Vector:
        """What is new in a sum; empty if it follows from what is known."""
        rest = dict(vector)
        for number in vector:
            if number in self._pivots:
                _take(rest, self._vectors[self._pivots[number]], vector[number])
        return rest

    def may(self, rest: Vector) -> bool:
        """Whether no secret follows once this is known too."""
        return not rest or _form(rest) not in self._forms

    def add(self, rest: Vector) -> None:
        if not rest:
            return
        pivot = min(rest, key=lambda number: (len(self._using[number]), number))
        inverse = pow(rest[pivot], -1, PRIME)
        row = {number: value * inverse % PRIME for number, value in rest.items()}
        for key in list(self._using[pivot]):
            self._subtract(key, row, self._vectors[key][pivot])
        self._pivots[pivot] = self._keep(row)

    def _keep(self, vector: Vector) -> int:
        key = len(self._vectors)
        self._vectors[key] = vector
        for number in vector:
            self._using[number].add(key)
        return key

    def _subtract(self, key: int, row: Vector, factor: int) -> None:
        vector = self._vectors[key]
        before = set(vector)
        _take(vector, row, factor)
        for number in before - vector.keys():
            self._using[number].discard(key)
        for number in vector.keys() - before:
            self._using[number].add(key)
        if key in self._secret:
            self._forms[self._secret[key]] -= 1
            if not self._forms[self._secret[key]]:
                del self._forms[self._secret[key]]
            self._secret[key] = _form(vector)
            self._forms[self._secret[key]] += 1


def _take(vector: Vector, row: Vector, factor: int) -> None:
    for number, value in row.items():
        left = (vector.get(number, 0) - factor * value) % PRIME
        if left:
            vector[number] = left
        else:
            vector.pop(number, None)


def _form(vector: Vector) -> tuple[tuple[int, int], ...]:
    """The same for a vector and its multiples."""
    ordered = sorted(vector.items())
    if not ordered:
        return ()
    inverse = pow(ordered[0][1], -1, PRIME)
    return tuple((number, value * inverse % PRIME) for number, value in ordered)
