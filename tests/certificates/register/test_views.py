"""The list, one certificate, revoking and replacing it, for each of the cast."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.audit.models import AccessEntry
from app.certificates import queries as certificates
from app.certificates.issuing import services as issuing
from app.certificates.models import CertificateStatus, EndReason
from app.certificates.register import queries, services
from app.core.db import db
from app.files.models import Document
from tests.certificates.stage import Given, issued, issued_to, many, person, session_of, statuses, took_part
from tests.conftest import HX, Stage

# --- the list -------------------------------------------------------------------------------------------


def test_everybody_sees_her_own_part_of_the_list(stage: Stage, given: Given) -> None:
    numbers = {name: issued(given, name).number for name in ("elif", "isik", "zeynep")}
    seen = {
        "admin": {"elif", "isik", "zeynep"},
        "coordinator": {"elif", "isik"},
        "coordinator_elsewhere": {"zeynep"},
        "focal_point": {"elif", "isik"},
        "focal_point_elsewhere": {"zeynep"},
        "staff": {"elif"},
    }
    for who, expected in seen.items():
        page = getattr(stage, who).page("/certificates")
        assert {name for name, number in numbers.items() if number in page.text} == expected, who
    assert not [number for number in numbers.values() if number in stage.trainer.page("/certificates").text]
    assert statuses(stage, "/certificates", "viewer nobody_special") == {
        "viewer": 403,
        "nobody_special": 403,
    }
    assert stage.nobody.get("/certificates").status_code == 302


def test_a_coordinator_does_not_see_letters_of_thanks_from_elsewhere(stage: Stage, given: Given) -> None:
    course_session = session_of(given)
    made = issuing.issue_thanks(course_session, certificates.trainers_of(course_session)[0][0], by=SYSTEM)
    db.session.commit()
    assert made.number in stage.coordinator.page("/certificates").text
    assert stage.coordinator_elsewhere.get(f"/certificates/{made.id}").status_code == 404
    assert stage.focal_point.get(f"/certificates/{made.id}").status_code == 404


def test_a_trainer_finds_and_downloads_her_letter_of_thanks_and_nothing_else(stage: Stage, given: Given) -> None:
    course_session = session_of(given)
    letter = issuing.issue_thanks(course_session, certificates.trainers_of(course_session)[0][0], by=SYSTEM)
    db.session.commit()
    participant = issued(given, "elif")
    page = stage.trainer.page("/certificates")
    assert letter.number in page.text
    assert participant.number not in page.text
    assert statuses(stage, f"/certificates/{letter.id}", "trainer staff") == {"trainer": 200, "staff": 404}
    assert stage.trainer.get(f"/certificates/{letter.id}.pdf").get_data()[:5] == b"%PDF-"
    for path in (f"/certificates/{participant.id}", f"/certificates/{participant.id}.pdf"):
        assert stage.trainer.get(path).status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=isik", {"isik"}),
        ("q=agaoglu+elif", {"elif"}),
        ("q=2026/ERZ/0001", {"zeynep"}),
        ("kind=success", {"elif"}),
        ("status=revoked", set()),
        ("province=2", {"zeynep"}),
        ("organisation=3", {"zeynep"}),
        ("year=2026", {"elif", "isik", "zeynep"}),
        ("year=2025", set()),
        ("course=999", set()),
    ],
)
def test_the_list_is_filtered_and_searched(stage: Stage, given: Given, query: str, expected: set[str]) -> None:
    numbers = {name: issued(given, name).number for name in ("elif", "isik", "zeynep")}
    page = stage.admin.page(f"/certificates?{query}")
    assert {name for name, number in numbers.items() if number in page.text} == expected


def test_a_code_is_found_as_it_is_printed(stage: Stage, given: Given) -> None:
    from app.certificates.codes import printed

    made = issued(given, "elif")
    assert made.number in stage.coordinator.page(f"/certificates?q={printed(made.code)}").text
    assert made.number in stage.coordinator.page(f"/certificates?q={made.code.lower()}").text


def test_the_list_answers_htmx_with_its_block_and_costs_few_statements(stage: Stage, given: Given) -> None:
    for enrolment in many(given, 60):
        issued_to(given, enrolment)
    stage.coordinator.get("/certificates")
    counted: list[str] = []

    def count(_c: Any, _cu: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            counted.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    answer = stage.coordinator.get("/certificates?sort=name", headers=HX)
    event.remove(db.engine, "before_cursor_execute", count)
    assert "<html" not in answer.text
    assert 'id="list"' in answer.text
    assert len(counted) <= 8, counted
    second = stage.coordinator.page("/certificates?sort=name&page=2")
    assert "51–60" in second.text


def test_the_export_holds_what_is_shown_and_leaves_a_trace(stage: Stage, given: Given) -> None:
    issued(given, "elif")
    issued(given, "isik")
    answer = stage.focal_point.get("/certificates?format=csv&q=elif")
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig")
    assert "Elif AĞAOĞLU" in text
    assert "Işık" not in text
    assert "4,5" in text
    entry = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.exported")).one()
    assert entry.facts == {"what": "certificates", "format": "csv", "rows": 1}


def test_an_empty_list_says_what_comes_next(stage: Stage, given: Given) -> None:
    assert "Henüz belge yok" in stage.staff.page("/certificates").text


# --- one certificate, its file ------------------------------------------------------------------------------


def test_one_certificate_is_seen_by_those_it_concerns(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    for path in (f"/certificates/{made.id}", f"/certificates/{made.id}.pdf"):
        found = statuses(
            stage,
            path,
            "admin coordinator coordinator_elsewhere focal_point focal_point_elsewhere staff trainer viewer nobody",
        )
        assert found == {
            "admin": 200,
            "coordinator": 200,
            "coordinator_elsewhere": 404,
            "focal_point": 200,
            "focal_point_elsewhere": 404,
            "staff": 200,
            "trainer": 404,
            "viewer": 403,
            "nobody": 302,
        }, path
    other = issued(given, "isik")
    assert stage.staff.get(f"/certificates/{other.id}.pdf").status_code == 404
    assert stage.staff.get("/certificates/99999.pdf").status_code == 404
    page = stage.staff.page(f"/certificates/{made.id}")
    assert "Elif AĞAOĞLU" in page.text
    assert "/revoke" not in page.html, "staff is offered no move"


def test_a_file_is_the_same_to_the_last_byte_every_time(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    stored = db.session.scalars(sa.select(Document.content).where(Document.id == made.document_id)).one()
    first, second = (stage.staff.get(f"/certificates/{made.id}.pdf") for _ in range(2))
    assert first.get_data() == second.get_data() == stored
    assert first.mimetype == "application/pdf"
    assert made.number.replace("/", "-") in first.headers["Content-Disposition"]


def test_an_ended_file_is_for_coordinators_only(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    services.revoke(made, "Yanlış kişi", by=SYSTEM)
    db.session.commit()
    found = statuses(stage, f"/certificates/{made.id}.pdf", "admin coordinator focal_point staff")
    assert found == {"admin": 200, "coordinator": 200, "focal_point": 404, "staff": 404}
    page = stage.staff.page(f"/certificates/{made.id}")
    assert "Diğer" in page.text
    assert "Yanlış kişi" not in page.text, "what was written is for those who may end one"
    assert "Diğer: Yanlış kişi" in stage.coordinator.page(f"/certificates/{made.id}").text
    assert ".pdf" not in page.html


# --- revoking and replacing ------------------------------------------------------------------------------


def test_a_coordinator_revokes_with_a_reason(stage: Stage, given: Given) -> None:
    made = issued(given, "elif")
    path = f"/certificates/{made.id}/revoke"
    assert "Geçerli" not in stage.coordinator.page(path).text
    for missing in (
        {"public": "wrong_person", "reason": " "},
        {"reason": "Yanlış kişi"},
        {"public": "x", "reason": "x"},
    ):
        assert stage.coordinator.post(path, data=missing).status_code == 422, missing
    answer = stage.coordinator.post(path, data={"public": "wrong_person", "reason": "Yanlış kişi"})
    assert (answer.status_code, answer.location) == (303, f"/certificates/{made.id}")
    again = stage.coordinator.post(path, data={"public": "other", "reason": "bir daha"})
    assert again.status_code == 422
    db.session.expire_all()
    row = queries.certificate(EVERYWHERE, made.id)
    assert (row.public_reason, row.end_reason) == (EndReason.WRONG_PERSON, "Yanlış kişi")
    assert (row.status, row.ended_by) == (CertificateStatus.REVOKED, stage.cast.users["coordinator"])
    assert "Ayşe Çelik" in stage.coordinator.page(f"/certificates/{made.id}").text


@pytest.mark.parametrize("verb", ["revoke", "reissue"])
def test_only_who_runs_the_session_may_end_a_certificate(stage: Stage, given: Given, verb: str) -> None:
    made = issued(given, "elif")
    expected = {"coordinator_elsewhere": 404, "focal_point": 403, "staff": 403, "trainer": 403}
    for name, status in expected.items():
        browser = getattr(stage, name)
        assert browser.get(f"/certificates/{made.id}/{verb}").status_code == status, name
        assert (
            browser.post(f"/certificates/{made.id}/{verb}", data={"public": "other", "reason": "x"}).status_code
            == status
        ), name
    db.session.expire_all()
    assert queries.certificate(EVERYWHERE, made.id).status is CertificateStatus.VALID


def test_who_sees_the_holder_but_not_the_session_may_look_and_not_touch(stage: Stage, given: Given) -> None:
    """Zeynep of Erzurum attended here in Gaziantep."""
    given.enrolments["guest"] = took_part(given.session, stage.cast.employees["zeynep"])
    made = issued(given, "guest")
    elsewhere = stage.coordinator_elsewhere
    assert elsewhere.get(f"/certificates/{made.id}").status_code == 200
    assert elsewhere.get(f"/certificates/{made.id}/revoke").status_code == 404
    assert elsewhere.post(f"/certificates/{made.id}/revoke", data={"reason": "x"}).status_code == 404


def test_a_replacement_shows_what_changes_and_links_both_ways(stage: Stage, given: Given) -> None:

    made = issued(given, "elif")
    path = f"/certificates/{made.id}/reissue"
    assert "aynısı" in stage.coordinator.page(path).text
    person(stage.cast, "elif").set_identity("Elif", "Demir", "N-001", "elif@ornek.example")
    db.session.commit()
    page = stage.coordinator.page(path)
    assert "Elif DEMİR" in page.text
    assert stage.coordinator.post(path, data={"reason": ""}).status_code == 422
    answer = stage.coordinator.post(path, data={"public": "name_change", "reason": "Soyadı değişti"})
    assert answer.status_code == 303
    new_id = int(answer.location.rsplit("/", 1)[1])
    assert new_id != made.id
    assert f'href="/certificates/{made.id}"' in stage.coordinator.page(f"/certificates/{new_id}").html
    assert f'href="/certificates/{new_id}"' in stage.coordinator.page(f"/certificates/{made.id}").html
