"""What the pages of a round's design show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.access.models import Organisation
from app.needs.models import AssessmentRound
from app.people.models import Unit

FEWEST, MOST = 6, 18
"""Rows of a questionnaire that is neither thin nor tiring."""


@dataclass(frozen=True)
class Listed:
    """A round in the list: how many institutions it asks, of those the reader sees."""

    round: AssessmentRound
    institutions: int


@dataclass(frozen=True)
class Place:
    """A unit a round asks: how many work there today, and how many competencies they are asked about."""

    id: int
    unit: Unit
    staff: int
    items: int

    @property
    def thin(self) -> bool:
        return self.items < FEWEST

    @property
    def long(self) -> bool:
        return self.items > MOST


@dataclass
class Stratum:
    """An institution a round asks: its units there, how many work in them, and how many of those are asked."""

    organisation: Organisation
    places: list[Place] = field(default_factory=list)
    asked: int = 0

    @property
    def staff(self) -> int:
        return sum(place.staff for place in self.places)

    @property
    def ordered(self) -> Sequence[Place]:
        """Its units, those in which nobody works yet at the end."""
        return sorted(self.places, key=lambda place: not place.staff)

    @property
    def odd(self) -> Sequence[Place]:
        """Units whose questionnaire is very short or very long."""
        return [place for place in self.places if place.staff and (place.thin or place.long)]


@dataclass(frozen=True)
class Design:
    """Whom a round asks, as things stand today."""

    strata: Sequence[Stratum]
    retired: Sequence[str]
    """Names of competencies that are asked about though they are no longer in use."""

    @property
    def staff(self) -> int:
        return sum(one.staff for one in self.strata)

    @property
    def asked(self) -> int:
        return sum(one.asked for one in self.strata)

    @property
    def units(self) -> int:
        return sum(len(one.places) for one in self.strata)

    @property
    def unasked(self) -> Sequence[Place]:
        """Units with people whose questionnaire is empty."""
        return [place for one in self.strata for place in one.places if place.staff and not place.items]
