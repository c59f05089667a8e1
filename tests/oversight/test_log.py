"""The activity log: ids and states only, narrowed, paged and exported like any list."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from app.access.events import RoleGranted
from app.access.scope import EVERYWHERE
from app.attendance.events import MarksChanged
from app.audit import journal
from app.audit.models import AuditEntry
from app.core.db import db
from app.oversight import things
from app.people.events import EmployeeActivated, EmployeeChanged, EmployeesMerged, EmployeeTransferred
from app.people.models import Employee
from app.venues.events import VenueCreated
from tests.conftest import HX, Stage
from tests.counting import as_if_full, plans, statements


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
    latest = "Eğitim grubu: silinmiş (no. 59) · Önceki durum: Taslak · Yeni durum: –"
    assert latest in page.text, "the latest first, an entry on a line"
    assert "(no. 0) " in stage.admin.page("/audit?page=2").text
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
    assert "Eğitim grubu: silinmiş (no. 57)" in text
    assert "access.exported" in stage.admin.page("/audit?kind=access").text


def test_it_costs_few_statements_and_comes_as_a_fragment(stage: Stage) -> None:
    entries(stage)
    for address in ("/audit", f"/audit?who={stage.cast.users['admin']}", "/audit?kind=access"):
        stage.admin.page(address)
        with statements() as seen:
            stage.admin.page(address)
        assert len(seen) <= 8, "\n".join(seen)
    assert "<html" not in stage.admin.get("/audit?event=session.moved", headers=HX).text


def test_it_is_read_in_its_order_and_counted_from_an_index(stage: Stage) -> None:
    entries(stage)
    stage.admin.page("/audit")
    as_if_full()
    with plans() as found:
        for address in ("/audit", "/audit?page=2", f"/audit?who={stage.cast.users['admin']}"):
            stage.admin.page(address)
    asked = {statement: steps for statement, steps in found.items() if "max(audit_entries.id)" in statement}
    ids = [steps for statement, steps in asked.items() if "ORDER BY" in statement]
    assert len(ids) == 3 and len(asked) == 4, list(asked)  # the second page counts, the first is whole
    assert not [step for steps in ids for step in steps if "FOR ORDER BY" in step], ids
    for statement, steps in asked.items():
        if "ORDER BY" not in statement:
            read = [step for step in steps if step.startswith("SCAN audit_entries")]
            assert all("COVERING INDEX" in step for step in read), steps
            assert "count(audit_entries.id)" not in statement, "of ids SQLite walks an index, of rows it knows"


def test_no_address_and_no_name_stands_in_an_entry(stage: Stage) -> None:
    """Whatever somebody types (here an address that signs in to nothing) stays out of the log."""
    stage.nobody.post("/sign-in", data={"email": "gizli.kisi@ornek.example", "password": "uydurma"})
    stage.focal_point.get("/audit")
    html = stage.admin.page("/audit?kind=access").html
    details = html.split('id="list"')[1]
    assert "access.sign_in_failed" in details and "access.refused" in details
    assert "@" not in details and "gizli" not in details


def test_events_have_their_names_in_both_languages(stage: Stage) -> None:
    entries(stage, 2)
    assert "Eğitim grubu oluşturuldu" in stage.admin.get("/audit").text
    assert "Course session added" in stage.admin.get("/audit?lang=en").text


def test_what_no_room_knows_any_more_stands_for_itself(stage: Stage) -> None:
    db.session.add(AuditEntry(event="venue.sold", facts={"kept_id": 3, "buyer": "x"}))
    db.session.commit()
    page = stage.admin.page("/audit")
    assert "venue.sold" in page.text and "buyer: x" in page.text


def test_every_kind_is_looked_up(stage: Stage) -> None:
    for kind in journal.kinds().values():
        assert kind.ids_of is None or kind.ids_of in things.KINDS, kind
    for kind in things.KINDS:
        assert things.thing(kind, 999).name == "silinmiş (no. 999)", kind


def test_things_have_their_names_and_links_and_the_log_stores_none(stage: Stage) -> None:
    cast = stage.cast
    employee_id = next(iter(cast.employees.values()))
    employee = EVERYWHERE.get(Employee, employee_id)
    log(stage, EmployeeChanged(employee_id, ("given_name", "unit_id")))
    log(stage, EmployeeTransferred(employee_id, cast.nizip, cast.yakutiye, ()))
    log(stage, RoleGranted(cast.users["staff"], "trainer", cast.gaziantep, None))
    page = stage.admin.page("/audit")
    for text in (
        f"Personel: {employee.name}",
        "Alanlar: Adı, Birim",
        "Nereden: Nizip Belediyesi",
        "Nereye: Yakutiye Belediyesi",
        "Rol: Eğitmen",
        "İl: Gaziantep",
    ):
        assert text in page.text.replace(" ,", ","), text
    for link in (f"/people/{employee_id}", f"/organisations/{cast.nizip}", f"/users/{cast.users['staff']}"):
        assert link in page.links, link
    assert "employee_id" not in page.text and "given_name" not in page.text
    english = stage.admin.page("/audit?lang=en").text
    assert "From: Nizip Municipality" in english and "Fields: Given name, Unit" in english.replace(" ,", ",")
    employee.set_identity("Silinen", "Kişi", employee.registry_no, employee.email)
    db.session.commit()
    page = stage.admin.page("/audit?lang=tr")
    assert "Silinen Kişi" in page.text, "the name is that of today: nothing of the old one is stored"


def test_it_is_narrowed_by_a_kind_of_thing_and_by_one_thing(stage: Stage) -> None:
    first, second = list(stage.cast.employees.values())[:2]
    log(stage, EmployeeChanged(first, ("email",)))
    log(stage, EmployeeActivated(second, False))
    log(stage, EmployeesMerged(second, first))
    log(stage, MarksChanged(1, (7,), (12, 345), "manual"))
    log(stage, VenueCreated(5, None))
    for about, number in (
        ("", 5),
        ("person", 3),
        (f"person:{first}", 2),
        (f"person:{second}", 2),
        ("person:999", 0),
        ("enrolment:345", 1),
        ("enrolment:12", 1),
        ("enrolment:34", 0),
        ("enrolment:2", 0),
        ("sitting:7", 1),
        ("venue", 1),
        ("gestern", 5),
        ("venue:x", 1),
    ):
        page = stage.admin.page(f"/audit?about={about}")
        assert (f"1–{number} / {number}" in page.text) if number else ("Kayıt bulunamadı." in page.text), about
    assert f"/audit?about=person%3A{first}" in stage.admin.page("/audit").links
    chosen = stage.admin.page(f"/audit?about=person:{first}").html
    assert f'<option value="person:{first}" selected>{EVERYWHERE.get(Employee, first).name}</option>' in chosen


def test_marks_of_one_sheet_and_hour_are_one_line(stage: Stage) -> None:
    nine = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    for minute in range(40):
        log(stage, MarksChanged(1, (7,), (minute + 1,), "manual"), at=nine + timedelta(minutes=minute))
    log(stage, MarksChanged(1, (8,), (1,), "manual"), at=nine)
    log(stage, MarksChanged(1, (7,), (1,), "manual"), at=nine + timedelta(hours=1))
    log(stage, MarksChanged(1, (7,), (1,), "manual"), at=nine, who="admin")
    page = stage.admin.page("/audit?event=attendance.marked")
    assert "1–4 / 4" in page.text
    assert "40 kez" in page.text and "+35" in page.text, "of forty people five are named"
    assert "1–4 / 4" in stage.admin.page("/audit?about=sitting").text
    text = stage.admin.get("/audit?format=csv").get_data().decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 5


def log(stage: Stage, event: journal.Event, *, at: datetime | None = None, who: str = "coordinator") -> None:
    db.session.add(
        AuditEntry(actor_id=stage.cast.users[who], event=event.name, facts=asdict(event), **({"at": at} if at else {}))
    )
    db.session.commit()
