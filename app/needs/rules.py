"""Which round counts, and the arithmetic of a needs analysis (Borich), exact.

Every figure is an integer or a fraction and nothing is rounded here: the class of a priority is decided
on the unrounded value, and pages round what they show. Ratings are 1 to 5; "not relevant to my job" is
None.

    I = alpha * I_self + (1 - alpha) * I_supervisor     C likewise     D = I - C
    MWDS = mean I * mean D      P = 100 * max(0, MWDS) / 20      need = D >= 1 and I >= 3
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import add
from typing import Any, NamedTuple

from app.needs.models import SCALE, AssessmentRound, PriorityClass, Rating, RatingSource, RoundStatus

HALF = Fraction(1, 2)
NEED_GAP = 1
NEED_IMPORTANCE = 3
HIGHEST_MWDS = 20
PRIORITY_OF_MWDS = Fraction(100, HIGHEST_MWDS)
HIGH_FROM = 35
MEDIUM_FROM = 20
DIVERGES_ABOVE = 1
FOUR_PLACES = Decimal("0.0001")


def default_round(begun: Sequence[AssessmentRound], breadth: Mapping[int, int]) -> AssessmentRound | None:
    """Of rounds, latest first, the one to begin with: the latest published that asked at least half as many of the
    reader's institutions (`breadth`, by round) as the widest did. A municipality's own analysis is not what the
    programme knows, and an open one fills slowly and would leave most people out.
    """
    published = [found for found in begun if found.status is RoundStatus.PUBLISHED]
    widest = max((breadth.get(found.id, 0) for found in published), default=0)
    wide = (found for found in published if 2 * breadth.get(found.id, 0) >= widest)
    return next(wide, begun[0] if begun else None)


def combine(self_rating: int | None, supervisor_rating: int | None, alpha: Fraction = HALF) -> Fraction | None:
    """Weigh a person's own rating (alpha) and the supervisor's; one missing leaves the other, both give None."""
    if self_rating is None:
        return None if supervisor_rating is None else Fraction(supervisor_rating)
    if supervisor_rating is None:
        return Fraction(self_rating)
    return alpha * self_rating + (1 - alpha) * supervisor_rating


@dataclass(frozen=True, slots=True)
class RatingPair:
    """What one person and the supervisor said about one competency: importance and current level, 1 to 5
    or None.

    A source that gave only one of the two is taken as missing, for its gap cannot be known. Other values
    raise ValueError.
    """

    importance_self: int | None = None
    level_self: int | None = None
    importance_supervisor: int | None = None
    level_supervisor: int | None = None

    def __post_init__(self) -> None:
        for rating in (
            self.importance_self,
            self.level_self,
            self.importance_supervisor,
            self.level_supervisor,
        ):
            if rating is not None and not 1 <= rating <= 5:
                raise ValueError("a rating is 1 to 5 or missing")

    @property
    def has_self(self) -> bool:
        """Whether the person's own rating is usable."""
        return self.importance_self is not None and self.level_self is not None

    @property
    def has_supervisor(self) -> bool:
        """Whether the supervisor's rating is usable."""
        return self.importance_supervisor is not None and self.level_supervisor is not None

    def combined(self, alpha: Fraction = HALF) -> Combined | None:
        """Return importance, level and what follows from them; None where neither source is usable."""
        own, other = self.has_self, self.has_supervisor
        importance = combine(
            self.importance_self if own else None, self.importance_supervisor if other else None, alpha
        )
        level = combine(self.level_self if own else None, self.level_supervisor if other else None, alpha)
        if importance is None or level is None:
            return None
        return Combined(importance, level, single_source=own != other)


@dataclass(frozen=True, slots=True)
class Combined:
    """One person's combined rating of one competency."""

    importance: Fraction
    level: Fraction
    single_source: bool

    @property
    def gap(self) -> Fraction:
        """D, importance minus level; negative where more is known than needed."""
        return self.importance - self.level

    @property
    def need(self) -> bool:
        """Whether the gap makes a need: at least 1, of something at least fairly important."""
        return self.gap >= NEED_GAP and self.importance >= NEED_IMPORTANCE


def pairs(ratings: Collection[Rating]) -> dict[tuple[int, int], RatingPair]:
    """Both sources of each (employee, competency), side by side."""
    sides: dict[tuple[int, int], dict[str, int | None]] = defaultdict(dict)
    for rating in ratings:
        side = "self" if rating.source is RatingSource.SELF else "supervisor"
        sides[rating.employee_id, rating.competency_id] |= {
            f"importance_{side}": rating.importance,
            f"level_{side}": rating.level,
        }
    return {key: RatingPair(**values) for key, values in sides.items()}


def facts_of(pair: RatingPair, combined: Combined) -> dict[str, Any]:
    """What is kept of it in a `Need`."""
    return {
        "importance": _decimal(combined.importance),
        "level": _decimal(combined.level),
        "gap": _decimal(combined.gap),
        "need": combined.need,
        "single_source": combined.single_source,
        "self_level": pair.level_self if pair.has_self else None,
        "supervisor_level": pair.level_supervisor if pair.has_supervisor else None,
    }


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(FOUR_PLACES)


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` people who rated alike, each standing for `weight` people (1 unless sampled)."""

    pair: RatingPair
    weight: Fraction | int = 1
    count: int = 1


@dataclass(frozen=True, slots=True)
class Rated:
    """`count` people with the same combined rating, as it is stored.

    `level_self` and `level_supervisor` are the levels behind it, None for a source that is missing.
    """

    importance: Fraction
    level: Fraction
    level_self: int | None
    level_supervisor: int | None
    weight: Fraction | int = 1
    count: int = 1

    @property
    def single_source(self) -> bool:
        """Whether one of the two sources is missing."""
        return self.level_self is None or self.level_supervisor is None

    @property
    def combined(self) -> Combined:
        """The combined rating itself."""
        return Combined(self.importance, self.level, self.single_source)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One competency in one group of people.

    Means are weighted; `n`, `needs`, `gap_points`, `single_source` and the difference between the sources
    count the people who answered, each once. Every mean is None where nobody did.
    """

    n: int
    """People with a usable rating."""
    needs: int
    """N: people with a need."""
    mean_importance: Fraction | None
    mean_level: Fraction | None
    mean_gap: Fraction | None
    gap_points: Fraction
    """GP: the sum of the gaps above 0."""
    single_source: int
    """People rated by one source only."""
    source_difference: Fraction | None
    """SDiff: mean own level minus mean level by the supervisor, over those who have both."""

    @property
    def mwds(self) -> Fraction | None:
        """Mean weighted discrepancy score, -20 to 20."""
        if self.mean_importance is None or self.mean_gap is None:
            return None
        return self.mean_importance * self.mean_gap

    @property
    def priority(self) -> Fraction | None:
        """P, 0 to 100."""
        mwds = self.mwds
        return None if mwds is None else priority(mwds)

    @property
    def priority_class(self) -> PriorityClass | None:
        """The class of the unrounded priority."""
        score = self.priority
        return None if score is None else priority_class(score)

    @property
    def need_rate(self) -> Fraction | None:
        """NR: the share of those who answered that has a need, 0 to 1."""
        return Fraction(self.needs, self.n) if self.n else None

    @property
    def diverging(self) -> bool:
        """Whether own and supervisor's ratings lie more than 1 apart on average."""
        return self.source_difference is not None and abs(self.source_difference) > DIVERGES_ABOVE


def priority(mwds: Fraction) -> Fraction:
    """Return P = 100 * max(0, MWDS) / 20."""
    return mwds * PRIORITY_OF_MWDS if mwds > 0 else Fraction(0)


def priority_class(score: Fraction) -> PriorityClass:
    """Return the class of an unrounded priority score."""
    return class_of(score.numerator, score.denominator)


def class_of(above: int, below: int) -> PriorityClass:
    """The class of above / below."""
    if above >= HIGH_FROM * below:
        return PriorityClass.HIGH
    if above >= MEDIUM_FROM * below:
        return PriorityClass.MEDIUM
    return PriorityClass.LOW if above > 0 else PriorityClass.NONE


def shown_priority(score: Fraction | None) -> tuple[Fraction, int] | None:
    """A priority with the decimals it is printed with: one, or more where one would round it into the next class."""
    if score is None:
        return None
    known = priority_class(score)
    places = next((p for p in (1, 2, 3) if priority_class(round(score, p)) is known), 4)
    return score, places


def aggregate(tallies: Iterable[Tally], alpha: Fraction = HALF) -> Aggregate:
    """Aggregate one competency over people, always from the people themselves.

    There are at most 26 * 26 different ratings, so a query that groups and counts them (by weight, too,
    where a sample was drawn) keeps a programme of any size cheap.
    """
    return aggregate_rated(rated for tally in tallies if (rated := _rated(tally, alpha)) is not None)


def _rated(tally: Tally, alpha: Fraction) -> Rated | None:
    pair = tally.pair
    combined = pair.combined(alpha)
    if combined is None:
        return None
    return Rated(
        combined.importance,
        combined.level,
        pair.level_self if pair.has_self else None,
        pair.level_supervisor if pair.has_supervisor else None,
        tally.weight,
        tally.count,
    )


def aggregate_rated(rows: Iterable[Rated]) -> Aggregate:
    """Aggregate ratings that were combined before, one competency in one group of people."""
    n = needs = single = both = own_minus_other = 0
    weights = importance = level = gap_points = Fraction(0)
    for row in rows:
        combined = row.combined
        weight = row.weight * row.count
        weights += weight
        importance += weight * row.importance
        level += weight * row.level
        n += row.count
        needs += row.count * combined.need
        gap_points += row.count * max(Fraction(0), combined.gap)
        if row.level_self is None or row.level_supervisor is None:
            single += row.count
        else:
            both += row.count
            own_minus_other += row.count * (row.level_self - row.level_supervisor)
    known = bool(n and weights)
    return Aggregate(
        n=n,
        needs=needs,
        mean_importance=importance / weights if known else None,
        mean_level=level / weights if known else None,
        mean_gap=(importance - level) / weights if known else None,
        gap_points=gap_points,
        single_source=single,
        source_difference=Fraction(own_minus_other, both) if both else None,
    )


class Sums(NamedTuple):
    """What is added up over people, each figure a whole number.

    `weights` and `gap_points` count ten-thousandths, `importance` and `level` (weighted) their squares.
    """

    n: int = 0
    needs: int = 0
    weights: int = 0
    importance: int = 0
    level: int = 0
    gap_points: int = 0
    single: int = 0
    paired: int = 0
    own_minus_other: int = 0

    def plus(self, other: Sums) -> Sums:
        return Sums._make(map(add, self, other))

    @staticmethod
    def together(parts: Sequence[Sums]) -> Sums:
        """All of these at once: a competency of the programme has some hundred."""
        return Sums._make(map(sum, zip(*parts, strict=True)))

    def aggregate(self) -> Aggregate:
        """The figures that follow, exact; means are None where nobody answered."""
        known = self.n > 0 and self.weights > 0
        divisor = self.weights * SCALE
        return Aggregate(
            n=self.n,
            needs=self.needs,
            mean_importance=Fraction(self.importance, divisor) if known else None,
            mean_level=Fraction(self.level, divisor) if known else None,
            mean_gap=Fraction(self.importance - self.level, divisor) if known else None,
            gap_points=Fraction(self.gap_points, SCALE),
            single_source=self.single,
            source_difference=Fraction(self.own_minus_other, self.paired) if self.paired else None,
        )


def gap_closed(rows: Iterable[tuple[Fraction, Fraction, Fraction]]) -> Fraction | None:
    """Return the share of the gap that closed over trained people, 1 for all of it, negative where it grew.

    Each row is (importance at the baseline, level before, level after); importance is held at its
    baseline. None where there was no gap to close.
    """
    zero = Fraction(0)
    before = after = zero
    for importance, level, level_after in rows:
        before += max(zero, importance - level)
        after += max(zero, importance - level_after)
    return (before - after) / before if before else None


def learning_gain(pre_mean: Fraction, post_mean: Fraction) -> Fraction | None:
    """Return (post - pre) / (100 - pre) of two mean scores; None where nothing was left to gain."""
    return (post_mean - pre_mean) / (100 - pre_mean) if pre_mean != 100 else None


@dataclass(frozen=True, slots=True)
class LearningGain:
    """What a group learned, over the people who sat both tests. All None where nobody did."""

    n: int
    pre_mean: Fraction | None
    post_mean: Fraction | None
    gain: Fraction | None


def learning_gain_of(scores: Iterable[tuple[int | Fraction | None, int | Fraction | None]]) -> LearningGain:
    """Return the gain of a group from (pre, post) scores of 0 to 100, leaving out whoever has only one."""
    pairs = [(pre, post) for pre, post in scores if pre is not None and post is not None]
    if not pairs:
        return LearningGain(0, None, None, None)
    pre_mean = sum((Fraction(pre) for pre, _ in pairs), Fraction(0)) / len(pairs)
    post_mean = sum((Fraction(post) for _, post in pairs), Fraction(0)) / len(pairs)
    return LearningGain(len(pairs), pre_mean, post_mean, learning_gain(pre_mean, post_mean))
