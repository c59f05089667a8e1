"""Late entry is allowed and named; opening without a trainer wants a reason; what is over asks for nobody."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.core.clock import at as moment
from app.core.clock import now
from app.core.db import db, set_writing
from app.core.errors import Refused
from app.language import force_locale, format_date
from app.training import queries
from app.training.conflicts import queries as conflicts
from app.training.conflicts.rules import past
from app.training.models import (
    CourseSession,
    SessionStatus,
    Sitting,
)
from app.training.sessions import services as sessions
from app.training.sittings import services as sittings
from tests.cast import By, Cast
from tests.conftest import HX, Stage
from tests.training.stage import MONDAY, NOW, Props, at, make, refusal

ME = By(2)
GONE = NOW.date() - timedelta(days=7)  # a Monday
AFTER = MONDAY + timedelta(days=1)


def kinds(course_session: CourseSession) -> list[str]:
    return sorted(kind for kind, _ in conflicts.overridden(course_session))


def test_a_day_that_is_over_wants_a_reason_once(cast: Cast, props: Props) -> None:
    gone = at(GONE, "09:00-10:30", props.hall, props.trainers["umit"])
    with pytest.raises(Refused, match="Uyarılar var"):
        make(cast, gone)
    made = make(cast, gone, reason="Sonradan kaydedildi")
    assert kinds(made) == ["past"]
    sessions.open_(made, by=ME)
    (sitting,) = queries.sittings(made)
    sittings.change(made, [sitting], [at(GONE, "09:00-10:30", props.spare)], by=ME, why="Başkası verdi")
    moved = at(GONE + timedelta(days=1), "09:00-10:30", props.spare)
    with pytest.raises(Refused):
        sittings.change(made, [sitting], [moved], by=ME)


def test_what_was_accepted_in_english_is_known_in_turkish(cast: Cast, props: Props) -> None:
    gone = at(GONE, "09:00-10:30", props.hall)
    with force_locale("en"):
        made = make(cast, gone, reason="Sonradan kaydedildi")
    assert {detail[:22] for _, detail in conflicts.overridden(made)} == {"Geçmişte: 26.10.2026. "}
    for language in ("tr", "en"):
        with force_locale(language):
            sittings.change(made, queries.sittings(made), [at(GONE, "09:00-10:30", props.spare)], by=ME)
            (found,) = past([gone], now())
            assert format_date(GONE) in str(found.message)


def test_new_dates_and_an_opening_ask_the_clock_too(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]))
    with time_machine.travel(moment(AFTER, NOW.time()), tick=False):
        with pytest.raises(Refused):
            sessions.open_(made, by=ME)
        sessions.open_(made, by=ME, reason="Geç girildi")
    sessions.postpone(made, reason="Kar", kept=(), by=ME)
    with pytest.raises(Refused):
        sittings.redate(made, GONE, range(5), by=ME)
    sittings.redate(made, GONE, range(5), by=ME, reason="Geç girildi")


@time_machine.travel("2026-12-31T21:30:00Z", tick=False)
def test_today_is_the_date_in_the_four_provinces(props: Props) -> None:
    eve, morning = date(2026, 12, 31), date(2027, 1, 1)
    found = past([at(eve, "23:00-23:59"), at(morning, "00:05-00:20"), at(morning, "00:05-00:45")], now())
    assert [each.index for each in found] == [0, 1]
    assert "31.12.2026." in str(found[0].message) and "01.01.2027, 00:05–00:20" in str(found[1].message)


def test_the_form_says_that_a_day_is_over(stage: Stage, draft: int) -> None:
    data = {"start": GONE.strftime("%d.%m.%Y"), "days": "1", "weekdays": ["0"]}
    checked = stage.coordinator.post(f"/sessions/{draft}/sittings/check", data=data, headers=HX)
    assert "Geçmişte: 26.10.2026. Bunun için davet gönderilmez." in checked.text


def test_opening_without_a_trainer_wants_a_reason(stage: Stage, cast: Cast, props: Props) -> None:
    made = make(
        cast,
        at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]),
        at(AFTER, "09:00-10:30", props.hall),
        at(AFTER, "10:45-12:15", props.hall),
    )
    db.session.commit()
    path = f"/sessions/{made.id}/open"
    page = stage.coordinator.page(path)
    assert page.text.count("08.12.2026 günü eğitmen yok.") == 1 and "07.12.2026 günü eğitmen" not in page.text
    assert "Uyarıya rağmen kaydetme gerekçesi" in page.text
    refused = stage.coordinator.post(path)
    assert refused.status_code == 422 and "Uyarılar var." in refused.text
    assert stage.coordinator.post(path, data={"override_reason": "Eğitmen aranıyor"}).status_code == 303
    opened = queries.course_session(EVERYWHERE, made.id)
    assert (opened.status, kinds(opened)) == (SessionStatus.OPEN, ["no_trainer"])
    assert "Eğitmen aranıyor" in stage.coordinator.page(f"/sessions/{made.id}").text


def test_opening_again_does_not_ask_for_trainers(cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall))
    sessions.open_(made, by=ME, reason="Eğitmen aranıyor")
    sessions.postpone(made, reason="Kar", kept=(), by=ME)
    sittings.redate(made, AFTER, range(5), by=ME)
    sessions.open_(made, by=ME)


@pytest.mark.parametrize("name", ["coordinator", "staff", "focal_point"])
def test_what_is_over_is_not_called_open(stage: Stage, open_one: int, name: str) -> None:
    path = f"/sessions/{open_one}"
    assert "Başvuruya açık" in getattr(stage, name).page(path).text
    with time_machine.travel(moment(AFTER, NOW.time()), tick=False):
        browser = getattr(Stage(stage.app, stage.cast), name)  # whoever signed in back then is signed out by now
        pages = browser.page(path), browser.page(f"{path}/enrolments")
        for page in pages:
            assert "Sona erdi" in page.text and "Başvuruya açık" not in page.text
            assert "Eğitime başvur" not in page.text and "davet et" not in page.text
            assert name == "coordinator" or not [link for link in page.links if link.endswith("/add")]
        assert "Proje Döngüsü BK-02/1" not in browser.page("/sessions?status=open").text
        assert "Proje Döngüsü BK-02/1" in browser.page("/sessions?status=ended").text


def test_one_reason_answers_a_warning_for_good(cast: Cast, props: Props) -> None:
    made = make(cast, at(date(2026, 12, 12), "09:00-10:30", props.hall), reason="Cumartesi istendi")
    (sitting,) = queries.sittings(made)
    sittings.change(made, [sitting], [at(date(2026, 12, 12), "11:00-12:00", props.hall)], by=ME)
    assert (
        refusal(sittings.change, made, [sitting], [at(date(2026, 12, 13), "11:00-12:00")], by=ME)[1]
        == "override_reason"
    )
    assert len(conflicts.overridden(made)) == 1
    assert refusal(
        sittings.change,
        made,
        [sitting],
        [at(date(2026, 12, 13), "11:00-12:00")],
        by=journal.SYSTEM,
        reason="x",
    )[1]


def test_of_two_who_want_the_same_room_at_once_exactly_one_gets_it(app: Flask, cast: Cast, props: Props) -> None:
    made = [make(cast, status=SessionStatus.OPEN).id for _ in range(2)]
    db.session.commit()
    db.session.remove()
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def plan(course_session_id: int) -> None:
        with app.app_context():
            set_writing(True)
            start.wait()
            try:
                course_session = queries.course_session(EVERYWHERE, course_session_id)
                sittings.add(course_session, [at(MONDAY, "09:00-10:30", props.hall)], by=ME)
                db.session.commit()
                outcomes.append("saved")
            except Refused as refused:
                db.session.rollback()
                outcomes.append(str(refused.field))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=plan, args=(key,)) for key in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["room_id", "saved"]
    assert len(db.session.scalars(EVERYWHERE.select(Sitting)).all()) == 1
