"""What SQLite knows of its rows keeps up with them, in every process that runs."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import db
from app.core.tables import statistics
from app.jobs import worker
from tests import factories

pytestmark = pytest.mark.sqlite


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "FEW", 5)


def known(connection: Any = db.session) -> str | None:
    """What is known of the themes: rows, and how many are alike in each step of an index."""
    found: str | None = connection.scalar(sa.text("SELECT max(stat) FROM sqlite_stat1 WHERE tbl = 'themes'"))
    return found


def themes(count: int) -> None:
    for number in range(count):
        factories.theme(f"Alan {count}-{number}", prefix=f"P{count}{number}")
    db.session.commit()


def test_a_table_that_grew_is_looked_at_again(app: Flask) -> None:
    db.session.execute(sa.text("DELETE FROM themes"))
    db.session.execute(sa.text("ANALYZE"))
    themes(4)
    statistics.refresh()
    assert known() is None, "few enough to go through"
    themes(2)
    statistics.refresh()
    assert (known() or "").startswith("6 ")
    themes(10)
    statistics.refresh()
    assert (known() or "").startswith("6 "), "not ten times as many"


def test_a_table_whose_rows_come_and_go_is_left_alone(app: Flask) -> None:
    """Its ids grow, it does not: looked at every few minutes it would make every process read the schema anew."""
    db.session.execute(sa.text("DELETE FROM themes"))
    db.session.execute(sa.text("ANALYZE"))
    factories.theme("Alan", id=5_000)
    db.session.commit()
    before = db.session.scalar(sa.text("PRAGMA schema_version"))
    statistics.refresh()
    assert db.session.scalar(sa.text("PRAGMA schema_version")) == before


def test_processes_that_run_already_read_it(app: Flask) -> None:
    themes(6)
    with db.engine.connect() as elsewhere:
        before = elsewhere.scalar(sa.text("PRAGMA schema_version"))
        elsewhere.rollback()
        statistics.refresh()
        assert elsewhere.scalar(sa.text("PRAGMA schema_version")) > before


def test_the_worker_looks(app: Flask) -> None:
    themes(6)
    worker.sweep()
    assert known()
