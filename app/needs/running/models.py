"""How far a round is, as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.access.models import Organisation
from app.people.models import Unit


@dataclass(frozen=True)
class Line:
    """An institution or a unit: how many of its staff were asked, have learnt of it, began and finished.

    `needed`: answers without which its share of the programme says too little; None for a unit.
    """

    place: Organisation | Unit | None
    staff: int
    asked: int
    told: int
    started: int
    finished: int
    needed: int | None = None

    @property
    def tenths(self) -> int:
        """The response rate in tenths of a percent."""
        return self.finished * 1000 // self.asked if self.asked else 0


@dataclass(frozen=True)
class Progress:
    """`lines`: by institution, or by unit where the reader sees one institution, whose `whole` is of its `place`."""

    whole: Line
    lines: Sequence[Line]
    by_unit: bool
