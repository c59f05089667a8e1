"""Calendar files: a personal feed, and invitations and cancellations in mails.

One VEVENT for each sitting with a UID that never changes and a SEQUENCE that grows with each change, in Istanbul's
wall time with the zone described in the file. A file names nobody: no participant, no trainer, addresses without a
name beside them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri

from app.core.clock import ISTANBUL, now

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = dt.timedelta(hours=1)
_PRODUCT = "-//Yetkin//Yetkin//TR"
# Without a first date the file would carry forty years of summer times.
_ZONE_FROM, _ZONE_UNTIL = dt.date(2020, 1, 1), dt.date(2038, 1, 1)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ADDRESS = re.compile(r"[!-~]+@[!-~]+")


class Method(StrEnum):
    """What a mailed calendar file asks for."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One sitting as a calendar shows it.

    `uid` stays the same for ever (`sitting-7@host`), `sequence` grows by one with each change. `start` and `end`
    are aware, and the end comes later, else ValueError; they are written in Istanbul's wall time.
    """

    uid: str
    sequence: int
    start: dt.datetime
    end: dt.datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    cancelled: bool = False

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise ValueError("an event needs aware times")
        if self.end <= self.start:
            raise ValueError("an event ends after it starts")


def feed(events: Iterable[CalendarEvent], name: str, *, stamp: dt.datetime | None = None) -> bytes:
    """Return a calendar to subscribe to, called `name`; cancelled sittings stay in it, marked as such.

    `stamp` is when it was made (now, if left out); the same events and stamp give the same bytes.
    """
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    # The library escapes only the properties it knows; these two are told that they are text.
    title = vText(" ".join(_clean(name).split()))
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", ISTANBUL.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for event in events:
        calendar.add_component(_event(event, stamp or now(), cancelled=event.cancelled))
    return bytes(calendar.to_ical())


def invitation(
    events: Iterable[CalendarEvent],
    method: Method,
    organizer_mail: str,
    attendee_mail: str,
    *,
    stamp: dt.datetime | None = None,
) -> bytes:
    """Return what a mail carries to put sittings into a calendar (REQUEST) or to take them out again (CANCEL).

    The attendee is not asked to answer by mail: the answer is given in the application. Something that is no bare
    address raises ValueError.
    """
    organizer, attendee = _address(organizer_mail), _address(attendee_mail)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("FALSE")
    calendar = _calendar()
    calendar.add("method", method.value)
    for event in events:
        entry = _event(event, stamp or now(), cancelled=event.cancelled or method == Method.CANCEL)
        entry["organizer"] = organizer
        entry.add("attendee", attendee)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # Also in an empty feed, for a calendar without any component is not valid.
    zone = Timezone.from_tzid(ISTANBUL.key, first_date=_ZONE_FROM, last_date=_ZONE_UNTIL)
    zone.pop("comment", None)
    calendar.add_component(zone)
    return calendar


def _event(event: CalendarEvent, stamp: dt.datetime, *, cancelled: bool) -> Event:
    entry = Event()
    entry.add("uid", _clean(event.uid))
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", stamp.astimezone(dt.UTC))
    entry.add("dtstart", event.start.astimezone(ISTANBUL))
    entry.add("dtend", event.end.astimezone(ISTANBUL))
    entry.add("summary", _clean(event.summary))
    if event.location:
        entry.add("location", _clean(event.location))
    if event.description:
        entry.add("description", _clean(event.description))
    if event.url:
        entry.add("url", vUri("".join(_clean(event.url).split())))
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return entry


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _address(mail: str) -> vCalAddress:
    if not _ADDRESS.fullmatch(mail):
        raise ValueError("not a bare mail address")
    return vCalAddress(f"mailto:{mail}")


def read(data: bytes) -> list[CalendarEvent]:
    """Return the events of a file this module wrote, as far as a later file needs them to cancel or compare."""
    entries: list[Any] = Calendar.from_ical(data).walk("VEVENT")  # the library's types know all formats, not ours
    return [
        CalendarEvent(
            uid=str(entry["uid"]),
            sequence=int(entry["sequence"]),
            start=entry["dtstart"].dt,
            end=entry["dtend"].dt,
            summary=str(entry["summary"]),
            location=str(entry.get("location", "")),
            url=str(entry.get("url", "")),
            cancelled=str(entry["status"]) == "CANCELLED",
        )
        for entry in entries
    ]
