"""How certain the share of people in need is."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

Z = 1.96
DIRECTION_BELOW = 30
"""Under so many answers a result only points in a direction."""


class Stratum(NamedTuple):
    """An institution: `staff` the question was for, `answered` of them, `needs` of these with a need."""

    staff: int
    answered: int
    needs: int


def margin(strata: Sequence[Stratum]) -> float | None:
    """Half the width of the 95 % interval of the stratified share, 0 to 1, with the finite correction.

    sqrt(sum of W² (1 - n/N) p(1-p)/(n-1)) · 1.96, W being a stratum's part of the staff; of one answer alone the widest
    is taken (p = 1/2). None where an institution gave no answer, for nothing is known of it.
    """
    asked = [one for one in strata if one.staff]
    people = sum(one.staff for one in asked)
    if not people or any(not one.answered for one in asked):
        return None
    variance = 0.0
    for staff, answered, needs in asked:
        share = needs / answered if answered > 1 else 0.5
        left_out = max(0.0, 1 - answered / staff)
        variance += (staff / people) ** 2 * left_out * share * (1 - share) / max(1, answered - 1)
    return Z * sqrt(variance)
