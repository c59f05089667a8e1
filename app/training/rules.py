"""What a session's facts and the clock say of it: derived wherever it is asked, never stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from app.calendar.days import Calendar
from app.core.clock import at, local
from app.core.status import Worded
from app.training.models import SessionStatus

LIVE = (SessionStatus.OPEN, SessionStatus.CONFIRMED)
CLOSES = time(17)
NO_HOLIDAYS = Calendar()
LONGEST_WEEK, LONGEST_BREAK = 2, 21
"""So many calendar days hold a working day, beside one long break: more than that before, nothing is closed yet."""


class Circumstance(Worded):
    FULL = "full", "Full"
    NOMINATIONS_CLOSED = "nominations_closed", "Nominations closed"
    IN_PROGRESS = "in_progress", "In progress"
    ENDED = "ended", "Ended"

    @property
    def tone(self) -> str:
        return {"full": "full", "in_progress": "ok"}.get(self.value, "plain")

    @property
    def icon(self) -> str:
        return {"full": "users", "nominations_closed": "lock", "in_progress": "play", "ended": "check"}[self.value]


def nominations_close(
    starts_on: date | None, chosen: datetime | None, calendar: Calendar, days: int
) -> datetime | None:
    """When nominations close: the moment chosen for the session, else `days` working days before its first
    sitting, at the end of office hours; None while it has no date.
    """
    if chosen is not None or starts_on is None:
        return chosen
    return at(calendar.add_working_days(starts_on, -days), CLOSES)


def nominations_closed(
    starts_on: date | None, chosen: datetime | None, days: int, calendar: Callable[[], Calendar], moment: datetime
) -> bool:
    """Whether they are closed then. The calendar is asked for only where weekdays alone do not decide."""
    if chosen is not None or starts_on is None:
        return chosen is not None and chosen <= moment
    today = local(moment).date()
    if starts_on < today:
        return True
    day = timedelta(days=1)
    if NO_HOLIDAYS.working_days_between(today - day, starts_on - day) < days:
        return True
    if (starts_on - today).days > LONGEST_WEEK * days + LONGEST_BREAK:
        return False
    closes = nominations_close(starts_on, None, calendar(), days)
    return closes is not None and closes <= moment


def circumstances(
    status: SessionStatus,
    moment: datetime,
    *,
    begins: datetime | None,
    ends: datetime | None,
    closed: bool = False,
    full: bool = False,
) -> tuple[Circumstance, ...]:
    """All that holds then of an open or confirmed session; nothing of one in another status.

    `begins` and `ends` are the moments of its first and last sitting; `closed`: nominations are.
    """
    if status not in LIVE:
        return ()
    if ends is not None and ends <= moment:
        return (Circumstance.ENDED,)
    found = {
        Circumstance.IN_PROGRESS: begins is not None and begins <= moment,
        Circumstance.FULL: full,
        Circumstance.NOMINATIONS_CLOSED: closed,
    }
    return tuple(circumstance for circumstance, holds in found.items() if holds)


def over(day: date | None, ends: time, moment: datetime) -> bool:
    """Whether a sitting has ended by then; one without a date is still to come."""
    return day is not None and at(day, ends) <= moment


def moment_of(day: date | None, wall: time | None) -> datetime | None:
    return None if day is None or wall is None else at(day, wall)


def period(text: str) -> tuple[date, date] | None:
    """The first day of a period and the day after its last: 2026, 2026-Q4 or 2026-11; None if it is none."""
    year, _, rest = text.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and 2000 <= int(year) <= 2100):
        return None
    if not rest:
        first, months = 1, 12
    elif rest in ("Q1", "Q2", "Q3", "Q4"):
        first, months = 3 * int(rest[1]) - 2, 3
    elif rest.isascii() and rest.isdigit() and 1 <= int(rest) <= 12:
        first, months = int(rest), 1
    else:
        return None
    begin = date(int(year), first, 1)
    end = begin
    for _month in range(months):
        end = (end + timedelta(days=32)).replace(day=1)
    return begin, end


FIXED = (SessionStatus.FINALISED, SessionStatus.CANCELLED)
