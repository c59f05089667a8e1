"""How a figure of the programme stands beside its target and a year ago, and what of it is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    return Figure(done, sum(parts) if parts else None, sum(each.provisional for each in every))


def veiled(parts: Sequence[Figures]) -> list[Figures]:
    """The same for whoever sees no people: a plain number is one of people, and fewer than five are not told of; nor
    the number of all together, nor the other parts of what this is a part of, from which they could be worked out.
    """
    small = {
        key for part in parts for key, each in part.items() if each.of is None and each.done and each.done < FEWEST
    }
    if small - {None}:
        small.add(None)
    return [
        {key: replace(each, done=None, provisional=0) if key in small else each for key, each in part.items()}
        for part in parts
    ]
