"""The letters: a text template each, first line the subject, in the language of whoever gets it; and their calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template

from app.core.clock import at
from app.language import force_locale, format_time, in_language
from app.post import ics
from app.post.ics import CalendarEvent, Method
from app.settings import queries as settings
from app.training.models import CourseSession, Sitting, SittingState


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets a letter about an enrolment. Without an address nothing is sent."""

    enrolment_id: int
    name: str
    address: str
    language: str


@dataclass(frozen=True)
class Day:
    """The sittings of one day in one place, as a letter lists them; times are `09:00–10:30`."""

    date: date
    times: tuple[str, ...]
    place: str


def public_url() -> str:
    """Where the application is reached from outside, without a slash at its end; never taken from a request."""
    return str(current_app.config["PUBLIC_URL"])


def host() -> str:
    return urlsplit(public_url()).hostname or "localhost"


def sender() -> str:
    """The bare address letters come from and calendars name as organiser."""
    return f"yetkin@{host()}"


def place(sitting: Sitting) -> str:
    """Room and venue in the reader's language; needs both loaded."""
    if sitting.room is None:
        return ""
    return f"{in_language(sitting.room, 'name')}, {in_language(sitting.room.venue, 'name')}"


def events(course_session: CourseSession, sittings: Iterable[Sitting]) -> list[CalendarEvent]:
    """One event for each sitting that has a date; one that is not held is marked as cancelled."""
    title = f"{in_language(course_session.course, 'name')} ({course_session.code})"
    return [
        CalendarEvent(
            uid=f"sitting-{sitting.id}@{host()}",
            sequence=sitting.sequence,
            start=at(sitting.date, sitting.starts),
            end=at(sitting.date, sitting.ends),
            summary=title,
            location=place(sitting),
            url=f"{public_url()}/sessions/{course_session.id}",
            cancelled=sitting.state is SittingState.NOT_HELD,
        )
        for sitting in sittings
        if sitting.date is not None
    ]


def days(sittings: Iterable[Sitting]) -> list[Day]:
    """The sittings that take place, a line for each day and place."""
    found: dict[tuple[date, str], list[str]] = {}
    for sitting in sittings:
        if sitting.date is not None and sitting.state is not SittingState.NOT_HELD:
            span = f"{format_time(sitting.starts)}–{format_time(sitting.ends)}"
            found.setdefault((sitting.date, place(sitting)), []).append(span)
    return [Day(day, tuple(times), where) for (day, where), times in found.items()]


def write(
    name: str, to: Recipient, course_session: CourseSession, sittings: Sequence[Sitting], **more: Any
) -> tuple[str, str]:
    """(subject, body) of the letter `name` in the recipient's language."""
    with force_locale(to.language):
        text = render_template(
            f"enrolment/mail/{name}.txt",
            name=to.name,
            course=in_language(course_session.course, "name"),
            code=course_session.code,
            starts_on=course_session.starts_on,
            days=days(sittings),
            dateless=sum(1 for sitting in sittings if sitting.date is None),
            url=f"{public_url()}/enrolments/{to.enrolment_id}",
            institution=settings.institution(),
            **more,
        )
    subject, _, body = text.strip().partition("\n")
    return subject, body.strip() + "\n"


def calendar(found: Sequence[CalendarEvent], method: Method, to: Recipient) -> bytes | None:
    """The calendar file that travels with a letter; None where there is nothing to put into a calendar."""
    return ics.invitation(found, method, sender(), to.address) if found else None
