"""A questionnaire as it is being answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.status import Worded
from app.needs.models import AssessmentRound, Questionnaire, Rating, RoundItem

QUESTIONNAIRE = "questionnaire"
"""The purpose of a personal link that leads to one round's questionnaire (its `about`)."""


class Preference(Worded):
    """How somebody would rather learn."""

    IN_PERSON = "in_person", "In a classroom"
    ONLINE = "online", "Online"
    WORKSHOP = "workshop", "Working on examples"
    ON_THE_JOB = "on_the_job", "On the job, with somebody who can do it"
    MORNING = "morning", "In the morning"
    AFTERNOON = "afternoon", "In the afternoon"


@dataclass(frozen=True)
class Sheet:
    """What somebody is asked, in order, and what they said so far, by competency."""

    questionnaire: Questionnaire
    items: Sequence[RoundItem]
    said: Mapping[int, Rating]

    @property
    def round(self) -> AssessmentRound:
        return self.questionnaire.round

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def missing(self) -> list[int]:
        """The steps, counted from 1, that are not answered yet."""
        return [step for step, item in enumerate(self.items, 1) if not self._answered(item)]

    @property
    def done(self) -> int:
        return self.total - len(self.missing)

    @property
    def next(self) -> int | None:
        """The first step not answered yet; None where only the last page is left."""
        return next(iter(self.missing), None)

    def _answered(self, item: RoundItem) -> bool:
        rating = self.said.get(item.competency_id)
        return rating is not None and rating.answered


@dataclass(frozen=True)
class Way:
    """Where the pages of a questionnaire stand: for whoever signed in, or under a link's token."""

    round_id: int
    token: str = ""
