"""How much of a plan is done, and how a plan follows from needs. Exact: nothing is rounded."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil
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
    planned = done = opened = 0
    for wanted, found in rows:
        planned += wanted
        done += min(found, wanted)
        opened += found
    return Progress(planned, done, opened - done)


class Measured(NamedTuple):
    """A sum over rows of a plan: `known` None where no row has the figure, `missing` the rows that have none."""

    known: Fraction | None
    missing: int


def measured(figures: Iterable[int | Decimal | None]) -> Measured:
    """A row that was planned without figures adds nothing, and is counted: it is no zero."""
    found = list(figures)
    known = [figure for figure in found if figure is not None]
    return Measured(Fraction(sum(known)) if known else None, len(found) - len(known))


def plan_score(priorities: Iterable[Fraction | None]) -> Fraction | None:
    """Return a course's score: the mean priority of its measured competencies; None without any."""
    measured = [score for score in priorities if score is not None]
    return sum(measured, Fraction(0)) / len(measured) if measured else None


def groups(eligible: int, max_participants: int) -> int:
    """Return how many groups the eligible people fill; `max_participants` below 1 raises ValueError."""
    if max_participants < 1:
        raise ValueError("a group has at least one place")
    return ceil(Fraction(eligible, max_participants))


def plan_value(gap_points: Fraction, group_count: int, hours: int) -> Fraction | None:
    """Return gap points closed at best for each taught hour; None without a group or an hour."""
    return Fraction(gap_points) / (group_count * hours) if group_count > 0 and hours > 0 else None


WARN_FROM = 85
"""Percent of a limit above which whoever picks is warned."""


class Use(NamedTuple):
    """How much of a limit is used. None is no limit; 0 is one that nothing keeps to."""

    used: int
    limit: int | None

    @property
    def tenths(self) -> int | None:
        """In tenths of a percent, also above 100 percent; None without a limit, or where it is 0."""
        return self.used * 1000 // self.limit if self.limit else None

    @property
    def over(self) -> bool:
        return self.limit is not None and self.used > self.limit

    @property
    def near(self) -> bool:
        """Above 85 percent, and not over it."""
        return self.limit is not None and not self.over and self.used * 100 > self.limit * WARN_FROM
