"""The letters: a text template each, first line the subject, in the language of whoever gets it; and their calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.clock import at
from app.post.ics import CalendarEvent
from app.training import letters
from app.training.models import CourseSession, Sitting, SittingState


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets a letter about an enrolment. Without an address nothing is sent."""

    enrolment_id: int
    name: str
    address: str
    language: str
    signs_in: bool

    @property
    def url(self) -> str:
        """The reader's own page; "" where the reader has no account to open it with."""
        return f"{letters.public_url()}/enrolments/{self.enrolment_id}" if self.signs_in else ""


def events(course_session: CourseSession, sittings: Iterable[Sitting]) -> list[CalendarEvent]:
    """One event for each sitting that has a date, as a subscribed calendar shows it and as those have it who were
    invited before there were series; one that is not held is marked as cancelled.
    """
    title = letters.title(course_session)
    return [
        CalendarEvent(
            uid=f"sitting-{sitting.id}@{letters.host()}",
            sequence=sitting.sequence,
            start=at(sitting.date, sitting.starts),
            end=at(sitting.date, sitting.ends),
            summary=title,
            location=letters.place(sitting),
            url=f"{letters.public_url()}/sessions/{course_session.id}",
            cancelled=sitting.state is SittingState.NOT_HELD,
        )
        for sitting in sittings
        if sitting.date is not None
    ]


def write(
    name: str,
    to: Recipient,
    course_session: CourseSession,
    sittings: Sequence[Sitting],
    trainers: Mapping[int, str],
    **more: Any,
) -> tuple[str, str]:
    """(subject, body) of the letter `name` in the recipient's language."""
    dateless = sum(1 for sitting in sittings if sitting.date is None)
    about = (to.name, to.language, course_session, sittings, trainers)
    return letters.write(f"enrolment/mail/{name}.txt", *about, dateless=dateless, url=to.url, **more)
