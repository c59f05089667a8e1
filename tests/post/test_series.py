"""A course session in a mailed calendar: one UID, a daily series, and what two libraries make of it."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from typing import Any

import pytest
import sqlalchemy as sa
from dateutil.rrule import rrulestr
from flask import Flask
from hypothesis import assume, given
from hypothesis import strategies as st
from icalendar import Calendar

from app.core.clock import ISTANBUL, now
from app.core.db import db
from app.post.calendars import ics, series
from app.post.calendars.ics import Day, Method, Series
from app.post.delivery import compose
from app.post.models import CalendarSeries, Message

ORGANIZER, ATTENDEE = "yetkin@egitim.example", "isik@ornek.example"
UID = "0c8e3a52-5f0e-4c5c-9b3e-2f9a6a1d7c11"
MONDAY = dt.date(2026, 12, 7)
NINE, FRIDAY = (dt.time(9), dt.time(16, 45)), (dt.time(8, 30), dt.time(17, 15))

Shown = tuple[dt.datetime, dt.datetime, str, str]


def day(after: int, hours: tuple[dt.time, dt.time] = NINE, place: str = "Salon 1, Merkez", said: str = "") -> Day:
    return Day(MONDAY + dt.timedelta(days=after), *hours, place, said)


def mailed(*days: Day, sequence: int = 0) -> bytes:
    return ics.request(Series("Vaka yönetimi (BK-02/1)", days, "https://e/1"), UID, sequence, ORGANIZER, ATTENDEE)


def meant(*days: Day) -> list[Shown]:
    at = [
        (dt.datetime.combine(d.date, d.starts, ISTANBUL), dt.datetime.combine(d.date, d.ends, ISTANBUL)) for d in days
    ]
    return [(*times, d.location, d.description) for times, d in zip(at, days, strict=True)]


def events(data: bytes) -> list[Any]:
    calendar = Calendar.from_ical(data)
    assert isinstance(calendar, Calendar) and not calendar.errors
    return calendar.walk("VEVENT")


def lines(data: bytes) -> list[str]:
    """As they were before they were folded."""
    return re.sub(r"\r\n[ \t]", "", data.decode()).split("\r\n")


def expand(data: bytes) -> list[Shown]:
    """What a calendar shows: the rule expanded by one library, from the text; the rest read by another."""
    master, *others = events(data)
    assert "recurrence-id" not in master and all("recurrence-id" in other for other in others)
    own = lines(data)[lines(data).index("BEGIN:VEVENT") :]
    rule = [line for line in own if re.match("DTSTART|RRULE|EXDATE", line)][: 3 if "exdate" in master else 2]
    starts = list(rrulestr("\n".join(rule), tzids={ISTANBUL.key: ISTANBUL})) if "rrule" in master else [master.DTSTART]
    instead = {other["recurrence-id"].dt: other for other in others}
    assert instead.keys() <= set(starts), "each stands for a day there is"
    length = master.DTEND - master.DTSTART
    shown = []
    for start in starts:
        one = instead.get(start, master)
        times = (one.DTSTART, one.DTEND) if one is not master else (start, start + length)
        shown.append((*times, str(one.get("location", "")), str(one.get("description", ""))))
    return shown


def test_one_day_is_a_plain_event() -> None:
    data = mailed(day(0, said="09:00–10:30\n10:45–12:15"))
    (event,) = events(data)
    assert not {"rrule", "exdate", "recurrence-id"} & set(map(str.lower, event))
    assert expand(data) == meant(day(0, said="09:00–10:30\n10:45–12:15"))


def test_a_course_over_a_week_end_with_another_friday_and_another_room() -> None:
    days = (day(0), day(1), day(3, place="Salon 2, Merkez"), day(4, FRIDAY), day(7))
    data = mailed(*days, sequence=4)
    text = lines(data)
    assert "DTSTART;TZID=Europe/Istanbul:20261207T090000" in text
    assert "RRULE:FREQ=DAILY;UNTIL=20261214T060000Z" in text, "the last day's base start, in UTC"
    assert "EXDATE;TZID=Europe/Istanbul:20261209T090000,20261212T090000,20261213T090000" in text
    assert "RECURRENCE-ID;TZID=Europe/Istanbul:20261210T090000" in text
    assert "RECURRENCE-ID;TZID=Europe/Istanbul:20261211T090000" in text, "the base's start, not its own"
    assert "DTSTART;TZID=Europe/Istanbul:20261211T083000" in text
    assert {str(e["uid"]) for e in events(data)} == {UID} and {int(e["sequence"]) for e in events(data)} == {4}
    assert {str(e["status"]) for e in events(data)} == {"CONFIRMED"}, "a day that is gone is no cancelled event"
    assert expand(data) == meant(*days)


def test_the_first_and_the_last_day_may_be_the_odd_ones() -> None:
    days = (day(0, FRIDAY), day(1), day(2), day(3), day(4, FRIDAY, "Salon 2"))
    data = mailed(*days)
    assert "DTSTART;TZID=Europe/Istanbul:20261207T090000" in lines(data), "base hours are the commonest"
    assert expand(data) == meant(*days)


def test_what_outlook_stumbles_over_is_not_there() -> None:
    text = lines(mailed(day(0), day(1, FRIDAY), day(9)))
    assert not [line for line in text if re.match(r"RDATE|COUNT|.*;COUNT=|X-LIC|DURATION", line)]
    assert text.count("BEGIN:VTIMEZONE") == 1 and text.count("METHOD:REQUEST") == 1
    assert text.index("END:VTIMEZONE") < text.index("BEGIN:VEVENT")
    assert all(len(line.encode()) <= 75 for line in mailed(day(0), day(30)).decode().split("\r\n"))


hours = st.sampled_from([NINE, FRIDAY, (dt.time(13, 30), dt.time(16, 45))])
places = st.sampled_from(["Salon 1, Merkez", "Salon 2, Merkez", ""])
patterns = st.dictionaries(
    st.integers(0, 45), st.tuples(hours, places, st.sampled_from(["", "09:00–10:30\nx"])), min_size=1
)


@given(patterns)
def test_any_pattern_expands_to_its_days(pattern: dict[int, tuple[tuple[dt.time, dt.time], str, str]]) -> None:
    days = [day(after, *pattern[after]) for after in sorted(pattern)]
    assert expand(mailed(*days)) == meant(*days)


@given(patterns, st.integers(0, 45))
def test_a_day_that_goes_takes_nothing_with_it(
    pattern: dict[int, tuple[tuple[dt.time, dt.time], str, str]], gone: int
) -> None:
    days = [day(after, *pattern[after]) for after in sorted(pattern) if after != gone]
    assume(days)
    data = mailed(*days)
    assert "CANCELLED" not in data.decode()
    assert expand(data) == meant(*days)


def test_cancelling_takes_the_whole_series_out() -> None:
    data = ics.cancelled(mailed(day(0), day(1, FRIDAY), day(9), sequence=2), 3)
    (event,) = events(data)
    assert (str(event["uid"]), int(event["sequence"]), str(event["status"])) == (UID, 3, "CANCELLED")
    assert "METHOD:CANCEL" in lines(data) and "recurrence-id" not in event
    assert str(event["organizer"]) == f"mailto:{ORGANIZER}" and str(event["attendee"]) == f"mailto:{ATTENDEE}"


def test_the_file_to_open_by_hand_names_nobody() -> None:
    data = ics.published(mailed(day(0), day(1, FRIDAY)))
    assert "METHOD:PUBLISH" in lines(data) and b"@" not in data
    assert expand(data) == meant(day(0), day(1, FRIDAY))


def put(*days: Day) -> series.Part | None:
    return series.put("enrolment:7", Series("Vaka", days, ""), ORGANIZER, ATTENDEE)


def said(part: series.Part | None) -> tuple[str, int, str]:
    assert part is not None
    (event, *_) = events(part.data)
    return str(event["uid"]), int(event["sequence"]), part.method.value


def test_each_mail_raises_the_sequence_of_one_uid(app: Flask) -> None:
    uid, *first = said(put(day(0), day(1)))
    assert first == [0, "REQUEST"] and "@" not in uid
    assert put(day(0), day(1)) is None, "her calendar says so already"
    assert said(put(day(0))) == (uid, 1, "REQUEST")
    assert said(put()) == (uid, 2, "CANCEL"), "nothing is left"
    assert put() is None and series.take_out("enrolment:7") is None
    assert said(put(day(0))) == (uid, 3, "REQUEST")
    assert said(series.take_out("enrolment:7")) == (uid, 4, "CANCEL")
    assert series.take_out("enrolment:8") is None
    assert len(db.session.scalars(sa.select(CalendarSeries)).all()) == 1


@pytest.mark.parametrize("method", Method)
def test_the_mail_is_built_as_outlook_and_gmail_read_it(method: Method) -> None:
    data = mailed(day(0), day(1))
    letter = Message(
        id=1,
        occasion="x",
        to_address=ATTENDEE,
        language="tr",
        subject="Davet",
        body="Sayın Işık,\n",
        calendar=data,
        calendar_method=method.value,
        created_at=now(),
    )
    mail = email.message_from_bytes(compose(letter, ORGANIZER).as_bytes(), policy=email.policy.default)
    both, attached = mail.iter_parts()
    plain, page, asked = both.iter_parts()
    kinds = [part.get_content_type() for part in (mail, both, plain, page, asked, attached)]
    assert kinds[:4] == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html"]
    assert kinds[4:] == ["text/calendar", "application/ics"]
    assert dict(asked["Content-Type"].params) == {"charset": "utf-8", "method": method.value}
    assert asked.get_content_disposition() is None, "an attachment would have no buttons"
    assert asked.get_content().encode() == attached.get_content() == data
    assert attached.get_filename() == "invite.ics"
