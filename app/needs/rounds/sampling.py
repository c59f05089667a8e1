"""Who is asked: the size of a sample, its strata, and the weights that undo it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

EVERYONE_UP_TO = 60
SMALLEST_STRATUM = 5
Z = Fraction(196, 100)
PROPORTION = Fraction(1, 2)
MARGIN = Fraction(5, 100)


def sample_size(
    population: int, *, z: Fraction = Z, proportion: Fraction = PROPORTION, margin: Fraction = MARGIN
) -> int:
    """Return how many of `population` to ask: all up to 60, else Cochran's number with the finite correction.

    n = ceil(n0 / (1 + (n0 - 1) / N)) with n0 = z^2 p (1 - p) / e^2, in exact fractions.
    """
    if population <= EVERYONE_UP_TO:
        return max(0, population)
    n0 = z * z * proportion * (1 - proportion) / (margin * margin)
    return min(population, ceil(n0 / (1 + (n0 - 1) / population)))


def allocate(strata: Mapping[Key, int], n: int, *, minimum: int = SMALLEST_STRATUM) -> dict[Key, int]:
    """Share a sample of `n` among strata by their size: largest remainder, at least `minimum` each or all of it.

    A stratum whose share would be too small gets the minimum and leaves the sum; the others share the
    rest. The result adds up to `n` unless the minima alone are more, or the strata hold fewer people.
    Equal remainders go to the larger stratum, then to the one named first.
    """
    floors = {key: min(minimum, size) for key, size in strata.items()}
    n = min(n, sum(strata.values()))
    fixed: dict[Key, int] = {}
    while True:
        free = {key: size for key, size in strata.items() if key not in fixed}
        left, people = n - sum(fixed.values()), sum(free.values())
        if not people or left <= 0:
            return {key: fixed.get(key, floors[key]) for key in strata}
        quotas = {key: Fraction(left * size, people) for key, size in free.items()}
        small = [key for key, quota in quotas.items() if quota < floors[key]]
        if not small:
            break
        fixed.update((key, floors[key]) for key in small)
    shares = {key: floor(quota) for key, quota in quotas.items()}
    by_remainder = sorted(free, key=lambda key: (quotas[key] - shares[key], free[key]), reverse=True)
    for key in by_remainder[: left - sum(shares.values())]:
        shares[key] += 1
    return {key: fixed[key] if key in fixed else shares[key] for key in strata}


def weight(stratum: int, respondents: int) -> Fraction:
    """Return how many people of a stratum each respondent stands for; 1 where nobody answered."""
    return Fraction(stratum, respondents) if respondents > 0 else Fraction(1)
