"""Who is due a document, and who is not."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates.issuing import queries
from app.certificates.register import services as register
from app.completion.models import Outcome
from app.core.db import db
from tests.certificates.stage import Given, issued, many, session_of


def test_whoever_was_revoked_after_finalising_is_not_issued_with_all_the_others(given: Given) -> None:
    register.revoke(issued(given, "elif"), "Kimlik karışmış", by=SYSTEM)
    db.session.commit()
    found = {row.enrolment_id: row for row in queries.candidates(session_of(given))}
    elif_, isik = found[given.enrolments["elif"]], found[given.enrolments["isik"]]
    assert (elif_.due, elif_.may_be_issued) == (False, True)
    assert (isik.due, isik.may_be_issued) == (True, True)
    # the session was opened, corrected and finalised anew: now they are due again
    db.session.execute(EVERYWHERE.trusting(sa.update(Outcome).values(at=datetime(2030, 1, 1, tzinfo=UTC)), Outcome))
    db.session.commit()
    db.session.expire_all()
    assert all(row.due for row in queries.candidates(session_of(given)) if row.document)


def test_everybody_is_found_due_by_name(given: Given) -> None:
    many(given, 3)
    names = [row.name for row in queries.candidates(session_of(given))]
    assert names == [
        "Elif Ağaoğlu",
        "Işık Çınar",
        "Kişi000 Çokçalışkan",
        "Kişi001 Çokçalışkan",
        "Kişi002 Çokçalışkan",
        "Şükrü İğneci",
    ]
