"""Calendar files: a personal feed with one VEVENT for each sitting, and in mails one series for a course session.

A series has one UID and one SEQUENCE in all its parts, for Outlook takes the first UID of a mail and no other: a
daily event in Istanbul's wall time, without the days that have none (EXDATE), and days of their own where hours or
place are others (RECURRENCE-ID). Sessions that were invited before there were series keep one UID for each sitting.
A file names no participant, and addresses stand without a name beside them; who teaches stands in the mailed ones.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.core.clock import ISTANBUL, at, local, now

# The library takes 0.02 s and 3 MB: it is loaded where a calendar is first written or read, not with each start.
if TYPE_CHECKING:
    from icalendar import Calendar, Event, vCalAddress, vText

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = dt.timedelta(hours=1)
_PRODUCT = "-//Yetkin//Yetkin//TR"
# Without a first date the file would carry forty years of summer times.
_ZONE_FROM, _ZONE_UNTIL = dt.date(2020, 1, 1), dt.date(2038, 1, 1)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_STAMP = re.compile(rb"\r\nDTSTAMP:\S+")
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


@dataclass(frozen=True, slots=True)
class Day:
    """What a series shows of one day: from its first sitting to its last, the sittings in the description."""

    date: dt.date
    starts: dt.time
    ends: dt.time
    location: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A course session in somebody's calendar; `days` in time, each date once."""

    summary: str
    days: tuple[Day, ...]
    url: str = ""


def feed(events: Iterable[CalendarEvent], name: str, *, stamp: dt.datetime | None = None) -> bytes:
    """Return a calendar to subscribe to, called `name`; cancelled sittings stay in it, marked as such.

    `stamp` is when it was made (now, if left out); the same events and stamp give the same bytes.
    """
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    # The library escapes only the properties it knows; these two are told that they are text.
    title = _text(" ".join(_clean(name).split()))
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
    """Return what a mail carries to put sittings into a calendar (REQUEST) or to take them out again (CANCEL), a UID
    for each sitting: for those who were first invited so.

    The attendee is not asked to answer by mail: the answer is given in the application. Something that is no bare
    address raises ValueError.
    """
    stamp = stamp or now()
    entries = [_event(e, stamp, cancelled=e.cancelled or method == Method.CANCEL) for e in events]
    return _mailed(entries, method, organizer_mail, attendee_mail)


def request(
    series: Series,
    uid: str,
    sequence: int,
    organizer_mail: str,
    attendee_mail: str,
    *,
    stamp: dt.datetime | None = None,
) -> bytes:
    """Return what a mail carries to make a calendar show this series under this UID, whatever it showed before."""
    stamp, days = stamp or now(), series.days
    base, first, last = _base(days), days[0].date, days[-1].date

    def entry(date: dt.date, day: Day) -> Event:
        start, end = at(date, day.starts), at(date, day.ends)
        event = CalendarEvent(uid, sequence, start, end, series.summary, day.location, day.description, series.url)
        return _event(event, stamp, cancelled=False)

    entries = [entry(first, base)]
    if first != last:
        # COUNT would count the days without a sitting, too; with a zone at DTSTART, UNTIL is in UTC
        entries[0].add("rrule", {"freq": "daily", "until": at(last, base.starts).astimezone(dt.UTC)})
        held = {day.date for day in days}
        between = (first + dt.timedelta(days=n) for n in range((last - first).days))
        gone = [local(at(date, base.starts)) for date in between if date not in held]
        if gone:
            entries[0].add("exdate", gone)
        for day in days:
            if _look(day) != _look(base):
                entries.append(entry(day.date, day))
                entries[-1].add("recurrence-id", local(at(day.date, base.starts)))
    return _mailed(entries, Method.REQUEST, organizer_mail, attendee_mail)


def cancelled(sent: bytes, sequence: int, *, stamp: dt.datetime | None = None) -> bytes:
    """Return what a mail carries to take the whole series out again that `sent` (by `request`) put in."""
    # without a RECURRENCE-ID the whole UID is cancelled, with the days that were otherwise (RFC 5546)
    from icalendar import vDatetime, vInt  # as above

    calendar = _without_days(sent)
    calendar["method"] = _text(Method.CANCEL.value)
    for entry in calendar.events:
        entry["sequence"] = vInt(sequence)
        entry["dtstamp"] = vDatetime((stamp or now()).astimezone(dt.UTC))
        entry["status"], entry["transp"] = _text("CANCELLED"), _text("TRANSPARENT")
    return bytes(calendar.to_ical())


def published(sent: bytes) -> bytes:
    """Return the same series as a file to open by hand: nobody is asked, no address stands in it."""
    calendar = _parsed(sent)
    calendar["method"] = _text("PUBLISH")
    for entry in calendar.walk("VEVENT"):
        entry.pop("attendee")
        entry.pop("organizer")
    return bytes(calendar.to_ical())


def attendee(sent: bytes) -> str:
    """Whose calendar a mailed file is for: the bare address."""
    return str(_parsed(sent).events[0]["attendee"]).removeprefix("mailto:")


def digest(data: bytes) -> str:
    """The same for files that say the same, whenever they were written."""
    return hashlib.sha256(_STAMP.sub(b"", data)).hexdigest()[:16]


def _look(day: Day) -> tuple[dt.time, dt.time, str, str]:
    return day.starts, day.ends, day.location, day.description


def _base(days: Iterable[Day]) -> Day:
    """A day as most are: with the commonest hours, and of those with the commonest place; the first of equals."""
    hours = Counter((day.starts, day.ends) for day in days).most_common(1)[0][0]
    usual = [day for day in days if (day.starts, day.ends) == hours]
    look = Counter(map(_look, usual)).most_common(1)[0][0]
    return next(day for day in usual if _look(day) == look)


def _without_days(sent: bytes) -> Calendar:
    """The series alone, without the days that are otherwise."""
    calendar = _parsed(sent)
    calendar.subcomponents = [part for part in calendar.subcomponents if "recurrence-id" not in part]
    return calendar


def _mailed(entries: Iterable[Event], method: Method, organizer_mail: str, attendee_mail: str) -> bytes:
    organizer, attendee = _address(organizer_mail), _address(attendee_mail)
    attendee.params["ROLE"] = _text("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = _text("NEEDS-ACTION")
    attendee.params["RSVP"] = _text("FALSE")
    calendar = _calendar()
    calendar.add("method", method.value)
    for entry in entries:
        entry["organizer"] = organizer
        entry.add("attendee", attendee)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    from icalendar import Calendar, Timezone  # as above

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # Also in an empty feed, for a calendar without any component is not valid.
    zone = Timezone.from_tzid(ISTANBUL.key, first_date=_ZONE_FROM, last_date=_ZONE_UNTIL)
    zone.pop("comment", None)  # the library's: from when to when it is good
    calendar.add_component(zone)
    return calendar


def _parsed(data: bytes) -> Calendar:
    from icalendar import Calendar  # as above

    return Calendar.from_ical(data)


def _event(event: CalendarEvent, stamp: dt.datetime, *, cancelled: bool) -> Event:
    from icalendar import Event, vUri  # as above

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


def _text(text: str) -> vText:
    from icalendar import vText  # as above

    return vText(text)


def _address(mail: str) -> vCalAddress:
    from icalendar import vCalAddress  # as above

    if not _ADDRESS.fullmatch(mail):
        raise ValueError("not a bare mail address")
    return vCalAddress(f"mailto:{mail}")


def read(data: bytes) -> list[CalendarEvent]:
    """Return the events of a file `invitation` wrote, as far as a later file needs them to cancel or compare."""
    entries: list[Any] = _parsed(data).walk("VEVENT")  # the library's types know all formats, not ours
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
