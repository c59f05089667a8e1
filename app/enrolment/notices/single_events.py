"""Calendars of those who were invited before there were series: a UID for each sitting, kept until the session ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

from app.enrolment.feed import queries as feed
from app.enrolment.models import Enrolment
from app.post import queries as outbox
from app.post.calendars import ics, series
from app.post.calendars.ics import CalendarEvent, Method
from app.post.calendars.series import Part
from app.post.letters import sender
from app.training.models import CourseSession, Sitting

CARRYING = ("invite", "change", "cancel", "postpone", "out")
"""Occasions whose letters carried them."""


def standing(enrolment: Enrolment, about: str) -> list[CalendarEvent]:
    """What stands in their calendar in this form; nothing after it was taken out, or where there is a series."""
    if series.of(about) is not None:
        return []
    last = outbox.last_calendar([f"{name}:enrolment:{enrolment.id}:" for name in CARRYING])
    if last is None or last[1] == Method.CANCEL:
        return []
    return ics.read(last[0])


def change(
    known: Sequence[CalendarEvent], course_session: CourseSession, sittings: Sequence[Sitting], to: str
) -> Part | None:
    """What brings it up to date, under the UIDs they have; None where it is. Sittings that are gone are cancelled."""
    host = known[0].uid.partition("@")[2]
    now = [replace(e, uid=f"{e.uid.partition('@')[0]}@{host}") for e in feed.events(course_session, sittings)]
    kept = {event.uid for event in now}
    now += [replace(e, sequence=e.sequence + 1, cancelled=True) for e in known if e.uid not in kept and not e.cancelled]
    if {_shown(event) for event in now} == {_shown(event) for event in known}:
        return None
    return _part(now, Method.CANCEL if all(event.cancelled for event in now) else Method.REQUEST, to)


def take_out(known: Sequence[CalendarEvent], to: str) -> Part | None:
    """What takes all of it out."""
    left = [replace(event, sequence=event.sequence + 1) for event in known if not event.cancelled]
    return _part(left, Method.CANCEL, to) if left else None


def _part(events: Sequence[CalendarEvent], method: Method, to: str) -> Part:
    return Part(ics.invitation(events, method, sender(), to), method)


def _shown(event: CalendarEvent) -> tuple[str, int, str, str, str, bool]:
    """What a calendar shows of an event; the zone a time is written in makes no difference."""
    start, end = (moment.astimezone(UTC).isoformat() for moment in (event.start, event.end))
    return event.uid, event.sequence, start, end, event.location, event.cancelled
