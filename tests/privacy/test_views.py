"""One's own data: seen and taken along, nobody else's; requests numbered, due in thirty days, answered once."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry, AuditEntry
from app.core.clock import today
from app.core.db import db
from app.post.services import Place, enqueue
from app.privacy.models import DataRequest, DataRequestStatus
from tests.conftest import Browser, Stage
from tests.counting import statements


def ask(browser: Browser, text: str = "Unvanım Şef olmalı.") -> int:
    form = browser.page("/me/data/ask").hidden("/me/data/ask")
    sent = browser.post("/me/data/ask", data=form | {"kind": "correction", "text": text})
    assert sent.headers["Location"] == "/me/data", sent.text
    db.session.expire_all()
    return db.session.scalars(EVERYWHERE.select(DataRequest).order_by(DataRequest.id.desc())).first().id  # type: ignore[union-attr]


def test_everybody_sees_their_own_and_the_look_is_remembered(stage: Stage) -> None:
    page = stage.staff.page("/me/data").text
    assert "Elif Ağaoğlu" in page and "N-001" in page and "Nizip" in page and "Işık" not in page
    assert "N-001" not in stage.coordinator.page("/me/data").text
    for who in ("admin", "trainer", "viewer", "focal_point", "nobody_special"):
        assert getattr(stage, who).page("/me/data?lang=en").text
    db.session.expire_all()
    seen = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "privacy.own_data_seen")).all()
    assert len(seen) == 7 and seen[0].facts == {"user_id": stage.cast.users["staff"], "file": ""}


def test_more_letters_cost_no_more_statements(stage: Stage) -> None:
    address, costs = EVERYWHERE.get(User, stage.cast.users["staff"]).email, []
    for name in ("a", "b", "c"):
        enqueue(f"invite:x:{name}", address, "tr", f"Davet {name}", "Davet", place=Place(1))
        db.session.commit()
        db.session.expunge_all()
        with statements() as seen:
            assert f"Davet {name}" in stage.staff.get("/me/data").text
        costs.append(len(seen))
    assert costs[1] == costs[2], "each letter is asked for its language"


def test_it_is_taken_along(stage: Stage) -> None:
    ask(stage.staff)
    answer = stage.staff.get("/me/data.json")
    assert "attachment" in answer.headers["Content-Disposition"] and answer.mimetype == "application/json"
    found = json.loads(answer.data)
    assert "N-001" in answer.text and "Işık" not in answer.text
    assert found["İstekleriniz"][0]["İstek metni"] == "Unvanım Şef olmalı."


def test_it_is_taken_along_on_paper(stage: Stage) -> None:
    ask(stage.staff, "Çok uzun bir istek. " * 150)
    answer = stage.staff.get("/me/data.pdf")
    assert answer.mimetype == "application/pdf"
    pages = PdfReader(BytesIO(answer.data)).pages
    text = " ".join(page.extract_text() for page in pages)
    assert len(pages) > 1 and "N-001" in text and "Işık" not in text
    assert stage.admin.get("/me/data.pdf").status_code == 200


def test_a_request_is_numbered_due_and_answered_once(stage: Stage) -> None:
    number = ask(stage.staff)
    request = EVERYWHERE.get(DataRequest, number)
    assert request.due_on == today() + timedelta(days=30) and request.status is DataRequestStatus.OPEN
    assert "Unvanım Şef olmalı." in stage.staff.page("/me/data").text
    assert "Unvanım" not in stage.trainer.page("/me/data").text
    assert "Elif Ağaoğlu" in stage.admin.page("/privacy").text
    path = f"/privacy/{number}"
    form = stage.admin.page(path).hidden(path)
    assert stage.admin.post(path, data=form | {"answer": " "}).status_code == 422
    assert stage.admin.post(path, data=form | {"answer": "Düzeltildi."}).status_code == 303
    again = stage.admin.post(path, data=form | {"answer": "Yeniden", "request_key": "another"})
    assert again.status_code == 422 and "Düzeltildi." in again.text
    assert "Düzeltildi." in stage.staff.page("/me/data").text
    db.session.expire_all()
    events = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events == ["privacy.requested", "privacy.answered"]


def test_an_overdue_one_is_marked_and_stands_first(stage: Stage) -> None:
    ask(stage.trainer)
    late = EVERYWHERE.get(DataRequest, ask(stage.staff))
    late.due_on = today() - timedelta(days=1)
    db.session.commit()
    page = stage.admin.page("/privacy").text
    assert "Süresi geçti" in page and page.index("Elif") < page.index("Ümit")


def test_a_request_without_words_is_refused(stage: Stage) -> None:
    form = stage.staff.page("/me/data/ask").hidden("/me/data/ask")
    for data in ({"kind": "correction", "text": ""}, {"kind": "other", "text": "x"}):
        assert stage.staff.post("/me/data/ask", data=form | data).status_code == 422


@pytest.mark.parametrize("who", ["coordinator", "focal_point", "staff", "trainer", "viewer"])
def test_the_requests_are_the_administrators(stage: Stage, who: str) -> None:
    number = ask(stage.staff)
    for path in ("/privacy", f"/privacy/{number}"):
        assert getattr(stage, who).get(path).status_code == 403
    assert stage.admin.get("/privacy/99").status_code == 404
    assert stage.nobody.get("/me/data").status_code == 302
