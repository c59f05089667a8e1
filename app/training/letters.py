"""What letters about a course session say of it, to whoever takes part and to whoever gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from app.language import force_locale, format_time, in_language
from app.post import letters
from app.post.calendars import ics
from app.settings import queries as settings
from app.training import queries
from app.training.models import AssignmentAnswer, CourseSession, Sitting, SittingState


@dataclass(frozen=True)
class Day:
    """The sittings of one day in one place by the same trainers, as a letter lists them; times are `09:00–10:30`."""

    date: date
    times: tuple[str, ...]
    place: str
    trainers: str


def place(sitting: Sitting) -> str:
    """Room and venue in the reader's language, once where both have one name; needs both loaded."""
    if sitting.room is None:
        return ""
    return ", ".join(dict.fromkeys(in_language(each, "name") for each in (sitting.room, sitting.room.venue)))


def title(course_session: CourseSession) -> str:
    return f"{in_language(course_session.course, 'name')} ({course_session.code})"


def held(sittings: Iterable[Sitting]) -> list[tuple[date, Sitting]]:
    """Those that have a date and take place, with it."""
    return [(each.date, each) for each in sittings if each.date is not None and each.state is not SittingState.NOT_HELD]


def span(sitting: Sitting) -> str:
    return f"{format_time(sitting.starts)}–{format_time(sitting.ends)}"


def trainers(course_session: CourseSession) -> dict[int, str]:
    """Who gives each sitting, for those who take part."""
    names: dict[int, list[str]] = {}
    for each in queries.assignments(course_session):
        if each.answer is not AssignmentAnswer.DECLINED:
            names.setdefault(each.sitting_id, []).append(each.trainer.name)
    return {key: ", ".join(found) for key, found in names.items()}


def days(sittings: Iterable[Sitting], trainers: Mapping[int, str] | None = None) -> list[Day]:
    """The sittings that take place, a line for each day, place and trainers."""
    found: dict[tuple[date, str, str], list[str]] = {}
    trainers = trainers or {}
    for day, sitting in held(sittings):
        found.setdefault((day, place(sitting), trainers.get(sitting.id, "")), []).append(span(sitting))
    return [Day(day, tuple(times), where, who) for (day, where, who), times in found.items()]


def write(
    template: str,
    name: str,
    language: str,
    course_session: CourseSession,
    sittings: Iterable[Sitting],
    trainers: Mapping[int, str] | None = None,
    **more: Any,
) -> tuple[str, str]:
    """(subject, body) of a letter to somebody about a session and these of its sittings, in their language."""
    with force_locale(language):
        told = days(sittings, trainers)
        return letters.write(
            template,
            name=name,
            course=in_language(course_session.course, "name"),
            code=course_session.code,
            starts_on=told[0].date if told else course_session.starts_on,
            days=told,
            institution=settings.institution(),
            **more,
        )


def series(
    course_session: CourseSession, sittings: Iterable[Sitting], url: str, trainers: Mapping[int, str] | None = None
) -> ics.Series:
    """The same for a calendar, in the reader's language; `sittings` in time, `url` the reader's own page, if any."""
    found = []
    trainers = trainers or {}
    for day, pairs in groupby(held(sittings), lambda pair: pair[0]):
        own = [sitting for _, sitting in pairs]
        places = list(dict.fromkeys(filter(None, map(place, own))))
        told = [(span(each), place(each) if len(places) > 1 else "", trainers.get(each.id, "")) for each in own]
        lines = [" · ".join(filter(None, parts)) for parts in told]
        ends = max(each.ends for each in own)
        found.append(ics.Day(day, own[0].starts, ends, " / ".join(places), "\n".join(filter(None, [*lines, url]))))
    return ics.Series(title(course_session), tuple(found), url)
