"""Revoking and replacing: what is refused, what ends, what begins."""

from __future__ import annotations

import pytest

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates import queries as certificates
from app.certificates.models import CertificateStatus
from app.certificates.register import queries, services
from app.core.db import db
from app.core.errors import Refused
from tests.cast import Cast
from tests.certificates.stage import Given, issued, person


def test_revoking_needs_a_reason_and_happens_once(given: Given) -> None:
    made = issued(given, "elif")
    with pytest.raises(Refused):
        services.revoke(made, "  ", by=SYSTEM)
    services.revoke(made, "Yanlış kişiye verildi", by=SYSTEM)
    db.session.commit()
    assert made.status is CertificateStatus.REVOKED
    assert made.end_reason == "Yanlış kişiye verildi"
    assert made.ended_at is not None
    with pytest.raises(Refused):
        services.revoke(made, "bir daha", by=SYSTEM)


def test_replacing_supersedes_and_issues_in_one_step(given: Given, cast: Cast) -> None:
    old = issued(given, "elif")
    person(cast, "elif").set_identity("Elif", "Demir", "N-001", "elif@ornek.example")
    db.session.commit()
    new = services.reissue(queries.certificate(EVERYWHERE, old.id), "Soyadı değişti", by=SYSTEM)
    db.session.commit()
    assert (old.status, new.status) == (CertificateStatus.SUPERSEDED, CertificateStatus.VALID)
    assert new.printed_name == "Elif DEMİR"
    assert new.number != old.number
    assert new.code != old.code
    before, after = certificates.predecessor(new), certificates.successor(old)
    assert before is not None
    assert after is not None
    assert (before.id, after.id) == (old.id, new.id)
    with pytest.raises(Refused):
        services.reissue(queries.certificate(EVERYWHERE, old.id), "bir daha", by=SYSTEM)


def test_no_replacement_where_nothing_is_due_any_more_and_the_old_one_stays(given: Given) -> None:
    old = issued(given, "elif")
    outcome = queries.outcome_of(given.enrolments["elif"])
    assert outcome is not None
    outcome.document = None
    db.session.commit()
    with pytest.raises(Refused):
        services.reissue(queries.certificate(EVERYWHERE, old.id), "neden", by=SYSTEM)
    db.session.rollback()
    assert queries.certificate(EVERYWHERE, old.id).status is CertificateStatus.VALID
