"""The activity log: ids and states only, narrowed, paged and exported like any list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from app.audit import journal
from app.audit.models import AuditEntry
from app.core.db import db
from app.oversight.words import EVENTS
from tests.conftest import HX, Stage
from tests.counting import statements


def entries(stage: Stage, count: int = 60) -> None:
    """Changes by the coordinator and, every second one, by the administrator; one a day from 1 September."""
    who = [stage.cast.users["coordinator"], stage.cast.users["admin"]]
    db.session.add_all(
        AuditEntry(
            at=datetime(2026, 9 + number // 30, 1 + number % 30, 9, tzinfo=UTC),
            actor_id=who[number % 2],
            event="session.moved" if number % 3 else "session.created",
            facts={"course_session_id": number, "was": "draft", "now": None},
        )
        for number in range(count)
    )
    db.session.commit()


def test_it_is_paged_and_narrowed(stage: Stage) -> None:
    entries(stage)
    page = stage.admin.page("/audit")
    assert "1–50 / 60" in page.text
    assert "course_session_id: 59 · was: draft · now: –" in page.text, "the latest first, an entry on a line"
    assert "course_session_id: 0 " in stage.admin.page("/audit?page=2").text
    assert "1–20 / 20" in stage.admin.page("/audit?event=session.created").text
    assert "1–3 / 3" in stage.admin.page("/audit?first=2026-09-05&last=2026-09-07").text
    assert "Kayıt bulunamadı." in stage.admin.page("/audit?first=2030-01-01").text
    assert "1–50 / 60" in stage.admin.page("/audit?first=gestern&event=&who=").text, "what is no date narrows nothing"


def test_one_person_is_a_click_away(stage: Stage) -> None:
    entries(stage)
    who = stage.cast.users["coordinator"]
    assert f"/audit?who={who}" in stage.admin.page("/audit").links
    page = stage.admin.page(f"/audit?who={who}")
    assert "1–30 / 30" in page.text
    assert f'<option value="{who}" selected>Ayşe Çelik</option>' in page.html
    assert "Kayıt bulunamadı." in stage.admin.page("/audit?who=999999").text
    assert "Kayıt bulunamadı." in stage.admin.page("/audit?who=x").text


def test_the_file_holds_what_is_shown_and_is_traced(stage: Stage) -> None:
    entries(stage)
    text = stage.admin.get("/audit?event=session.created&format=csv").get_data().decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 21
    assert "course_session_id: 57" in text
    assert "access.exported" in stage.admin.page("/audit?kind=access").text


def test_it_costs_few_statements_and_comes_as_a_fragment(stage: Stage) -> None:
    entries(stage)
    for address in ("/audit", f"/audit?who={stage.cast.users['admin']}", "/audit?kind=access"):
        stage.admin.page(address)
        with statements() as seen:
            stage.admin.page(address)
        assert len(seen) <= 8, "\n".join(seen)
    assert "<html" not in stage.admin.get("/audit?event=session.moved", headers=HX).text


def test_no_address_and_no_name_stands_in_an_entry(stage: Stage) -> None:
    """Whatever somebody types (here an address that signs in to nothing) stays out of the log."""
    stage.nobody.post("/sign-in", data={"email": "gizli.kisi@ornek.example", "password": "uydurma"})
    stage.focal_point.get("/audit")
    html = stage.admin.page("/audit?kind=access").html
    details = html.split('id="list"')[1]
    assert "access.sign_in_failed" in details and "access.refused" in details
    assert "@" not in details and "gizli" not in details


def test_every_event_has_a_name_in_both_languages(stage: Stage) -> None:
    recorded = {kind.name for kind in _kinds(journal.Event) if kind.__module__.startswith("app.")}
    assert len(recorded) > 50 and recorded == set(EVENTS)
    entries(stage, 2)
    assert "Eğitim grubu oluşturuldu" in stage.admin.get("/audit").text
    assert "Course session added" in stage.admin.get("/audit?lang=en").text


def _kinds(base: type[journal.Event]) -> Iterator[type[journal.Event]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)
