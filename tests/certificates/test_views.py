"""The pages of certificates, for each of the cast."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.audit.models import AccessEntry
from app.certificates import queries, services, sources
from app.certificates.models import Certificate, CertificateStatus, EndReason
from app.completion.models import DocumentKind, Result
from app.core.db import db
from app.files.models import Document
from app.jobs import runner
from app.jobs.models import Job, JobStatus
from app.training.models import CourseSession, SessionAudience, SessionStatus
from tests.certificates.stage import Given, issued, many, session_of
from tests.conftest import HX, Stage


def statuses(stage: Stage, path: str, names: str) -> dict[str, int]:
    return {name: getattr(stage, name).get(path).status_code for name in names.split()}


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
    made = services.issue_thanks(course_session, sources.trainers_of(course_session)[0][0], by=SYSTEM)
    db.session.commit()
    assert made.number in stage.coordinator.page("/certificates").text
    assert stage.coordinator_elsewhere.get(f"/certificates/{made.id}").status_code == 404
    assert stage.focal_point.get(f"/certificates/{made.id}").status_code == 404


def test_a_trainer_finds_and_downloads_her_letter_of_thanks_and_nothing_else(stage: Stage, given: Given) -> None:
    course_session = session_of(given)
    letter = services.issue_thanks(course_session, sources.trainers_of(course_session)[0][0], by=SYSTEM)
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
    from app.certificates.codes import show

    made = issued(given, "elif")
    assert made.number in stage.coordinator.page(f"/certificates?q={show(made.code)}").text
    assert made.number in stage.coordinator.page(f"/certificates?q={made.code.lower()}").text


def test_the_list_answers_htmx_with_its_block_and_costs_few_statements(stage: Stage, given: Given) -> None:
    many(given, 60)
    for enrolment in given.crowd:
        _issue(given, enrolment)
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
    from tests.certificates.stage import _enrol

    given.enrolments["guest"] = _enrol(
        given.session, stage.cast.employees["zeynep"], Result.COMPLETED_ATTENDANCE, DocumentKind.ATTENDANCE
    )
    made = issued(given, "guest")
    elsewhere = stage.coordinator_elsewhere
    assert elsewhere.get(f"/certificates/{made.id}").status_code == 200
    assert elsewhere.get(f"/certificates/{made.id}/revoke").status_code == 404
    assert elsewhere.post(f"/certificates/{made.id}/revoke", data={"reason": "x"}).status_code == 404


def test_a_replacement_shows_what_changes_and_links_both_ways(stage: Stage, given: Given) -> None:
    from tests.certificates.stage import person

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


# --- a session's certificates -------------------------------------------------------------------------------


def _issue(given: Given, enrolment_id: int) -> Certificate:
    from app.certificates import due

    course_session = session_of(given)
    made = services.issue(
        course_session, due.outcomes_to_certify(course_session, [enrolment_id])[0], by=SYSTEM, tell=False
    )
    db.session.commit()
    return made


def test_the_preview_says_who_is_due_what_and_why_not(stage: Stage, given: Given) -> None:
    issued(given, "isik")
    page = stage.coordinator.page(f"/sessions/{given.session}/certificates")
    with stage.app.test_request_context("/"):
        words = (DocumentKind.SUCCESS.label, Result.FAILED_ATTENDANCE.label)
    for text in (*words, "Elif Ağaoğlu", "Yavuz Aytaç", "2026/GAZ/0001", "Dr. Ümit GÜNEŞ"):
        assert text in page.text, text
    assert "Belgeleri ver" in page.text


def test_a_session_is_certified_by_who_runs_it(stage: Stage, given: Given) -> None:
    db.session.add(SessionAudience(course_session_id=given.session, province_id=stage.cast.erzurum))
    db.session.commit()
    expected = {
        "admin": 200,
        "coordinator": 200,
        "coordinator_elsewhere": 404,
        "focal_point": 403,
        "staff": 403,
        "trainer": 403,
        "viewer": 403,
        "nobody": 302,
    }
    assert statuses(stage, f"/sessions/{given.session}/certificates", " ".join(expected)) == expected
    for verb in ("issue", "thanks", "print"):
        path = f"/sessions/{given.session}/certificates/{verb}"
        assert stage.coordinator_elsewhere.post(path).status_code == 404, verb
        assert stage.focal_point.post(path).status_code == 403, verb
    for ending in ("zip", "pdf"):
        assert stage.coordinator_elsewhere.get(f"/sessions/{given.session}/certificates.{ending}").status_code == 404


def test_issuing_leads_to_the_progress_of_a_job_and_its_result(stage: Stage, given: Given) -> None:
    path = f"/sessions/{given.session}/certificates/issue"
    answer = stage.coordinator.post(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/jobs/")
    assert stage.coordinator.post(path).location == answer.location, "one open job for a session"
    waiting = stage.coordinator.page(answer.location)
    assert 'hx-trigger="every 1s"' in waiting.html
    assert "0 / 2" in waiting.text
    assert "Belgeler veriliyor" in stage.coordinator.page(f"/sessions/{given.session}/certificates").text
    runner.run(int(answer.location.rsplit("/", 1)[1]))
    done = stage.coordinator.page(answer.location)
    assert "every 1s" not in done.html
    assert "2 belge verildi" in done.text
    fragment = stage.coordinator.get(answer.location, headers=HX)
    assert "<html" not in fragment.text
    assert 'id="progress"' in fragment.text
    page = stage.coordinator.page(f"/sessions/{given.session}/certificates")
    assert "2026/GAZ/0002" in page.text
    refused = stage.coordinator.post(path)
    assert refused.status_code == 422, "nothing is due any more"


def test_jobs_are_seen_by_who_started_them_and_administrators(stage: Stage, given: Given) -> None:
    location = stage.coordinator.post(f"/sessions/{given.session}/certificates/issue").location
    assert statuses(stage, location, "coordinator admin coordinator_elsewhere focal_point staff nobody") == {
        "coordinator": 200,
        "admin": 200,
        "coordinator_elsewhere": 404,
        "focal_point": 404,
        "staff": 404,
        "nobody": 302,
    }
    assert stage.coordinator.get(f"{location}/file").status_code == 404, "this job makes no file"


def test_one_who_was_revoked_is_issued_again_by_hand(stage: Stage, given: Given) -> None:
    services.revoke(issued(given, "elif"), "Kimlik karışmış", by=SYSTEM)
    db.session.commit()
    path = f"/sessions/{given.session}/certificates/issue"
    issued(given, "isik")
    page = stage.coordinator.page(f"/sessions/{given.session}/certificates")
    assert "iptal edilmiş 1 belge var" in page.text
    assert "herkesin belgesi var" not in page.text
    location = stage.coordinator.post(path, data={"only": given.enrolments["elif"]}).location
    runner.run(int(location.rsplit("/", 1)[1]))
    assert len(queries.valid_ids(session_of(given))) == 2
    assert stage.coordinator.post(path, data={"only": given.enrolments["sukru"]}).status_code == 422
    assert stage.coordinator.post(path, data={"only": given.enrolments["zeynep"]}).status_code == 422


def test_a_session_that_is_not_finalised_or_has_no_signatory_issues_nothing(stage: Stage, given: Given) -> None:
    from app.settings.models import Signatory

    db.session.execute(sa.delete(Signatory))
    db.session.commit()
    page = stage.coordinator.page(f"/sessions/{given.session}/certificates")
    assert "imza" in page.text.lower()
    assert "Belgeleri ver" not in page.text
    assert stage.coordinator.post(f"/sessions/{given.session}/certificates/issue").status_code == 422
    session_of(given).status = SessionStatus.CONFIRMED
    db.session.commit()
    assert stage.coordinator.post(f"/sessions/{given.session}/certificates/issue").status_code == 422


def test_a_trainer_is_thanked_from_the_same_page(stage: Stage, given: Given) -> None:
    path = f"/sessions/{given.session}/certificates/thanks"
    assert stage.coordinator.post(path, data={"trainer": given.trainer}).status_code == 303
    assert stage.coordinator.post(path, data={"trainer": given.trainer}).status_code == 422
    assert stage.coordinator.post(path, data={"trainer": "9999"}).status_code == 404
    assert stage.coordinator.post(path, data={"trainer": "x"}).status_code == 404


def test_all_files_come_as_one_archive_and_one_print_file(stage: Stage, given: Given) -> None:
    made = [issued(given, "elif"), issued(given, "isik")]
    answer = stage.coordinator.get(f"/sessions/{given.session}/certificates.zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        names = archive.namelist()
        assert names == [f"{row.printed_name} {row.number.replace('/', '-')}.pdf" for row in made]
        for row, name in zip(made, names, strict=True):
            assert archive.read(name) == stage.admin.get(f"/certificates/{row.id}.pdf").get_data()
    printed = stage.coordinator.get(f"/sessions/{given.session}/certificates.pdf")
    assert printed.mimetype == "application/pdf"
    from tests.paper.reading import reader, text_of

    assert len(reader(printed.get_data()).pages) == 2
    assert made[1].number in text_of(printed.get_data(), 1)
    traces = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.exported")).all()
    assert [(t.facts["format"], t.facts["rows"]) for t in traces] == [("zip", 2), ("pdf", 2)]


def test_a_large_print_file_is_made_in_the_background(stage: Stage, given: Given) -> None:
    for enrolment in many(given, 51):
        _issue(given, enrolment)
    assert stage.coordinator.get(f"/sessions/{given.session}/certificates.pdf").status_code == 404
    location = stage.coordinator.post(f"/sessions/{given.session}/certificates/print").location
    job_id = int(location.rsplit("/", 1)[1])
    runner.run(job_id)
    db.session.expire_all()
    assert EVERYWHERE.get(Job, job_id).status is JobStatus.DONE
    answer = stage.coordinator.get(f"{location}/file")
    from tests.paper.reading import reader

    assert len(reader(answer.get_data()).pages) == 51
    assert stage.coordinator_elsewhere.get(f"{location}/file").status_code == 404


def test_without_certificates_there_is_no_file(stage: Stage, given: Given) -> None:
    assert stage.coordinator.get(f"/sessions/{given.session}/certificates.zip").status_code == 404
    assert stage.coordinator.post(f"/sessions/{given.session}/certificates/print").status_code == 422


# --- opening again -----------------------------------------------------------------------------------------


def test_an_administrator_reopens_a_session_once_no_certificate_rests_on_it(stage: Stage, given: Given) -> None:
    path = f"/sessions/{given.session}/reopen"
    assert statuses(stage, path, "coordinator focal_point") == {"coordinator": 403, "focal_point": 403}
    made = issued(given, "elif")
    assert "geçerli" in stage.admin.page(path).text
    refused = stage.admin.post(path, data={"reason": "Yoklama yanlış girilmiş"})
    assert refused.status_code == 422
    assert "Yoklama yanlış girilmiş" in refused.text, "what was typed stays"
    services.revoke(queries.certificate(EVERYWHERE, made.id), "Yoklama", by=SYSTEM)
    db.session.commit()
    assert stage.admin.post(path, data={"reason": ""}).status_code == 422
    assert stage.admin.post(path, data={"reason": "Yoklama yanlış girilmiş"}).status_code == 303
    db.session.expire_all()
    assert EVERYWHERE.get(CourseSession, given.session).status is SessionStatus.CONFIRMED


# --- what other pages show ------------------------------------------------------------------------------------


def test_other_pages_are_told_of_certificates(stage: Stage, given: Given) -> None:
    from app.access.models import User
    from app.access.queries import caller_of
    from app.certificates import showing
    from app.web import slots
    from tests.certificates.stage import person

    made = issued(given, "elif")

    def caller(name: str) -> Any:
        return caller_of(EVERYWHERE.get(User, stage.cast.users[name]))

    coordinator, elsewhere = caller("coordinator"), caller("coordinator_elsewhere")
    with stage.app.test_request_context("/"):
        hits = showing.hits(coordinator, "agaoglu")
        assert hits is not None
        assert [hit.url for hit in hits.hits] == [f"/certificates/{made.id}"]
        assert showing.hits(elsewhere, "agaoglu") is None
        assert showing.hits(caller("trainer"), "agaoglu") is None
        assert [(t.url, t.label) for t in showing.tasks(coordinator, None)] == [
            (f"/sessions/{given.session}/certificates", "1 belge verilmeyi bekliyor")
        ]
        section = showing.person_section(caller("focal_point"), person(stage.cast, "elif"))
        assert section is not None
        assert [row.id for row in section.content] == [made.id]
        item = showing.nav(coordinator, None)
        assert item is not None
        assert item.place
        assert showing.nav(caller("trainer"), None) is not None
        assert showing.nav(caller("viewer"), None) is None
        assert showing.tab(coordinator, session_of(given)) is not None
        assert showing.tab(elsewhere, session_of(given)) is None
        assert showing.move(caller("admin"), session_of(given)) is not None
        assert showing.move(coordinator, session_of(given)) is None
    for slot, provider in (
        ("nav", showing.nav),
        ("course_session.tabs", showing.tab),
        ("course_session.moves", showing.move),
        ("person.sections", showing.person_section),
        ("search.results", showing.hits),
        ("home.tasks", showing.tasks),
    ):
        assert provider in slots._providers[slot], slot
