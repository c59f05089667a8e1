"""Who may look at sessions, what the list and the month show, and the moves of a session."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
import sqlalchemy as sa
import time_machine
from flask import current_app

from app.access.models import Grant, User
from app.access.permissions import Role
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry
from app.core import slots
from app.core.clock import at as moment
from app.core.db import db
from app.training import queries, seats
from app.training.models import SessionStatus
from app.web.parts import Hits
from tests.cast import Cast
from tests.conftest import HX, Browser, Stage
from tests.training.stage import MONDAY, Props, at, make, sessions, sittings

# --- looking -------------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_those_who_run_its_province_alone(stage: Stage, draft: int) -> None:
    assert "Proje Döngüsü" in stage.coordinator.page("/sessions").text
    for name in ("coordinator_elsewhere", "focal_point", "trainer", "staff"):
        browser: Browser = getattr(stage, name)
        assert "Proje Döngüsü BK-02/1" not in browser.page("/sessions").text, name
        assert browser.get(f"/sessions/{draft}").status_code == 404, name
        assert browser.get(f"/sessions/{draft}/sittings").status_code == 404, name
    assert stage.admin.get(f"/sessions/{draft}").status_code == 200


def test_an_open_session_is_seen_by_those_it_is_offered_to(stage: Stage, open_one: int) -> None:
    for name in ("coordinator", "focal_point", "trainer", "staff"):
        browser: Browser = getattr(stage, name)
        assert browser.get(f"/sessions/{open_one}").status_code == 200, name
    for name in ("coordinator_elsewhere", "focal_point_elsewhere"):
        assert getattr(stage, name).get(f"/sessions/{open_one}").status_code == 404, name


def test_who_has_no_such_role_may_not_look(stage: Stage, open_one: int) -> None:
    for name in ("viewer", "nobody_special"):
        for path in ("/sessions", "/sessions/calendar", f"/sessions/{open_one}"):
            assert getattr(stage, name).get(path).status_code == 403, (name, path)
    assert stage.nobody.get("/sessions").status_code == 302


def test_the_buttons_of_a_session_are_there_for_those_who_run_it(stage: Stage, open_one: int) -> None:
    assert "Grubu iptal et" in stage.coordinator.page(f"/sessions/{open_one}").text
    for name in ("focal_point", "trainer", "staff"):
        page = getattr(stage, name).page(f"/sessions/{open_one}")
        assert "Grubu iptal et" not in page.text
        assert not [link for link in page.links if link.endswith("/edit")]


def test_what_is_offered_to_my_province_is_not_mine_to_change(stage: Stage, cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall), status=SessionStatus.OPEN, provinces=(1, 2))
    sitting = queries.sittings(made)[0].id
    db.session.commit()
    outsider = stage.coordinator_elsewhere
    assert outsider.get(f"/sessions/{made.id}").status_code == 200
    assert "Grubu iptal et" not in outsider.page(f"/sessions/{made.id}").text
    for path in ("open", "cancel", "postpone", "edit", "sittings/new", "sittings/apply", "sittings/redate"):
        assert outsider.post(f"/sessions/{made.id}/{path}").status_code == 404, path
    for path in ("edit", "remove", "check"):
        assert outsider.post(f"/sittings/{sitting}/{path}").status_code == 404, path
    assert len(sittings()) == 1


@pytest.mark.parametrize("name", ["focal_point", "trainer", "staff"])
def test_who_may_look_may_not_change(stage: Stage, open_one: int, name: str) -> None:
    sitting = sittings()[0].id
    browser: Browser = getattr(stage, name)
    assert browser.get("/sessions/new").status_code == 403
    for path in ("open", "cancel", "postpone", "edit", "copy", "sittings/new", "sittings/check", "sittings/apply"):
        assert browser.post(f"/sessions/{open_one}/{path}").status_code == 403, path
    assert browser.post(f"/sittings/{sitting}/remove").status_code == 403
    assert browser.post(f"/sittings/{sitting}/edit").status_code == 403


# --- the list and the month -------------------------------------------------------------------------------


def test_the_list_is_narrowed_sorted_and_found_without_turkish_letters(stage: Stage, cast: Cast, props: Props) -> None:
    make(cast, at(MONDAY, "09:00-10:30", props.hall))
    make(cast, course_id=props.other_course)
    db.session.commit()
    browser = stage.coordinator
    for query, expected in (
        ("", 2),
        ("?q=goc", 1),
        ("?q=bk-02/1", 1),
        ("?q=gaziantep+proje", 1),
        ("?q=bk-02/2", 0),
        ("?status=draft", 2),
        ("?status=open", 0),
        ("?status=in_progress", 0),
        ("?status=ended", 0),
        ("?status=full", 0),
        ("?status=nonsense", 0),
        ("?period=2026-12", 1),
        ("?period=2026-Q4", 1),
        ("?period=2025", 0),
        ("?province=2", 0),
        ("?theme=1", 2),
        (f"?course={props.other_course}", 1),
        (f"?trainer={props.trainers['ayla']}", 0),
        ("?course=x", 0),
        ("?sort=capacity&direction=desc&page=9", 2),
    ):
        page = browser.get(f"/sessions{query}", headers=HX).text
        assert page.count('class="row-link"') == expected, query


def test_the_list_as_a_fragment_is_the_list_alone(stage: Stage, draft: int) -> None:
    answer = stage.coordinator.get("/sessions?sort=code", headers=HX)
    assert answer.text.lstrip().startswith('<div id="list">')
    assert "<html" not in answer.text


def test_the_list_is_a_file_of_exactly_what_is_shown_and_leaves_a_trace(stage: Stage, draft: int) -> None:
    answer = stage.coordinator.get("/sessions?q=proje&format=csv")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["Kod", "BK-02/1"]
    assert stage.coordinator.get("/sessions?format=xlsx").get_data()[:2] == b"PK"
    events = db.session.scalars(sa.select(AccessEntry.event).where(AccessEntry.event == "access.exported")).all()
    assert len(events) == 2


def test_the_month_shows_sessions_and_holidays(stage: Stage, open_one: int) -> None:
    page = stage.coordinator.page("/sessions/calendar?month=2026-12")
    assert "Aralık 2026" in page.text
    assert "BK-02/1 Proje Döngüsü" in page.text
    assert "Deneme Bayramı" in page.text
    assert "BK-02/1" not in stage.coordinator.page("/sessions/calendar?month=2026-12&province=2").text
    assert "Kasım 2026" in stage.coordinator.page("/sessions/calendar?month=nonsense").text


def test_the_month_leaves_out_what_does_not_take_place(stage: Stage, cast: Cast, props: Props) -> None:
    for status in (SessionStatus.CANCELLED, SessionStatus.POSTPONED):
        make(cast, at(MONDAY, "09:00-10:30", props.hall), status=status)
    db.session.commit()
    assert "BK-02/" not in stage.coordinator.page("/sessions/calendar?month=2026-12").text


@pytest.mark.parametrize(
    ("hour", "running", "over"),
    [(8, (), ()), (9, ("BK-02/1",), ()), (11, ("BK-02/1",), ()), (15, (), ("BK-02/1",))],
)
def test_in_progress_and_ended_follow_the_clock_to_the_minute(
    stage: Stage, cast: Cast, props: Props, hour: int, running: tuple[str, ...], over: tuple[str, ...]
) -> None:
    make(
        cast,
        at(MONDAY, "09:00-10:30", props.hall),
        at(MONDAY, "13:30-15:00", props.hall),
        status=SessionStatus.CONFIRMED,
    )
    make(cast, at(MONDAY, "09:00-10:30", props.spare))  # a draft is never in progress
    db.session.commit()
    with time_machine.travel(moment(MONDAY, time(hour)), tick=False):
        browser = stage.coordinator
        for name, expected in (("in_progress", running), ("ended", over)):
            page = browser.get(f"/sessions?status={name}", headers=HX).text
            assert page.count('class="row-link"') == len(expected), (name, hour)
        shown = browser.get("/sessions?status=confirmed", headers=HX).text
        assert ("Devam ediyor" in shown, "Sona erdi" in shown) == (bool(running), bool(over))


def test_a_full_session_is_called_so(stage: Stage, cast: Cast, props: Props, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current_app.extensions, "seats", seats.Counted(lambda column: sa.literal(20)))
    make(cast, at(MONDAY, "09:00-10:30", props.hall), status=SessionStatus.OPEN)
    make(cast, at(MONDAY, "13:30-15:00", props.hall), status=SessionStatus.OPEN, capacity=21)
    db.session.commit()
    page = stage.coordinator.get("/sessions?status=full", headers=HX).text
    assert page.count('class="row-link"') == 1
    assert "Kontenjan doldu" in page


def test_the_search_finds_sessions_by_code(stage: Stage, cast: Cast, draft: int) -> None:
    def found(name: str, typed: str = "bk-02/1") -> list[str]:
        caller = caller_of(EVERYWHERE.get(User, cast.users[name]))
        with current_app.test_request_context():
            given = slots.collect("search.results", caller, typed)
            return [hit.label for each in given if isinstance(each, Hits) for hit in each.hits]

    for typed in ("bk-02/1", "bk 02", "bk02", "BK02/1", "bk02 proje"):
        assert "BK-02/1 Proje Döngüsü" in found("coordinator", typed), typed
    for typed in ("bk03", "sh02", "bk02/2"):
        assert "BK-02/1 Proje Döngüsü" not in found("coordinator", typed), typed
    assert "BK-02/1 Proje Döngüsü" not in found("coordinator_elsewhere")


def test_every_tab_says_what_the_clock_says(stage: Stage, cast: Cast, props: Props) -> None:
    hall = props.hall
    made = make(cast, at(MONDAY, "09:00-10:30", hall), at(MONDAY, "13:30-15:00", hall), status=SessionStatus.CONFIRMED)
    key = made.id
    db.session.commit()
    paths = [f"/sessions/{key}", *(f"/sessions/{key}/{tab}" for tab in ("sittings", "enrolments", "attendance"))]
    for hour, words in ((8, "Başvurular kapandı"), (10, "Devam ediyor"), (16, "Sona erdi")):
        with time_machine.travel(moment(MONDAY, time(hour)), tick=False):
            browser = Stage(stage.app, cast).coordinator  # a sign-in does not last that long
            for path in [*paths, "/sessions"]:
                assert words in browser.page(path).text, (path, hour)


def test_nominations_close_on_the_day_the_working_days_say(stage: Stage, cast: Cast, props: Props) -> None:
    """14 December: five working days before are 4 December, 17:00 (9 December is a holiday)."""
    make(cast, at(date(2026, 12, 14), "09:00-10:30", props.hall), status=SessionStatus.OPEN)
    db.session.commit()
    for day, hour, closed in ((4, 16, False), (4, 17, True), (3, 20, False), (7, 9, True), (1, 9, False)):
        with time_machine.travel(moment(date(2026, 12, day), time(hour)), tick=False):
            browser = Stage(stage.app, cast).coordinator
            for path in ("/sessions", "/sessions/1"):
                assert ("Başvurular kapandı" in browser.page(path).text) is closed, (day, hour, path)


def test_before_opening_it_says_whom_it_asks_to_teach(stage: Stage, cast: Cast, props: Props) -> None:
    """They get a letter with it, as the focal points do, who alone were named."""
    umit, ayla = props.trainers["umit"], props.trainers["ayla"]
    planned = at(MONDAY, "09:00-10:30", props.hall, umit), at(MONDAY, "10:45-12:15", props.hall, umit, ayla)
    draft = make(cast, *planned).id
    db.session.commit()
    page = stage.coordinator.page(f"/sessions/{draft}/open").text
    assert re.search(r"2 eğitmene görev önerilir: .*Ümit.*Ayla", page)
    alone = make(cast, at(MONDAY, "13:00-14:30", props.hall)).id
    db.session.commit()
    assert "görev önerilir" not in stage.coordinator.page(f"/sessions/{alone}/open").text


def test_one_button_is_the_next_step(stage: Stage, cast: Cast, props: Props) -> None:
    def primary(key: int) -> list[str]:
        head = stage.coordinator.get(f"/sessions/{key}").text.split("</h1>")[1].split('<nav class="tabs"')[0]
        return [words.strip() for words in re.findall(r'btn-primary"[^>]*>(?:<svg.*?</svg>)?([^<]+)<', head)]

    bare = make(cast).id
    dated = make(cast, at(MONDAY, "09:00-10:30", props.hall)).id
    open_ = make(cast, at(MONDAY, "11:00-12:30", props.hall), status=SessionStatus.OPEN).id
    away = make(cast, at(MONDAY, "13:00-14:30", props.hall), status=SessionStatus.OPEN).id
    over = make(cast, at(MONDAY, "15:00-16:30", props.hall), status=SessionStatus.CANCELLED).id
    db.session.commit()
    assert stage.coordinator.post(f"/sessions/{away}/postpone", data={"reason": "Kar"}).status_code == 303
    assert primary(bare) == ["Oturum ekle"]
    assert primary(dated) == ["Başvuruya aç"]
    assert primary(open_) == ["Katılımcı ekle"]
    assert primary(away) == ["Yeni tarihler"]
    assert primary(over) == []


def test_the_page_of_a_session_tells_how_it_came_there(stage: Stage, draft: int) -> None:
    browser = stage.coordinator
    assert browser.post(f"/sessions/{draft}/open").status_code == 303
    assert browser.post(f"/sessions/{draft}/postpone", data={"reason": "Kar yağışı"}).status_code == 303
    redated = {"start": "14.12.2026", "weekdays": ["0", "1"]}
    assert browser.post(f"/sessions/{draft}/sittings/redate", data=redated).status_code == 303
    text = browser.page(f"/sessions/{draft}").text
    steps = ["Günü, saati veya salonu değişti: 1 oturum", "Başvuruya açık → Ertelendi", "Taslak → Başvuruya açık"]
    places = [text.index(step) for step in [*steps, "Taslak oluşturuldu"]]
    assert places == sorted(places), "newest first"
    assert "Gerekçe: Kar yağışı" in text and text.count("Ayşe Çelik") >= 4
    for name in ("trainer", "focal_point", "staff"):
        answer = getattr(stage, name).get(f"/sessions/{draft}")
        assert "Taslak oluşturuldu" not in answer.text, name


# --- moving ------------------------------------------------------------------------------------------------


def test_open_postpone_redate_open_cancel(stage: Stage, draft: int) -> None:
    browser = stage.coordinator
    assert browser.post(f"/sessions/{draft}/open").location == f"/sessions/{draft}"
    assert "%80" in browser.page(f"/sessions/{draft}").text, "the threshold is copied from the course"
    assert browser.post(f"/sessions/{draft}/postpone").status_code == 422
    assert "oturumun tarihi silinir" in browser.page(f"/sessions/{draft}/postpone").text
    assert browser.post(f"/sessions/{draft}/postpone", data={"reason": "Kar yağışı"}).status_code == 303
    assert "Kar yağışı" in browser.page(f"/sessions/{draft}").text
    refused = browser.post(f"/sessions/{draft}/open")
    assert refused.status_code == 422
    assert "1 oturumun tarihi yok" in refused.text
    redated = {"start": "14.12.2026", "weekdays": ["0", "1"]}
    checked = browser.post(f"/sessions/{draft}/sittings/redate/check", data=redated, headers=HX)
    assert "14 Aralık 2026" in checked.text
    assert browser.post(f"/sessions/{draft}/sittings/redate", data=redated).status_code == 303
    assert browser.post(f"/sessions/{draft}/open").status_code == 303
    assert "geri alınamaz" in browser.page(f"/sessions/{draft}/cancel").text
    assert browser.post(f"/sessions/{draft}/cancel", data={"reason": "Bütçe"}).status_code == 303
    assert sessions()[0].status is SessionStatus.CANCELLED
    assert browser.get(f"/sessions/{draft}/cancel").status_code == 422


def test_a_draft_without_sittings_cannot_be_opened(stage: Stage, cast: Cast, props: Props) -> None:
    made = make(cast)
    db.session.commit()
    answer = stage.coordinator.post(f"/sessions/{made.id}/open")
    assert answer.status_code == 422
    assert "Henüz oturum yok" in answer.text


def test_numbers_are_changed_and_somebody_elses_change_is_not_overwritten(stage: Stage, draft: int) -> None:
    fields = {"capacity": "22", "minimum": "5", "acceptance": "by_hand", "provinces": "1", "version": "1"}
    version = str(sessions()[0].version)
    assert stage.coordinator.get(f"/sessions/{draft}/edit").status_code == 200
    assert stage.coordinator.post(f"/sessions/{draft}/edit", data=fields | {"version": version}).status_code == 303
    assert sessions()[0].capacity == 22
    stale = stage.admin.post(f"/sessions/{draft}/edit", data=fields | {"capacity": "30", "version": version})
    assert stale.status_code == 409
    assert "30" in stale.text
    assert "22" in stale.text
    low = stage.coordinator.post(
        f"/sessions/{draft}/edit", data=fields | {"minimum": "23", "version": str(sessions()[0].version)}
    )
    assert low.status_code == 422
    assert 'id="minimum-error"' in low.text


def test_a_session_is_copied_to_a_province_of_ones_own(stage: Stage, open_one: int) -> None:
    assert stage.coordinator.get(f"/sessions/{open_one}/copy").status_code == 200
    answer = stage.coordinator.post(f"/sessions/{open_one}/copy", data={"province_id": "1"})
    made = sessions()[1]
    assert answer.location == f"/sessions/{made.id}/sittings/new"
    assert (made.ordinal, made.status, made.capacity, made.starts_on) == (2, SessionStatus.DRAFT, 25, None)
    assert stage.coordinator.get(answer.location).status_code == 200
    assert stage.coordinator.post(f"/sessions/{open_one}/copy", data={"province_id": "2"}).status_code == 422
    assert stage.admin.post(f"/sessions/{open_one}/copy", data={"province_id": "2"}).status_code == 303
    assert sessions()[2].province_id == 2


def test_everything_reads_in_english_too(stage: Stage, open_one: int) -> None:
    sitting = sittings()[0].id
    for path in (
        "/sessions",
        "/sessions/calendar",
        "/sessions/new?course=1",
        f"/sessions/{open_one}",
        f"/sessions/{open_one}/sittings",
        f"/sessions/{open_one}/sittings/new",
        f"/sittings/{sitting}/edit",
        f"/sessions/{open_one}/cancel",
    ):
        assert "Eğitim grupları" not in stage.coordinator.page(f"{path}{'&' if '?' in path else '?'}lang=en").text, path


def test_two_roles_see_the_union(stage: Stage, cast: Cast, open_one: int) -> None:
    db.session.add(Grant(user_id=cast.users["coordinator_elsewhere"], role=Role.FOCAL_POINT, organisation_id=1))
    db.session.commit()
    assert stage.coordinator_elsewhere.get(f"/sessions/{open_one}").status_code == 200
    assert stage.coordinator_elsewhere.post(f"/sessions/{open_one}/cancel").status_code == 404
