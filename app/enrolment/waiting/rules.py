"""The order of the waiting list, and until when it moves up by itself."""

from __future__ import annotations

from datetime import date

from app.calendar.days import Calendar
from app.enrolment.models import Enrolment

FILLED_UNTIL = 5
"""Working days before the start after which a freed seat is given by hand only."""


def before(one: Enrolment, other: Enrolment) -> bool:
    return (one.priority, one.queued_at, one.id) < (other.priority, other.queued_at, other.id)


def last_day(starts_on: date, calendar: Calendar) -> date:
    """The last one on which a freed seat goes to the next without anybody's doing."""
    return calendar.add_working_days(starts_on, -FILLED_UNTIL)
