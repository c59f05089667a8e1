"""How a figure of the programme stands beside its target and a year ago, and what of it is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.programme.parts import Figure

FEWEST = 5
"""Fewer people than these are not told of to whoever sees no people."""
Figures = Mapping[int | None, Figure]


@dataclass(frozen=True)
class Cell:
    """An indicator of a province: this year, as it was a year ago, and what it should come to. `target`: percent where
    the figure is a share. `parts`: what a number is made of, by name.
    """

    now: Figure
    before: Figure | None = None
    target: int | None = None
    parts: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def tenths(self) -> int | None:
        """Tenths of a percent where it is a share that is known, never rounded up."""
        return _tenths(self.now)

    @property
    def reached(self) -> bool | None:
        """Whether it has come to its target; None where one of both is not known."""
        if self.target is None or self.now.done is None or self.now.of == 0:
            return None
        return self.now.done * 100 >= self.target * self.now.of if self.now.of else self.now.done >= self.target

    @property
    def trend(self) -> int | None:
        """More than a year ago (above 0), less (below), the same; None where it is not known."""
        if self.before is None or self.now.done is None or self.before.done is None:
            return None
        if self.now.of is None:
            return self.now.done - self.before.done
        now, was = _tenths(self.now), _tenths(self.before)
        return None if now is None or was is None else now - was


def _tenths(figure: Figure) -> int | None:
    return figure.done * 1000 // figure.of if figure.of and figure.done is not None else None


def together(figures: Iterable[Figure]) -> Figure:
    """The sum of the provinces' figures and the programme's own."""
    every = list(figures)
    parts = [each.of for each in every if each.of is not None]
    done = sum(each.done or 0 for each in every)
    return Figure(done, sum(parts) if parts else None, sum(each.provisional or 0 for each in every))


def veiled(parts: Sequence[Figures]) -> list[Figures]:
    """The same for whoever sees no people: a plain number is one of people, and fewer than five are not told of; nor
    the number of all together, nor the other parts of what this is a part of, from which they could be worked out. So
    with how many are provisional, and how many are not: that there are some is said all the same.
    """
    small = _few(parts, lambda each: (each.done or 0,))
    split = _few(parts, lambda each: (each.provisional or 0, (each.done or 0) - (each.provisional or 0)))
    hidden, unsaid = {"done": None, "provisional": 0}, {"provisional": None}
    return [
        {
            key: replace(each, **(hidden if key in small else unsaid if key in split and each.provisional else {}))
            for key, each in part.items()
        }
        for part in parts
    ]


def _few(parts: Sequence[Figures], numbers: Callable[[Figure], Sequence[int]]) -> set[int | None]:
    """Where one of these numbers of people is that of a few."""
    every = [(key, each) for part in parts for key, each in part.items() if each.of is None]
    found = {key for key, each in every if any(0 < number < FEWEST for number in numbers(each))}
    return found | {None} if found else found
