"""Opening a finalised session again."""

from __future__ import annotations

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.training.models import CourseSession, SessionStatus
from tests.certificates.stage import Given, issued, statuses
from tests.conftest import Stage


def test_an_administrator_reopens_a_session_whose_certificates_stay_valid(stage: Stage, given: Given) -> None:
    path = f"/sessions/{given.session}/reopen"
    assert statuses(stage, path, "coordinator focal_point") == {"coordinator": 403, "focal_point": 403}
    issued(given, "elif")
    assert "1 belge bu sırada geçerli kalır" in stage.admin.page(path).text
    assert stage.admin.post(path, data={"reason": ""}).status_code == 422
    assert stage.admin.post(path, data={"reason": "Yoklama yanlış girilmiş"}).status_code == 303
    db.session.expire_all()
    assert EVERYWHERE.get(CourseSession, given.session).status is SessionStatus.CONFIRMED
    page = stage.coordinator.page(f"/sessions/{given.session}/certificates").text
    assert "Belgeleri geçerli kalır" in page and "Geçerli belge: 1" in page
    assert "Henüz belge aşamasına gelinmedi" not in page
