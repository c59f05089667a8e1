"""An installation on another database: every row, pointer and number, or nothing at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from app.core.db import Base
from app.core.upgrades import moving
from app.core.upgrades.stores import shape, store
from tests import databases
from tests.operations.conftest import House

TOLD = {"audit_entries"}
"""By the move itself."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere.db'}"
        return
    address = databases.made()
    yield address
    databases.dropped(address)


def everything(url: str) -> dict[str, list[tuple[object, ...]]]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as look:
        return {
            table.name: sorted((tuple(row) for row in look.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in TOLD
        }


def counts(url: str) -> dict[str, int]:
    place = store(url)
    return {} if place.is_empty() else {name: n for name, n in place.look(shape).counts.items() if n}


def test_every_row_is_there_as_it_was_and_the_next_gets_its_own_number(house: House, elsewhere: str) -> None:
    here = f"sqlite:///{house.file}"
    before = house.rows("audit_entries")
    status, said = house.run("move", elsewhere)
    assert status == 0, said
    assert "DATABASE_URL" in said and "flask --app wsgi check" in said
    assert everything(elsewhere) == everything(here)
    assert counts(elsewhere)["audit_entries"] == before + 1 and house.rows("audit_entries") == before
    engine = sa.create_engine(elsewhere, poolclass=sa.NullPool)
    with engine.begin() as target:
        one_more = "INSERT INTO provinces (code, slug, doc_abbr, name_tr, name_en, locative_tr, name_sort)"
        number = target.scalar(sa.text(f"{one_more} VALUES ('99', 'x', 'XXX', 'x', 'x', 'x', 'x') RETURNING id"))
        known = "sqlite_stat1 WHERE tbl" if elsewhere.startswith("sqlite") else "pg_stats WHERE tablename"
        assert target.scalar(sa.text(f"SELECT count(*) FROM {known} = 'employees'")), "the planner knows the rows"
    assert number == house.rows("provinces") + 1
    status, said = house.run("move", elsewhere)
    assert status == 1 and "not empty" in said and "Nothing was moved" in said


@pytest.mark.postgresql
def test_and_back(house: House, elsewhere: str, tmp_path: Path) -> None:
    """Keys, rules and indexes of the other database are all there again, and what came back is what went."""
    assert house.run("move", elsewhere)[0] == 0
    before = everything(f"sqlite:///{house.file}")
    with patch.dict(house.app.config, {"SQLALCHEMY_DATABASE_URI": elsewhere}):
        status, said = house.run("move", f"sqlite:///{tmp_path / 'back.db'}")
    assert status == 0, said
    assert everything(f"sqlite:///{tmp_path / 'back.db'}") == before


def test_not_while_somebody_is_at_work(house: House, elsewhere: str) -> None:
    with closing(sqlite3.connect(house.file)) as service:
        service.execute("SELECT count(*) FROM users").fetchone()
        status, said = house.run("move", elsewhere)
    assert status == 1 and "stop web and worker first" in said and not counts(elsewhere)


def test_not_into_another_schema(house: House, elsewhere: str, tmp_path: Path) -> None:
    engine = sa.create_engine(elsewhere, poolclass=sa.NullPool)
    with engine.begin() as target:
        target.execute(sa.text("CREATE TABLE theirs (id integer)"))
    status, said = house.run("move", elsewhere)
    assert status == 1 and "not empty" in said
    status, said = house.run("move", "postgresql://nobody@127.0.0.1:1/none")
    assert status == 1 and "cannot be read" in said and "Traceback" not in said
    status, said = house.run("move", "mysql://nobody@127.0.0.1/none")
    assert status == 1 and "postgresql://" in said


def test_nothing_is_lost_on_the_way_unseen(house: House, elsewhere: str) -> None:
    """A row that arrives as another one is noticed, nothing stays, and a second try goes well."""

    def careless(table: sa.Table) -> list[sa.ColumnElement[str]]:
        asked.append(table)
        if table.name == "provinces" and asked.count(table) == 2:  # read back
            return [sa.func.lower(c) if c.name == "name_tr" else c for c in table.columns]
        return columns(table)

    asked: list[sa.Table] = []
    columns = moving._columns
    with patch.object(moving, "_columns", careless):
        status, said = house.run("move", elsewhere)
    assert status == 1 and "rows of provinces did not arrive as they left" in said, said
    assert counts(elsewhere).keys() <= {"alembic_version"}
    assert house.run("move", elsewhere)[0] == 0


def test_what_no_table_here_is_for_is_not_left_behind_unseen(house: House, elsewhere: str) -> None:
    with closing(sqlite3.connect(house.file)) as by_hand:
        by_hand.execute("CREATE TABLE somebodys (id integer)")
    status, said = house.run("move", elsewhere)
    assert status == 1 and "somebodys" in said


def test_a_row_that_points_at_nothing_is_no_row_to_move(house: House, elsewhere: str) -> None:
    with closing(sqlite3.connect(house.file)) as by_hand:
        by_hand.execute("UPDATE employees SET organisation_id = 999999 WHERE id = (SELECT min(id) FROM employees)")
        by_hand.commit()
    status, said = house.run("move", elsewhere)
    assert status == 1 and "Nothing was moved" in said
    assert counts(elsewhere).keys() <= {"alembic_version"}
