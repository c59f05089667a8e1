from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from app.plans.models import Origin, PlanItem, TrainingPlan
from app.plans.rules import Use
from app.plans.snapshot import CHANGING, FrozenRow, Sums, sums


@dataclass(frozen=True)
class Limits:
    """Hours of teaching and whole lira; None: there is no limit."""

    hours: int | None = None
    cost: int | None = None


@dataclass(frozen=True)
class Details:
    """What is decided about a row whose course and place are settled."""

    groups: int
    quarter: int
    cost: int | None
    origin_text: str
    reason: str

    def values(self) -> dict[str, Any]:
        return dict(self.__dict__)


@dataclass(frozen=True)
class Place:
    """Whom a row is for: an institution, a province, or (neither) the whole programme."""

    province_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True)
class NewRow:
    course_id: int
    place: Place
    origin: Origin
    details: Details


@dataclass(frozen=True)
class Wish:
    """What asks for a row of a plan, as the slot `plan.asked` hands it down by its `key`.

    `course_ids`: courses given today that build what it asks for, the most specific first. `province_id`: where.
    `label` and `url`: the thing that asks, and its page.
    """

    key: str
    label: str
    url: str
    course_ids: tuple[int, ...]
    province_id: int | None
    origin: Origin
    origin_text: str
    reason: str


@dataclass(frozen=True)
class DraftRow:
    """A row as the draft has it. `standing`: as the version in force has it; None where that has none."""

    item: PlanItem
    now: FrozenRow

    @classmethod
    def of(cls, item: PlanItem) -> DraftRow:
        return cls(item, FrozenRow.of(item))

    @property
    def changed(self) -> Sequence[str]:
        """Names of what the revision makes of a row that is in force."""
        return [name for name in CHANGING if name in self.item.pending] if self.item.approved else ()

    @property
    def retired(self) -> bool:
        return not self.item.course.active


class Uses(NamedTuple):
    hours: Use
    cost: Use


@dataclass(frozen=True)
class Draft:
    """All rows of a plan in their order, with those that were dropped."""

    plan: TrainingPlan
    rows: Sequence[DraftRow]

    @cached_property
    def sums(self) -> Sums:
        return sums(row.now for row in self.rows)

    def uses(self, more_hours: int = 0, more_cost: int = 0) -> Uses:
        """What all rows use of the limits, with a row more (or one that is changed) if so many more are typed."""
        plan, found = self.plan, self.sums
        return Uses(Use(found.hours + more_hours, plan.limit_hours), Use(found.cost + more_cost, plan.limit_cost))

    def planned(self, place: Place) -> dict[int, int]:
        """Groups of each course there."""
        found: dict[int, int] = {}
        for row in self.rows:
            if (row.now.province_id, row.now.organisation_id) == (place.province_id, place.organisation_id):
                found[row.now.course_id] = found.get(row.now.course_id, 0) + row.now.planned
        return found
