"""What is only ever added to stays as it was written, whoever asks the database."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.db import db
from app.core.tables.append_only import statements, tables
from app.plans.models import PlanVersion, TrainingPlan
from app.retention.models import Destruction
from app.settings.models import Notice, NoticeReading

ROWS = [
    AuditEntry(event="x", facts={}),
    Notice(text_tr="x", text_en="x"),
    NoticeReading(notice_id=1, reader="user:1"),
    Destruction(kind="letters", pieces=1, up_to=now()),
    TrainingPlan(id=1, year=2026, name_tr="x", name_en="x"),
    PlanVersion(plan_id=1, edition=1, approved_at=now(), rows=[]),
]


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_row(app: Flask, change: str) -> None:
    for row in ROWS:
        db.session.merge(row)
        db.session.flush()
    db.session.commit()
    assert {type(row).__tablename__ for row in ROWS} - {TrainingPlan.__tablename__} == tables()
    for table in tables():
        with db.engine.connect() as plain, pytest.raises(sa.exc.DBAPIError, match=f"{table} is only added to"):
            plain.exec_driver_sql(change.format(table))


def test_postgresql_is_asked_for_the_same() -> None:
    function, watch = statements("notices", "postgresql")
    assert "RAISE EXCEPTION" in function and "UPDATE OR DELETE OR TRUNCATE ON notices" in watch
