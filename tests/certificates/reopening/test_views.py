"""Opening a finalised session again."""

from __future__ import annotations

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates.register import queries
from app.certificates.register import services as register
from app.core.db import db
from app.training.models import CourseSession, SessionStatus
from tests.certificates.stage import Given, issued, statuses
from tests.conftest import Stage


def test_an_administrator_reopens_a_session_once_no_certificate_rests_on_it(stage: Stage, given: Given) -> None:
    path = f"/sessions/{given.session}/reopen"
    assert statuses(stage, path, "coordinator focal_point") == {"coordinator": 403, "focal_point": 403}
    made = issued(given, "elif")
    assert "geçerli" in stage.admin.page(path).text
    refused = stage.admin.post(path, data={"reason": "Yoklama yanlış girilmiş"})
    assert refused.status_code == 422
    assert "Yoklama yanlış girilmiş" in refused.text, "what was typed stays"
    register.revoke(queries.certificate(EVERYWHERE, made.id), "Yoklama", by=SYSTEM)
    db.session.commit()
    assert stage.admin.post(path, data={"reason": ""}).status_code == 422
    assert stage.admin.post(path, data={"reason": "Yoklama yanlış girilmiş"}).status_code == 303
    db.session.expire_all()
    assert EVERYWHERE.get(CourseSession, given.session).status is SessionStatus.CONFIRMED
