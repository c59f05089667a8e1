"""When a questionnaire takes answers, and what an answer changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.core.errors import Text
from app.language import format_date, lazy_gettext
from app.needs.models import AssessmentRound, Questionnaire, RoundStatus

LEAST, MOST = 1, 5


def why_shut(questionnaire: Questionnaire, found: AssessmentRound, today: date) -> Text | None:
    """Why it takes no answer; None where it does."""
    if questionnaire.finished_at is not None:
        return lazy_gettext("You have finished this questionnaire. Thank you; nothing was changed.")
    if found.status is not RoundStatus.OPEN:
        return lazy_gettext("This analysis is closed. What you had answered until then is kept and counts.")
    if today > found.ends_on:
        return lazy_gettext(
            "The last day to answer was %(day)s. What you had answered until then is kept and counts.",
            day=format_date(found.ends_on),
        )
    return None


def changes_of(importance: int | None, level: int | None, irrelevant: bool, *, was_irrelevant: bool) -> dict[str, Any]:
    """What an answer sets; what it does not say stays, for it may have been said on another device.

    Where both values and "not part of my job" are sent, the one that is new counts: without JavaScript nothing takes
    the other one away.
    """
    given = {"importance": importance, "level": level}
    said = {name: value for name, value in given.items() if value is not None}
    if irrelevant and not (was_irrelevant and said):
        return {"relevant": False, "importance": None, "level": None}
    return {"relevant": True, **said} if said or was_irrelevant else {}
