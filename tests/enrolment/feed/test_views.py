"""The personal calendar address: shown once, one's own sittings, nobody's name, gone when taken back."""

from __future__ import annotations

import re
from datetime import time

import sqlalchemy as sa
from icalendar import Calendar

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.core.db import db
from app.enrolment.models import CalendarFeed
from app.enrolment.seats import services as seats
from app.training.models import SessionStatus
from tests.cast import By
from tests.conftest import Browser, Stage
from tests.enrolment.stage import course, course_session, enrolled, trainer


def address(browser: Browser, name: str = "Telefonum") -> str:
    """The path of a fresh address."""
    answer = browser.post("/me/calendar", data={"name": name})
    assert (answer.status_code, answer.location) == (303, "/me/calendar")
    found = re.search(r"/calendar/[\w-]+\.ics", browser.get("/me/calendar").text)
    assert found is not None
    return found.group()


def events(stage: Stage, path: str) -> list[str]:
    answer = stage.nobody.get(path)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.get_data())
    return [str(entry["uid"]).partition("@")[0] for entry in calendar.walk("VEVENT")]


def test_the_address_is_shown_once_and_only_its_hash_is_stored(stage: Stage) -> None:
    path = address(stage.staff)
    assert path not in stage.staff.get("/me/calendar").text
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    (row,) = db.session.scalars(EVERYWHERE.select(CalendarFeed)).all()
    assert token not in row.token_hash and len(token) >= 43


def test_it_holds_her_own_sittings_and_nobody_elses_name(stage: Stage) -> None:
    session = course_session()
    (seat, _) = enrolled(session, stage.cast.employees["elif"], stage.cast.employees["isik"])
    enrolled(course_session(course("BK-03", "Mülteci hukuku"), starts=time(14)), stage.cast.employees["isik"])
    path = address(stage.staff)
    assert events(stage, path) == ["sitting-1", "sitting-2"]
    text = stage.nobody.get(path).get_data(as_text=True)
    for name in ("Işık", "Elif", "Çınar", "ornek.example"):
        assert name not in text, name
    seats.withdraw(seat, by=By(), reason="Görev")
    db.session.commit()
    assert events(stage, path) == []


def test_a_trainer_finds_the_sittings_she_gives(stage: Stage) -> None:
    session = course_session(status=SessionStatus.CONFIRMED)
    trainer(session, user_id=stage.cast.users["trainer"])
    assert events(stage, address(stage.trainer)) == ["sitting-1"]


def test_each_has_a_name_and_is_switched_off_by_itself(stage: Stage) -> None:
    phone, desk = address(stage.staff, "Telefonum"), address(stage.staff, "İş bilgisayarım")
    page = stage.staff.page("/me/calendar").text
    assert "Telefonum" in page and "İş bilgisayarım" in page
    assert stage.nobody.get(phone).status_code == stage.nobody.get(desk).status_code == 200
    first = db.session.scalars(EVERYWHERE.select(CalendarFeed).order_by(CalendarFeed.id)).first()
    assert first is not None
    assert stage.focal_point.post(f"/me/calendar/{first.id}/revoke").status_code == 404, "it is somebody else's"
    assert stage.staff.post(f"/me/calendar/{first.id}/revoke").status_code == 303
    assert (stage.nobody.get(phone).status_code, stage.nobody.get(desk).status_code) == (404, 200)
    assert stage.nobody.get(phone).status_code == stage.nobody.get("/calendar/x.ics").status_code == 404


def test_one_without_a_name_is_refused_and_there_are_ten_at_most(stage: Stage) -> None:
    assert stage.staff.post("/me/calendar", data={"name": " "}).status_code == 422
    for number in range(10):
        address(stage.staff, f"Takvim {number}")
    refused = stage.staff.post("/me/calendar", data={"name": "Bir daha"})
    assert refused.status_code == 422 and "Bir daha" in refused.text, "what was typed stays"


def test_a_calendar_programme_opens_it_at_a_tap(stage: Stage) -> None:
    stage.staff.post("/me/calendar", data={"name": "Telefonum"})
    assert re.search(r'href="webcal://[^"/]+/calendar/[\w-]+\.ics"', stage.staff.get("/me/calendar").text)


def test_whoever_may_not_sign_in_has_no_calendar(stage: Stage) -> None:
    path = address(stage.staff)
    EVERYWHERE.get(User, stage.cast.users["staff"]).active = False
    assert stage.nobody.get(path).status_code == 404


def test_an_unchanged_calendar_is_not_sent_again(stage: Stage) -> None:
    path = address(stage.staff)
    first = stage.nobody.get(path)
    again = stage.nobody.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_nobody_makes_an_address_without_signing_in(stage: Stage) -> None:
    assert stage.nobody.get("/me/calendar").status_code == 302
    assert stage.nobody.post("/me/calendar", data={"name": "Telefonum"}).status_code in (302, 303)
    assert db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(CalendarFeed.id)), CalendarFeed)) == 0
