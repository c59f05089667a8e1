from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from app.catalogue.models import Course
from app.needs.models import PriorityClass
from app.needs.rules import priority_class, shown_priority
from app.plans.rules import groups, plan_value


@dataclass(frozen=True)
class Proposed:
    """What a round says for a course in a group of people. `score` None where none of its competencies was measured
    there (or all are hidden); `eligible` and `gap_points` None where they are too few to be told.

    `planned`: groups of it that the plan has there already.
    """

    course: Course
    score: Fraction | None
    eligible: int | None
    gap_points: Fraction | None
    planned: int = 0

    @cached_property
    def groups(self) -> int:
        """Groups the eligible people fill; at least one, for whoever plans it all the same."""
        return max(1, groups(self.eligible or 0, self.course.max_participants))

    @property
    def hours(self) -> int:
        return self.groups * self.course.hours

    @property
    def value(self) -> Fraction | None:
        """Gap points closed at best for each taught hour."""
        return None if self.gap_points is None else plan_value(self.gap_points, self.groups, self.course.hours)

    @cached_property
    def priority_class(self) -> PriorityClass | None:
        return None if self.score is None else priority_class(self.score)

    @cached_property
    def printed(self) -> tuple[Fraction, int] | None:
        return shown_priority(self.score)


@dataclass(frozen=True)
class Frozen:
    """The figures of the moment, as a row of a plan keeps them."""

    round_id: int | None = None
    score: Decimal | None = None
    eligible: int | None = None
    gap_points: Decimal | None = None
