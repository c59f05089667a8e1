"""Opening again: certificates stay valid meanwhile."""

from __future__ import annotations

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates.models import Certificate, CertificateStatus
from app.certificates.reopening import services
from app.core.db import db
from app.training.models import CourseSession, SessionStatus
from tests.certificates.stage import Given, issued, session_of


def test_a_session_is_opened_again_and_its_certificates_stay_valid(given: Given) -> None:
    made = issued(given, "elif").id
    services.reopen(session_of(given), "Yoklama düzeltilecek", by=SYSTEM)
    db.session.commit()
    again = EVERYWHERE.get(CourseSession, given.session)
    assert (again.status, again.finalised_at) == (SessionStatus.CONFIRMED, None)
    assert EVERYWHERE.get(Certificate, made).status is CertificateStatus.VALID
