"""The order of the waiting list, until when it moves up by itself, and until when an offer stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import Enum, auto

from app.calendar.days import Calendar
from app.core.clock import at, local
from app.enrolment.models import Enrolment
from app.training.rules import CLOSES

FILLED_UNTIL = 5
"""Working days before the start after which a freed seat is only offered."""
OFFERED_UNTIL = 1
"""Working days before the start after which it is given by hand only."""
LEAST = timedelta(hours=24)
"""An offer stands at least so long, or until the training begins."""


class Way(Enum):
    """How a freed seat finds somebody."""

    SEAT = auto()
    OFFER = auto()
    BY_HAND = auto()


def before(one: Enrolment, other: Enrolment) -> bool:
    return (one.priority, one.queued_at, one.id) < (other.priority, other.queued_at, other.id)


def way(starts_on: date | None, day: date, calendar: Calendar) -> Way:
    """On a day, for a session that begins then; one without a date has time."""
    if starts_on is None or day <= calendar.add_working_days(starts_on, -FILLED_UNTIL):
        return Way.SEAT
    return Way.OFFER if day <= calendar.add_working_days(starts_on, -OFFERED_UNTIL) else Way.BY_HAND


def offer_ends(made: datetime, begins: datetime | None, calendar: Calendar) -> datetime:
    """When an offer made now is over: at the end of the next working day, not within a day, and not after the training
    `begins`.
    """
    evening = at(calendar.add_working_days(local(made).date(), 1), CLOSES)
    ends = max(evening, made + LEAST)
    return ends if begins is None else min(ends, begins)
