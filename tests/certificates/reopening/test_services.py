"""Opening again: not while a valid certificate rests on the session."""

from __future__ import annotations

import pytest

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates.register import services as register
from app.certificates.reopening import services
from app.core.db import db
from app.core.errors import Refused
from app.training.models import CourseSession, SessionStatus
from tests.certificates.stage import Given, issued, session_of


def test_reopening_waits_until_no_valid_certificate_rests_on_the_session(given: Given) -> None:
    made = issued(given, "elif")
    with pytest.raises(Refused):
        services.reopen(session_of(given), "Yoklama düzeltilecek", by=SYSTEM)
    register.revoke(made, "Yoklama düzeltilecek", by=SYSTEM)
    services.reopen(session_of(given), "Yoklama düzeltilecek", by=SYSTEM)
    db.session.commit()
    again = EVERYWHERE.get(CourseSession, given.session)
    assert (again.status, again.finalised_at) == (SessionStatus.CONFIRMED, None)
