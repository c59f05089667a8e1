"""The notice on personal data: read before first use, once; again where a version says so; kept as it was."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core.db import db
from app.refdata import load
from app.retention.kinds import KINDS
from app.settings.models import Notice, NoticeReading
from app.settings.notice import queries, services
from app.settings.queries import DEFAULTS
from tests.cast import By
from tests.conftest import Stage
from tests.page import Page


def published(text: str = "Ad ve sicil no işlenir.", *, must_read: bool = True) -> int:
    notice = services.publish(services.Text(text, "Names are processed.", must_read), by=By(1))
    db.session.commit()
    return notice.id


def readings() -> list[tuple[str, int]]:
    db.session.expire_all()
    rows = db.session.scalars(EVERYWHERE.select(NoticeReading).order_by(NoticeReading.id))
    return [(row.reader, row.notice_id) for row in rows]


def agree(stage: Stage, who: str = "coordinator", version: int = 1) -> str:
    page = stage.__getattr__(who).page("/notice?next=/people")
    form = page.hidden("/notice")
    assert form["notice"] == str(version)
    return getattr(stage, who).post("/notice", data=form).headers["Location"]


def test_nobody_is_asked_where_there_is_none(stage: Stage) -> None:
    assert stage.coordinator.get("/people").status_code == 200
    assert "Henüz aydınlatma metni yok" in stage.nobody.page("/notice").text


def test_it_is_read_before_first_use_and_leads_back(stage: Stage) -> None:
    published()
    answer = stage.coordinator.get("/people?q=elif")
    assert answer.status_code == 303 and answer.location == "/notice?next=%2Fpeople%3Fq%3Delif"
    page = stage.coordinator.page("/people")
    assert "Ad ve sicil no işlenir." in page.text and "Okudum" in page.text and "checkbox" not in page.text
    assert agree(stage) == "/people"
    assert stage.coordinator.get("/people").status_code == 200
    assert readings() == [(f"user:{stage.cast.users['coordinator']}", 1)]
    assert "Okudum" not in stage.coordinator.page("/notice").text


def test_another_sign_in_does_not_ask_again(stage: Stage) -> None:
    published()
    agree(stage)
    again = stage.app.test_client().as_user(stage.cast.users["coordinator"])  # type: ignore[attr-defined]
    assert again.get("/people").status_code == 200
    assert len(readings()) == 1


def test_a_version_of_substance_is_shown_again_and_a_correction_is_not(stage: Stage) -> None:
    published()
    agree(stage)
    published("Yazım düzeltildi.", must_read=False)
    assert stage.coordinator.get("/people").status_code == 200
    assert "Yazım düzeltildi." in stage.nobody.page("/notice").text
    published("Yeni amaç.")
    assert stage.coordinator.get("/people").status_code == 303, "at once"
    agree(stage, version=3)
    assert [version for _, version in readings()] == [1, 3]


def test_whoever_reads_the_correction_has_read_what_is_due(stage: Stage) -> None:
    published()
    published("Yazım düzeltildi.", must_read=False)
    agree(stage, "staff", version=2)
    assert stage.staff.get("/me").status_code == 200


def test_everybody_reads_it_without_signing_in_in_both_languages(stage: Stage) -> None:
    published()
    for path in ("/sign-in", "/d"):
        assert 'href="/notice"' in stage.nobody.get(path).text
    assert "Names are processed." in stage.nobody.page("/notice?lang=en").text
    assert stage.nobody.post("/notice", data={"notice": "1"}).status_code != 200 and readings() == []


def test_an_unknown_version_is_nobody_s(stage: Stage) -> None:
    published()
    form = stage.coordinator.page("/notice").hidden("/notice")
    for version in ("7", "x", ""):
        assert stage.coordinator.post("/notice", data=form | {"notice": version}).status_code == 404


def test_an_administrator_publishes_the_next_and_the_first_is_a_draft(stage: Stage) -> None:
    page = stage.admin.page("/settings/notice/new")
    assert "Verileriniz yurt dışına aktarılmaz" in page.text
    form = page.hidden("/settings/notice/new")
    empty = stage.admin.post("/settings/notice/new", data=form | {"text_tr": " ", "text_en": "Text"})
    assert empty.status_code == 422
    form = Page(empty.text).hidden("/settings/notice/new")
    sent = stage.admin.post("/settings/notice/new", data=form | {"text_tr": "Metin\r\n\r\nİki", "text_en": "Text"})
    assert sent.status_code == 303
    found = queries.current()
    assert found is not None and found.text_tr == "Metin\n\nİki" and found.must_read, "the first is read by everybody"
    events = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events == ["notice.published", "settings.changed"]
    agree(stage, "admin")
    for path in ("/settings/notice", "/settings/notice/1", "/settings"):
        assert "1" in stage.admin.page(path).text
    assert "Metin" in stage.admin.page("/settings/notice/1").text
    assert stage.admin.get("/settings/notice/9").status_code == 404


def test_a_personal_link_remembers_its_reader(stage: Stage) -> None:
    notice = db.session.get(Notice, published())
    assert notice is not None
    services.shown(notice, "employee:12")
    services.shown(notice, "employee:12")
    db.session.commit()
    assert readings() == [("employee:12", 1)] and queries.last_read("employee:12") == 1


def test_the_others_may_not(stage: Stage) -> None:
    for path in ("/settings/notice", "/settings/notice/new", "/settings/notice/1"):
        for who in ("coordinator", "staff", "viewer"):
            assert getattr(stage, who).get(path).status_code == 403


def test_what_the_draft_says_goes_by_itself_does(app: Flask) -> None:
    """A year for letters and invitations, a month for lists that came in, two years for answers; of the rest it says that
    the controllers see to it.
    """
    draft = load("notice")
    assert "kendiliğinden silinir" in draft["tr"] and "the system deletes" in draft["en"]
    assert set(KINDS.on(app)) == {"letters", "invitations", "imports", "answers"}, (
        "what else goes by itself the draft may say, too"
    )
    assert "otuz gün, " in draft["tr"] and "after thirty days" in draft["en"]
    assert "iki yıl sonra" in draft["tr"] and "after two years" in draft["en"]
    kinds = ("letters", "invitations", "imports", "answers")
    assert [DEFAULTS[f"{kind}_kept_days"] for kind in kinds] == [365, 365, 30, 730]
