"""A supervisor's people in a round, and what was said of them so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.models import Competency
from app.needs.models import AssessmentRound, Rating, Respondent

Key = tuple[int, int]
"""A respondent and a competency."""


TEAM = "team"
"""The purpose of a personal link by which a supervisor rates their people in whatever round is open."""


@dataclass(frozen=True)
class Way:
    """Where a supervisor's pages stand: for whoever signed in, or under a link's token."""

    token: str = ""


@dataclass(frozen=True)
class Member:
    """One of them: what they are asked about, in order."""

    respondent: Respondent
    name: str
    unit: str
    asked: Sequence[Competency]


@dataclass(frozen=True)
class Team:
    round: AssessmentRound
    members: Sequence[Member]
    said: Mapping[Key, Rating]

    @property
    def competencies(self) -> list[Competency]:
        """Whatever any of them is asked about, each once."""
        return list({one.id: one for member in self.members for one in member.asked}.values())

    @property
    def cells(self) -> set[Key]:
        return {(member.respondent.id, one.id) for member in self.members for one in member.asked}

    def done(self, member: Member) -> int:
        """How many competencies of one of them are rated."""
        return sum(self._rated(member, one) for one in member.asked)

    def _rated(self, member: Member, one: Competency) -> bool:
        rating = self.said.get((member.respondent.id, one.id))
        return rating is not None and rating.answered

    @property
    def missing(self) -> int:
        return len(self.cells) - sum(self.done(member) for member in self.members)

    def value(self, member: Member, one: Competency, name: str) -> str:
        """What a cell shows: a digit, "-" where it is not part of the job, nothing yet."""
        rating = self.said.get((member.respondent.id, one.id))
        if rating is None:
            return ""
        return str(getattr(rating, name) or "") if rating.relevant else "-"

    @property
    def shown(self) -> dict[str, str]:
        """All cells by the name of their field: what a form was drawn with."""
        return {
            f"{name}-{member.respondent.id}-{one.id}": self.value(member, one, name)
            for member in self.members
            for one in member.asked
            for name in ("importance", "level")
        }
