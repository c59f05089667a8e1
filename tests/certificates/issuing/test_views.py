"""The certificates page of a session, for each of the cast."""

from __future__ import annotations

import sqlalchemy as sa

from app.audit.journal import SYSTEM
from app.certificates import queries as certificates
from app.certificates.register import services as register
from app.completion.models import DocumentKind, Result
from app.core.db import db
from app.jobs import runner
from app.training.models import SessionStatus
from tests import factories
from tests.certificates.stage import Given, issued, session_of, statuses
from tests.conftest import HX, Stage


def test_the_preview_says_who_is_due_what_and_why_not(stage: Stage, given: Given) -> None:
    issued(given, "isik")
    page = stage.coordinator.page(f"/sessions/{given.session}/certificates")
    with stage.app.test_request_context("/"):
        words = (DocumentKind.SUCCESS.label, Result.FAILED_ATTENDANCE.label)
    for text in (*words, "Elif Ağaoğlu", "Yavuz Aytaç", "2026/GAZ/0001", "Dr. Ümit GÜNEŞ"):
        assert text in page.text, text
    assert "Belgeleri ver" in page.text


def test_a_session_is_certified_by_who_runs_it(stage: Stage, given: Given) -> None:
    factories.audience(given.session, province_id=stage.cast.erzurum)
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
    register.revoke(issued(given, "elif"), "Kimlik karışmış", by=SYSTEM)
    db.session.commit()
    path = f"/sessions/{given.session}/certificates/issue"
    issued(given, "isik")
    page = stage.coordinator.page(f"/sessions/{given.session}/certificates")
    assert "iptal edilmiş 1 belge var" in page.text
    assert "herkesin belgesi var" not in page.text
    location = stage.coordinator.post(path, data={"only": given.enrolments["elif"]}).location
    runner.run(int(location.rsplit("/", 1)[1]))
    assert len(certificates.valid_ids(session_of(given))) == 2
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
