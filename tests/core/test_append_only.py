"""What is only ever added to stays as it was written, whoever asks the database."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEntry
from app.core.clock import now, today
from app.core.db import db
from app.core.tables.append_only import statements, tables
from app.plans.models import PlanVersion
from app.programme.documents.models import ProgrammeDocumentVersion
from app.programme.pilots.models import PilotCorrection
from app.retention.models import Destruction
from app.settings.models import Notice, NoticeReading
from tests import factories
from tests.cast import Cast

ROWS = [
    AuditEntry(event="x", facts={}),
    Notice(text_tr="x", text_en="x"),
    NoticeReading(notice_id=1, reader="user:1"),
    Destruction(kind="letters", pieces=1, up_to=now()),
    PlanVersion(plan_id=1, edition=1, approved_at=now(), rows=[]),
    ProgrammeDocumentVersion(document_id=1, edition=1, name_tr="x", name_en="x", approved_at=now(), passages=[]),
    PilotCorrection(service_id=1, month=today(), figure="visits", now=1, reason="x"),
]


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_row(app: Flask, cast: Cast, change: str) -> None:
    factories.plan(2026)
    factories.pilot_service(factories.pilot().id)
    for row in ROWS:
        db.session.merge(row)
        db.session.flush()
    db.session.commit()
    assert {type(row).__tablename__ for row in ROWS} == tables()
    for table in tables():
        with db.engine.connect() as plain, pytest.raises(sa.exc.DBAPIError, match=f"{table} is only added to"):
            plain.exec_driver_sql(change.format(table))


def test_postgresql_is_asked_for_the_same() -> None:
    function, watch = statements("notices", "postgresql")
    assert "RAISE EXCEPTION" in function and "UPDATE OR DELETE OR TRUNCATE ON notices" in watch
