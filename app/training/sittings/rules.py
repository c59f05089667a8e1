"""From days and hours to planned sittings: the first dates of a session, and new ones after a postponement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, time

from app.calendar.days import Calendar
from app.calendar.pattern import Block, blocks_on, days_for, sittings_from_pattern
from app.core.errors import Refused
from app.language import lazy_gettext
from app.training.conflicts.models import Planned
from app.training.models import AssignmentAnswer, Sitting, TrainerAssignment

MOST_DAYS = 60


def days_of(start: date, days: int, weekdays: Collection[int], calendar: Calendar) -> list[date]:
    """So many working days from `start` on. A single one is taken as it is: whoever names a holiday means it."""
    if not 1 <= days <= MOST_DAYS:
        raise Refused(lazy_gettext("Enter between 1 and %(most)s days.", most=MOST_DAYS), field="days")
    return [start] if days == 1 else days_for(start, days, calendar, _weekdays(weekdays))


def so_many(days: list[date]) -> list[date]:
    """The days, which may not be more than a plan has."""
    if len(days) > MOST_DAYS:
        raise Refused(lazy_gettext("Enter between 1 and %(most)s days.", most=MOST_DAYS), field="days")
    return days


def day_of(text: str) -> date | None:
    """A day written 2026-12-07; None where it is none."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        return day if 2000 <= day.year <= 2100 else None
    return None


def on_days(
    days: Collection[date],
    *,
    starts: time | None = None,
    ends: time | None = None,
    room_id: int | None = None,
    trainer_ids: Sequence[int] = (),
) -> list[Planned]:
    """Sittings on these days: the usual blocks of each, or one from `starts` to `ends`."""
    if (starts is None) != (ends is None):
        raise Refused(lazy_gettext("Enter both times, or none for the usual blocks."), field="ends")
    if starts is not None and ends is not None:
        check_times(starts, ends)
    blocks = [Block(starts, ends)] if starts is not None and ends is not None else None
    return [
        Planned(each.date, each.start, each.end, room_id, tuple(trainer_ids))
        for each in sittings_from_pattern(days, blocks)
    ]


def check_times(starts: time, ends: time) -> None:
    if ends <= starts:
        raise Refused(lazy_gettext("The end time must be after the start time."), field="ends")


def _weekdays(chosen: Collection[int]) -> Collection[int]:
    if not set(chosen) & set(range(5)):
        raise Refused(lazy_gettext("Choose at least one weekday."), field="weekdays")
    return chosen


def redated(
    sittings: Sequence[Sitting],
    assignments: Sequence[TrainerAssignment],
    start: date,
    weekdays: Collection[int],
    calendar: Calendar,
) -> list[Planned]:
    """The same sittings on new days, in their old order. The usual blocks follow the weekday they come to stand on."""
    giving: dict[int, list[int]] = {}
    for assignment in assignments:
        if assignment.answer is not AssignmentAnswer.DECLINED:
            giving.setdefault(assignment.sitting_id, []).append(assignment.trainer_id)
    groups = _days_of(sittings)
    result: list[Planned] = []
    for day, group in zip(days_for(start, len(groups), calendar, _weekdays(weekdays)), groups, strict=True):
        blocks = blocks_on(day, [Block(each.starts, each.ends) for each in group])
        result += [
            Planned(day, block.start, block.end, each.room_id, tuple(giving.get(each.id, ())), each.id)
            for each, block in zip(group, blocks, strict=True)
        ]
    return result


def _days_of(sittings: Sequence[Sitting]) -> list[list[Sitting]]:
    """Sittings without a date, told apart into days: a new one begins where the clock goes back."""
    groups: list[list[Sitting]] = []
    for each in sorted(sittings, key=lambda sitting: sitting.id):
        if groups and groups[-1][-1].ends <= each.starts:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups
