"""What a row of a plan says, frozen: as a version keeps it, as a draft shows it, as papers and files print it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, Self

from app.needs.models import PriorityClass
from app.needs.rules import priority_class
from app.plans.models import Origin, PlanItem
from app.plans.rules import plan_value

CHANGING = ("groups", "quarter", "cost", "origin_text", "reason", "dropped")
"""What a revision may change of a row that is in force."""
_FIGURES = ("score", "gap_points")


@dataclass(frozen=True)
class FrozenRow:
    """`id` is that of the `PlanItem` through all versions; names are those of the moment. `hours` and `cost` (whole
    lira, None where nobody wrote it down) are of one group. Without a place the row is the whole programme's.
    """

    id: int
    course_id: int
    code: str
    course_tr: str
    course_en: str
    province_id: int | None
    organisation_id: int | None
    place_tr: str
    place_en: str
    groups: int
    quarter: int
    hours: int
    cost: int | None
    origin: str
    origin_text: str
    round_id: int | None
    score: Decimal | None
    eligible: int | None
    gap_points: Decimal | None
    reason: str
    dropped: bool

    @classmethod
    def of(cls, item: PlanItem) -> Self:
        """As the draft of its plan has it; course, province and institution are loaded."""
        place = item.organisation or item.province
        own = {name: getattr(item, name) for name in _OWN} | item.pending
        return cls(
            **own,
            code=item.course.code,
            course_tr=item.course.name_tr,
            course_en=item.course.name_en,
            place_tr=place.name_tr if place else "",
            place_en=place.name_en if place else "",
        )

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What `written` wrote."""
        figures = {name: None if kept[name] is None else Decimal(kept[name]) for name in _FIGURES}
        return cls(**{**kept, **figures})

    def written(self) -> dict[str, Any]:
        """As JSON takes it."""
        figures = {name: None if self.__dict__[name] is None else str(self.__dict__[name]) for name in _FIGURES}
        return asdict(self) | figures

    @property
    def planned(self) -> int:
        """Groups; none of a row that was dropped."""
        return 0 if self.dropped else self.groups

    @property
    def all_hours(self) -> int:
        return self.planned * self.hours

    @property
    def all_cost(self) -> int | None:
        return None if self.cost is None else self.planned * self.cost

    @property
    def value(self) -> Fraction | None:
        """Gap points closed at best for each taught hour."""
        return None if self.gap_points is None else plan_value(Fraction(self.gap_points), self.groups, self.hours)

    @property
    def priority_class(self) -> PriorityClass | None:
        return None if self.score is None else priority_class(Fraction(self.score))

    @property
    def origin_label(self) -> str:
        return Origin(self.origin).label


_NAMES = {"code", "course_tr", "course_en", "place_tr", "place_en"}
_OWN = tuple(field.name for field in fields(FrozenRow) if field.name not in _NAMES)


class Sums(NamedTuple):
    """Over the rows of a plan that were not dropped; `unpriced` of them have no cost written down."""

    rows: int = 0
    groups: int = 0
    hours: int = 0
    cost: int = 0
    unpriced: int = 0


def sums(rows: Iterable[FrozenRow]) -> Sums:
    there = [row for row in rows if not row.dropped]
    priced = [row.all_cost for row in there if row.all_cost is not None]
    return Sums(
        len(there),
        sum(row.groups for row in there),
        sum(row.all_hours for row in there),
        sum(priced),
        len(there) - len(priced),
    )


class Changed(NamedTuple):
    """A row that is another in a later version: `fields` are the names of what differs, most of `CHANGING`."""

    was: FrozenRow
    now: FrozenRow
    fields: tuple[str, ...]


class Difference(NamedTuple):
    added: Sequence[FrozenRow]
    dropped: Sequence[FrozenRow]
    changed: Sequence[Changed]

    def __bool__(self) -> bool:
        return any(self)


def difference(was: Iterable[FrozenRow], now: Iterable[FrozenRow]) -> Difference:
    """What a version makes of another, row by row by their ids; what was dropped in both is in neither."""
    before, after = ({row.id: row for row in rows if not row.dropped} for rows in (was, now))
    both = [(before[key], after[key]) for key in after if key in before]
    pairs = [Changed(one, other, _differing(one, other)) for one, other in both]
    return Difference(
        [row for key, row in after.items() if key not in before],
        [row for key, row in before.items() if key not in after],
        [pair for pair in pairs if pair.fields],
    )


def _differing(one: FrozenRow, other: FrozenRow) -> tuple[str, ...]:
    return tuple(name for name in CHANGING if getattr(one, name) != getattr(other, name))
