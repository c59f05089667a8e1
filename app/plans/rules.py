from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Progress(NamedTuple):
    """How much of a plan is done: `done` of the `planned` groups; what goes beyond a row of it is `surplus`."""

    planned: int = 0
    done: int = 0
    surplus: int = 0

    @property
    def tenths(self) -> int | None:
        """Σ min(done, planned) / Σ planned in tenths of a percent; None where nothing is planned."""
        return self.done * 1000 // self.planned if self.planned else None


def progress(rows: Iterable[tuple[int, int]]) -> Progress:
    """Of rows (planned, done): a group beyond one row makes up for none that is missing in another."""
    found = Progress()
    for planned, done in rows:
        kept = min(done, planned)
        found = Progress(found.planned + planned, found.done + kept, found.surplus + done - kept)
    return found


class Measured(NamedTuple):
    """A sum over rows of a plan: `known` None where no row has the figure, `missing` the rows that have none."""

    known: Fraction | None
    missing: int


def measured(figures: Iterable[int | Decimal | None]) -> Measured:
    """A row that was planned without figures adds nothing, and is counted: it is no zero."""
    found = list(figures)
    known = [Fraction(figure) for figure in found if figure is not None]
    return Measured(sum(known, Fraction(0)) if known else None, len(found) - len(known))
