"""Calendar files, read back by the parser a calendar would use."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from app.post.calendars.ics import CalendarEvent, Method, feed, invitation

ISTANBUL = ZoneInfo("Europe/Istanbul")
STAMP = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
MORNING = CalendarEvent(
    uid="sitting-7@yetkin.example",
    sequence=2,
    start=dt.datetime(2026, 11, 24, 9, tzinfo=ISTANBUL),
    end=dt.datetime(2026, 11, 24, 10, 30, tzinfo=ISTANBUL),
    summary="Şikâyet yönetimi; 1. oturum, sabah",
    location="Eğitim Salonu 1, Yakutiye/Erzurum",
    description="İlk satır\nİkinci satır, virgül; noktalı virgül \\ ters çizgi 🎓",
    url="https://yetkin.example/sessions/7?a=1&b=2",
)
AFTERNOON = replace(
    MORNING,
    uid="sitting-8@yetkin.example",
    start=dt.datetime(2026, 11, 24, 10, 30, tzinfo=dt.UTC),
    end=dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC),
    cancelled=True,
)
ORGANIZER, ATTENDEE = "egitim@yetkin.example", "isik@ornek.example"


def read(data: bytes) -> Calendar:
    calendar = Calendar.from_ical(data)
    assert isinstance(calendar, Calendar)
    assert not calendar.errors
    return calendar


def test_a_feed_holds_one_event_for_each_sitting() -> None:
    calendar = read(feed([MORNING, AFTERNOON], "Yetkin: eğitimlerim", stamp=STAMP))
    first, second = calendar.events
    assert (str(first["uid"]), int(first["sequence"])) == ("sitting-7@yetkin.example", 2)
    assert MORNING.start == first.DTSTART
    assert MORNING.end == first.DTEND
    assert str(first["summary"]) == MORNING.summary
    assert str(first["location"]) == MORNING.location
    assert str(first["description"]) == MORNING.description
    assert str(first["url"]) == MORNING.url
    assert str(first["status"]) == "CONFIRMED"
    assert AFTERNOON.start == second.DTSTART
    assert str(second["status"]) == "CANCELLED"
    assert str(calendar["x-wr-calname"]) == "Yetkin: eğitimlerim"


def test_times_are_istanbuls_wall_times_with_their_zone_described_once() -> None:
    text = feed([MORNING, AFTERNOON], "Takvim", stamp=STAMP).decode()
    assert "DTSTART;TZID=Europe/Istanbul:20261124T090000\r\n" in text
    assert "DTSTART;TZID=Europe/Istanbul:20261124T133000\r\n" in text
    assert "DTSTAMP:20261101T080000Z\r\n" in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert text.count("BEGIN:STANDARD") + text.count("BEGIN:DAYLIGHT") <= 2
    assert "TZOFFSETTO:+0300" in text


def test_lines_end_and_fold_as_the_format_demands() -> None:
    data = feed([MORNING], "Takvim", stamp=STAMP)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_an_empty_feed_is_still_a_calendar() -> None:
    calendar = read(feed([], "Takvim", stamp=STAMP))
    assert calendar.events == []
    assert len(calendar.timezones) == 1


def test_the_same_feed_has_the_same_bytes() -> None:
    assert feed([MORNING], "a", stamp=STAMP) == feed([MORNING], "a", stamp=STAMP)
    assert b"DTSTAMP:" in feed([MORNING], "a")


@pytest.mark.parametrize(("method", "status"), [(Method.REQUEST, "CONFIRMED"), (Method.CANCEL, "CANCELLED")])
def test_an_invitation_and_its_cancellation(method: Method, status: str) -> None:
    calendar = read(invitation([MORNING], method, ORGANIZER, ATTENDEE, stamp=STAMP))
    assert str(calendar["method"]) == method
    (event,) = calendar.events
    assert str(event["uid"]) == MORNING.uid
    assert str(event["status"]) == status
    assert str(event["organizer"]) == f"mailto:{ORGANIZER}"
    assert str(event["attendee"]) == f"mailto:{ATTENDEE}"
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert "CN" not in event["attendee"].params


def test_a_cancelled_sitting_in_a_change_notice_is_cancelled() -> None:
    calendar = read(invitation([MORNING, AFTERNOON], Method.REQUEST, ORGANIZER, ATTENDEE, stamp=STAMP))
    assert [str(event["status"]) for event in calendar.events] == ["CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize("mail", ["", "isik", "a b@ornek.example", "a@ornek.example\r\nX-Y:1", "ışık@ornek.example"])
def test_only_bare_addresses_are_taken(mail: str) -> None:
    with pytest.raises(ValueError, match="address"):
        invitation([MORNING], Method.REQUEST, ORGANIZER, mail)


def test_naive_or_backward_times_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        replace(MORNING, start=MORNING.start.replace(tzinfo=None))
    with pytest.raises(ValueError, match="after"):
        replace(MORNING, end=MORNING.start)


texts = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(deadline=None)  # a busy machine is no reason to fail
@given(texts, texts)
def test_no_text_breaks_out_of_its_property(text: str, more: str) -> None:
    event = replace(
        MORNING, summary=text, location=f"\r\nEND:VEVENT\r\n{more}", description=more, url=f"https://a/{text}"
    )
    data = feed([event], text, stamp=STAMP)
    calendar = read(data)
    (found,) = calendar.events
    assert MORNING.start == found.DTSTART
    assert data.count(b"\r\nEND:VEVENT\r\n") == 1

    def kept(text: str) -> str:
        return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))

    assert str(found["summary"]) == kept(text)
