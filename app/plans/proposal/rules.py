from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.plans.figures.models import Proposed

PROPOSAL_SORTS: dict[str, Callable[[Proposed], Any]] = {
    "score": lambda one: one.score,
    "value": lambda one: one.value,
    "eligible": lambda one: one.eligible,
    "points": lambda one: one.gap_points,
    "hours": lambda one: one.hours,
}


def ordered(found: Sequence[Proposed], sort: str, *, descending: bool) -> list[Proposed]:
    """Courses of which something was measured, in this order; equal ones by code, those without the figure last."""
    measured = sorted((one for one in found if one.score is not None), key=lambda one: one.course.code)
    key = PROPOSAL_SORTS[sort]
    known = sorted((one for one in measured if key(one) is not None), key=key, reverse=descending)
    return known + [one for one in measured if key(one) is None]
