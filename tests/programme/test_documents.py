"""A document of the programme: submitted, returned, approved by somebody else, revised; its versions stay as they were."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app.access.models import Grant, User
from app.access.permissions import Role
from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.core.errors import Missing, Refused
from app.programme.documents import contents, pages, queries, services
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentStatus, ProgrammeDocumentVersion
from app.programme.documents.rules import Passage, Piece, difference, pieces
from app.settings.models import Setting
from tests import factories
from tests.cast import By, Cast
from tests.conftest import Browser, Stage
from tests.paper.reading import text_of

AIM = Passage("aim", "Amaç", "Aim", "Kadınlara danışmanlık verilir.", "Women are advised.")
RISKS = Passage("risks", "Riskler", "Risks", "Personel değişir.", "")
WRITER, OTHER = By(1), By(2)


@pytest.fixture
def document(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> ProgrammeDocument:
    """Its owner says what it says."""
    made = factories.programme_document()
    db.session.commit()
    monkeypatch.setattr(pages, "owner", lambda *_: pages.Owner("/programme", lambda: ([AIM, RISKS], None)))
    return made


def submitted(document: ProgrammeDocument, reason: str = "") -> None:
    services.submit(document, reason, lacking=None, by=WRITER)
    db.session.commit()


def approved(document: ProgrammeDocument, *passages: Passage, reason: str = "") -> ProgrammeDocumentVersion:
    submitted(document, reason)
    made = services.approve(document, passages or [AIM], by=OTHER)
    db.session.commit()
    return made


# --- services -----------------------------------------------------------------------------------------------


def test_whoever_submitted_it_does_not_decide(document: ProgrammeDocument) -> None:
    submitted(document)
    for decide in (
        lambda: services.approve(document, [AIM], by=WRITER),
        lambda: services.return_document(document, "Eksik", by=WRITER),
    ):
        with pytest.raises(Refused, match="kararı başka biri verir"):
            decide()
        db.session.rollback()


def test_what_lacks_something_is_not_submitted(document: ProgrammeDocument) -> None:
    with pytest.raises(Refused, match="Riskler"):
        services.submit(document, "", lacking="Eksik bölüm: Riskler", by=WRITER)


def test_a_next_version_says_what_changed(document: ProgrammeDocument) -> None:
    approved(document)
    services.draft_again(document, ProgrammeDocumentStatus.APPROVED, by=WRITER)
    db.session.commit()
    with pytest.raises(Refused) as no:
        services.submit(document, "", lacking=None, by=WRITER)
    assert no.value.field == "reason"


def test_the_version_in_force_counts_until_the_next_is_approved(document: ProgrammeDocument) -> None:
    approved(document)
    assert document.in_force == 1
    services.draft_again(document, ProgrammeDocumentStatus.APPROVED, by=WRITER)
    db.session.commit()
    assert (document.status, document.edition, document.in_force) == (ProgrammeDocumentStatus.DRAFT, 2, 1)
    approved(document, reason="Bütçe değişti")
    assert document.in_force == 2
    assert [one.edition for one in queries.versions(document).rows] == [2, 1]


def test_what_was_approved_never_changes(document: ProgrammeDocument) -> None:
    version = approved(document)
    with pytest.raises(DatabaseError, match="only added to"):
        db.session.execute(EVERYWHERE.trusting(sa.update(ProgrammeDocumentVersion).values(reason="x"), type(version)))
    db.session.rollback()


def test_it_is_shut_while_it_is_in_review(document: ProgrammeDocument) -> None:
    services.hold(document)
    submitted(document)
    with pytest.raises(Refused, match="İncelemedeyken"):
        services.hold(document)


def test_remarks_stay_in_its_history(document: ProgrammeDocument) -> None:
    submitted(document)
    services.return_document(document, "Riskler eksik", by=OTHER)
    assert [(one.status.value, one.reason) for one in queries.steps(document)] == [
        ("returned", "Riskler eksik"),
        ("submitted", ""),
    ]


# --- scope ---------------------------------------------------------------------------------------------------


def test_only_those_of_its_province_and_institution_find_it(document: ProgrammeDocument, cast: Cast) -> None:
    document.organisation_id = cast.nizip
    db.session.commit()
    for scope in (Scope(provinces=frozenset({1})), Scope(organisations=frozenset({cast.nizip}))):
        assert queries.document(scope, document.id) is document
    for scope in (Scope(provinces=frozenset({2})), Scope(organisations=frozenset({cast.sahinbey}))):
        with pytest.raises(Missing):
            queries.document(scope, document.id)


# --- rules ---------------------------------------------------------------------------------------------------


def test_words_that_went_and_came_are_told_apart() -> None:
    assert pieces("üç kişi çalışır", "beş kişi çalışır") == [
        Piece("gone", "üç"),
        Piece("new", "beş"),
        Piece("same", "kişi çalışır"),
    ]


def test_passages_that_changed_came_or_went() -> None:
    later = Passage("aim", "Amaç", "Aim", "Kadınlara hukuki danışmanlık verilir.", "Women are advised.")
    risks = Passage("staff", "Personel", "Staff", rows_tr=(("Ad", "Görev"), ("Ela", "Müdür")))
    found = difference([AIM, RISKS], [later, risks])
    assert [one.named.key for one in found] == ["aim", "staff", "risks"]
    assert list(found[0].pieces) == ["tr"], "the English says the same"
    assert found[1].pieces["tr"] == [Piece("new", "Ad · Görev Ela · Müdür")]
    assert found[2].now is None


@pytest.mark.parametrize("passage", [AIM, Passage("a", "b", "c", rows_tr=(("1", "2"), ("3", "4")))])
def test_what_is_written_is_read_again(passage: Passage) -> None:
    assert Passage.read(passage.written()) == passage


# --- pages ---------------------------------------------------------------------------------------------------


def seen(document: ProgrammeDocument) -> dict[str, str]:
    """As the form sends it of what it shows."""
    db.session.expire_all()
    return {"version": pages.seen(document, pages.Owner("", lambda: ([AIM, RISKS], None)))}


def step(browser: Browser, document: ProgrammeDocument, step: str, **values: Any) -> int:
    path = f"/programme/documents/{document.id}/{step}"
    sent = {**browser.page(path).hidden(path), **values}
    return browser.post(path, data=sent).status_code


def test_from_draft_to_a_second_version(stage: Stage, document: ProgrammeDocument) -> None:
    path = f"/programme/documents/{document.id}"
    assert step(stage.coordinator, document, "submit") == 303
    assert stage.coordinator.get(f"{path}/approve").status_code == 403
    assert "/programme/documents?decide=yes" in stage.admin.get("/").text
    assert step(stage.admin, document, "return", remarks="Bütçe eksik") == 303
    assert "Bütçe eksik" in stage.coordinator.page(path).text
    assert "/programme/documents?status=returned" in stage.coordinator.get("/").text
    assert step(stage.coordinator, document, "submit") == 303
    assert step(stage.admin, document, "approve") == 303
    assert stage.coordinator.get(f"{path}/versions/1").status_code == 200
    assert stage.coordinator.get(f"{path}/versions/1.pdf").data.startswith(b"%PDF")
    assert stage.coordinator.post(f"{path}/revise").status_code == 303
    assert step(stage.coordinator, document, "submit", reason="Riskler yazıldı") == 303
    assert step(stage.admin, document, "approve") == 303
    assert "Riskler yazıldı" in stage.coordinator.page(f"{path}/versions/2/changes").text


def test_an_administrator_decides_what_another_submitted(stage: Stage, document: ProgrammeDocument) -> None:
    stage.cast.users["other"] = factories.user("admin2", "Çiğdem", "Onay", Grant(role=Role.ADMINISTRATOR)).id
    db.session.commit()
    assert step(stage.admin, document, "submit") == 303
    path = f"/programme/documents/{document.id}"
    assert "approve" not in stage.admin.get(path).text
    page = stage.admin.page(f"{path}/approve")
    assert "kararı başka biri verir" in page.text
    assert f'action="{path}/approve"' not in page.html, "it could only be refused"
    assert stage.admin.post(f"{path}/approve", data=seen(document)).status_code == 422
    assert step(stage.other, document, "approve") == 303


def test_who_decides_has_seen_what_it_says_now(stage: Stage, document: ProgrammeDocument) -> None:
    step(stage.coordinator, document, "submit")
    path = f"/programme/documents/{document.id}/approve"
    shown = stage.admin.page(path).hidden(path)
    step(stage.admin, document, "return", remarks="Eksik")
    step(stage.coordinator, document, "submit")
    assert stage.admin.post(path, data=shown).status_code == 409


def test_who_decides_is_not_asked_to_compare_values_there_are_none_of(
    stage: Stage, document: ProgrammeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it says is another without any step of its own: an action of a plan was moved."""
    step(stage.coordinator, document, "submit")
    path = f"/programme/documents/{document.id}/approve"
    shown = stage.admin.page(path).hidden(path)
    monkeypatch.setattr(pages, "owner", lambda *_: pages.Owner("/programme", lambda: ([AIM], None)))
    answer = stage.admin.post(path, data=shown)
    assert answer.status_code == 409
    assert "Son hâline bakıp" in answer.text
    assert "karşılaştır" not in answer.text
    assert step(stage.admin, document, "approve") == 303


def test_where_nobody_else_decides_it_is_not_submitted(stage: Stage, document: ProgrammeDocument) -> None:
    path = f"/programme/documents/{document.id}/submit"
    assert stage.admin.post(path, data=stage.coordinator.page(path).hidden(path)).status_code == 422
    shown = stage.admin.page(path)
    assert "başka bir yönetici" in shown.text and f'action="{path}"' not in shown.html, "it could only fail"
    assert step(stage.coordinator, document, "submit") == 303, "the administrator does"


def test_whoever_submitted_it_takes_it_back(stage: Stage, document: ProgrammeDocument) -> None:
    path = f"/programme/documents/{document.id}"
    step(stage.coordinator, document, "submit")
    assert "Geri al" in stage.coordinator.page(path).text
    assert "Geri al" not in stage.admin.page(path).text
    assert stage.admin.post(f"{path}/take-back").status_code == 422, "she returns it with remarks"
    assert stage.coordinator.post(f"{path}/take-back").status_code == 303
    db.session.expire_all()
    assert (document.status, document.edition, document.submitted_by) == (ProgrammeDocumentStatus.DRAFT, 1, None)
    step(stage.coordinator, document, "submit")
    assert step(stage.admin, document, "approve") == 303
    assert stage.coordinator.post(f"{path}/take-back").status_code == 422, "an old page begins no next version"
    assert document.edition == 1


@pytest.mark.parametrize("one", ["submit", "approve", "return"])
def test_what_cannot_be_done_now_has_no_form(stage: Stage, document: ProgrammeDocument, one: str) -> None:
    document.status = ProgrammeDocumentStatus.APPROVED
    db.session.commit()
    path = f"/programme/documents/{document.id}/{one}"
    assert f'action="{path}"' not in stage.admin.page(path).html


def test_many_versions_stand_on_pages_with_their_history(
    stage: Stage, document: ProgrammeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "EDITIONS", 2)
    for number in range(3):
        approved(document, reason=f"Değişiklik {number}")
        services.draft_again(document, ProgrammeDocumentStatus.APPROVED, by=WRITER)
        db.session.commit()
    first, second = (stage.coordinator.page(f"/programme/documents/1?page={number}").text for number in (1, 2))
    for text, there, elsewhere in ((first, ("sürüm 4", "sürüm 2"), "sürüm 1"), (second, ("sürüm 1",), "sürüm 2")):
        assert all(f", {one}" in text for one in there)
        assert f", {elsewhere}" not in text
    assert first.count("Değişiklik") == 4, "at its version and in the history"


def test_elsewhere_it_does_not_exist(stage: Stage, document: ProgrammeDocument) -> None:
    path = f"/programme/documents/{document.id}"
    for browser in (stage.coordinator_elsewhere, stage.focal_point):
        assert browser.get(path).status_code == 404
        assert "Toplum merkezi" not in browser.get("/programme/documents").text
    assert stage.coordinator_elsewhere.post(f"{path}/revise").status_code == 404
    assert stage.viewer.get(path).status_code == 403


def test_a_list_of_documents_is_a_file_too(stage: Stage, document: ProgrammeDocument) -> None:
    assert "Toplum merkezi" in stage.coordinator.get("/programme/documents?format=csv").text
    assert "Toplum merkezi" not in stage.coordinator.get("/programme/documents?status=approved").text
    assert "Toplum merkezi" not in stage.coordinator.get("/programme/documents?status=nonsense").text


def test_documents_to_decide_are_as_many_as_their_list_says(stage: Stage) -> None:
    """One's own is somebody else's to decide."""
    for submitted_by in (stage.cast.users["admin"], None):
        factories.programme_document(status=ProgrammeDocumentStatus.SUBMITTED, submitted_by=submitted_by)
    db.session.commit()
    assert "1 program dokümanı incelemede" in stage.admin.page("/").text
    assert stage.admin.get("/programme/documents?decide=yes&format=csv").text.count("İncelemede") == 1
    assert stage.admin.get("/programme/documents?status=submitted&format=csv").text.count("İncelemede") == 2


def test_its_paper_says_who_approved_it_and_what_is_no_real_data(stage: Stage, document: ProgrammeDocument) -> None:
    path = f"/programme/documents/{document.id}"
    step(stage.coordinator, document, "submit")
    step(stage.admin, document, "approve")
    db.session.add(Setting(key="sample_data", value={"value": True}))
    db.session.commit()
    approver = EVERYWHERE.get(User, stage.cast.users["admin"]).name
    assert approver in stage.coordinator.page(f"{path}/versions/1").text
    said = text_of(stage.coordinator.get(f"{path}/versions/1.pdf").data)
    assert approver in said
    assert said.startswith("Toplum merkezi yönetim planı"), "which says already what it is"
    assert "Örnek veridir" in said
    assert "Örnek veridir" in text_of(stage.coordinator.get(f"{path}/draft.pdf").data)


def test_the_paper_of_a_version_is_the_same_whenever_it_is_drawn(app: Any, document: ProgrammeDocument) -> None:
    approved(document, AIM, RISKS)
    found = queries.document(EVERYWHERE, document.id)
    version = queries.version(found, 1)
    with app.test_request_context():
        assert contents.of_version(found, version) == contents.of_version(found, version)
