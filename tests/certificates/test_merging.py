"""Two records of one person, and the certificates of both."""

from __future__ import annotations

import pytest

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.journal import SYSTEM
from app.certificates import merging
from app.certificates.issuing import queries as issuing
from app.certificates.issuing import services as issuing_services
from app.certificates.models import CertificateStatus
from app.certificates.register import services as register
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.events import EnrolmentsMerged
from app.enrolment.models import Enrolment
from app.people.events import EmployeesMerged
from tests.cast import Cast
from tests.certificates.stage import Given, issued, session_of


def test_two_records_with_valid_certificates_for_one_session_are_not_merged(given: Given, cast: Cast) -> None:
    first, second = issued(given, "elif"), issued(given, "isik")
    merged = EmployeesMerged(cast.employees["elif"], cast.employees["isik"])
    with pytest.raises(Refused, match=second.number):
        merging.guard(merged, SYSTEM)
    register.revoke(second, "Aynı kişi", by=SYSTEM)
    merging.guard(merged, SYSTEM)
    assert merging.guard in journal.LISTENERS.here[EmployeesMerged]
    assert first.status is CertificateStatus.VALID


def test_the_enrolment_that_is_left_of_two_carries_the_certificates_of_both(given: Given, cast: Cast) -> None:
    first, second = given.enrolments["elif"], given.enrolments["isik"]
    made = issued(given, "isik")
    merging.follow(EnrolmentsMerged(first, second), SYSTEM)
    db.session.commit()
    db.session.refresh(made)
    assert made.enrolment_id == first
    EVERYWHERE.get(Enrolment, second).merged_into_id = first
    db.session.commit()
    rows = {row.enrolment_id: row for row in issuing.candidates(session_of(given))}
    assert rows[first].holds
    assert second not in rows
    with pytest.raises(Refused):
        issuing_services.issue(session_of(given), issuing.outcomes_to_certify(session_of(given), [first])[0], by=SYSTEM)
    assert merging.follow in journal.LISTENERS.here[EnrolmentsMerged]
