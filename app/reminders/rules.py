from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from app.attendance.models import Presence
from app.attendance.rules import Standing
from app.calendar.days import Calendar

BEFORE = {"week": 7, "day": 1}
"""How many working days before a training begins each reminder goes out."""
LONGEST_AHEAD = 40
"""So many calendar days hold seven working days, whatever feast is between."""
MISSED = (Presence.ABSENT, Presence.EXCUSED, Presence.LATE, Presence.LEFT_EARLY)


def before(starts_on: date, day: date, calendar: Calendar) -> str:
    """Which reminder of a training that begins then is due on this day; "" for none."""
    return next((kind for kind, days in BEFORE.items() if calendar.add_working_days(starts_on, -days) == day), "")


def just_over(day: date, calendar: Calendar) -> list[date]:
    """The days whose next working day this is: yesterday, on a Monday the weekend, too; none on a day off."""
    if not calendar.is_working_day(day):
        return []
    found = [day - timedelta(days=1)]
    while not calendar.is_working_day(found[-1]):
        found.append(found[-1] - timedelta(days=1))
    return found


def at_risk(standing: Standing, to_come: Iterable[int]) -> bool:
    """Whether missing one more of the sittings to come (their minutes) would be too much, or it is too much already."""
    return standing.lost > 0 and standing.allowance < max(to_come, default=0)
