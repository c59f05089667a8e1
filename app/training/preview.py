"""What a plan would be, before anything is saved: its days, what stands in the way, and how its hours add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.core.errors import Text
from app.training.conflicts import Conflict, Planned


@dataclass(frozen=True)
class PlannedDay:
    date: date
    sittings: tuple[Planned, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class Preview:
    """`general` conflicts concern no day in particular. Minutes: planned in all, and those the course asks for.

    `problem`: why there is no plan to look at.
    """

    days: tuple[PlannedDay, ...]
    general: tuple[Conflict, ...]
    minutes: int
    wanted: int
    known: frozenset[tuple[str, str]] = frozenset()
    problem: Text | None = None

    @property
    def conflicts(self) -> list[Conflict]:
        return [*self.general, *(conflict for day in self.days for conflict in day.conflicts)]

    @property
    def blocked(self) -> bool:
        return any(conflict.blocking for conflict in self.conflicts)

    @property
    def asks_reason(self) -> bool:
        """Whether somebody has to say why they go ahead: a warning nobody has answered yet."""
        return any((each.kind.value, each.detail) not in self.known for each in self.conflicts if not each.blocking)

    @property
    def minutes_off(self) -> int:
        return self.minutes - self.wanted


def preview(
    planned: Sequence[Planned],
    found: Sequence[Conflict],
    *,
    wanted: int,
    already: int = 0,
    known: frozenset[tuple[str, str]] = frozenset(),
    problem: Text | None = None,
) -> Preview:
    """`already`: minutes of the session's other sittings; `known`: conflicts answered with a reason before."""
    numbered = sorted(enumerate(planned), key=lambda pair: (pair[1].date, pair[1].starts))
    days = []
    for day, group in groupby(numbered, key=lambda pair: pair[1].date):
        members = list(group)
        indexes = {index for index, _ in members}
        days.append(
            PlannedDay(
                day,
                tuple(each for _, each in members),
                tuple(sorted((c for c in found if c.index in indexes), key=lambda c: not c.blocking)),
            )
        )
    return Preview(
        tuple(days),
        tuple(conflict for conflict in found if conflict.index is None),
        already + sum(each.minutes for each in planned),
        wanted,
        known,
        problem,
    )
