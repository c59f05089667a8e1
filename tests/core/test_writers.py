"""Who writes to a SQLite file, one after the other within a process."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import db


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "WAIT_SECONDS", 0.05)


def engine(path: Path) -> sa.Engine:
    made = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 0.05})
    db.prepare_engine(made)
    return made


def test_writers_of_two_databases_do_not_wait_for_each_other(tmp_path: Path) -> None:
    one, other = engine(tmp_path / "one.db"), engine(tmp_path / "other.db")
    with one.begin() as first, other.begin() as second:
        assert first.info["writer"] and second.info["writer"]
    one.dispose()
    other.dispose()


def test_a_connection_keeps_its_turn_and_gives_it_back(tmp_path: Path) -> None:
    there = engine(tmp_path / "one.db")
    with there.connect() as connection:
        for _ in range(2):
            with connection.begin():
                assert connection.info["writer"]
    with there.begin() as connection:
        assert connection.info["writer"]
    there.dispose()
