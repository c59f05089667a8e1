"""The same on PostgreSQL: dumped by pg_dump, tried in a database of its own, brought back into an empty one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import config
from app import create_app
from app.core.db import Base
from app.core.upgrades.migrations import bring_up_to_date
from app.core.upgrades.stores import StoreFailed, shape, store
from tests import databases
from tests.cast import assemble
from tests.certificates.stage import arrange, issued
from tests.operations.conftest import House
from tests.operations.test_serving import wait_until
from tests.serving import Server

pytestmark = pytest.mark.postgresql


@pytest.fixture
def addresses() -> Iterator[list[str]]:
    """A filled database to be and an empty one."""
    made = [databases.made(), databases.made()]
    yield made
    for address in made:
        databases.dropped(address)


def house_on(address: str, folder: Path) -> House:
    chosen = config.Testing()
    chosen.INSTANCE_PATH = folder
    chosen.SQLALCHEMY_DATABASE_URI = address
    return House(create_app(chosen), folder)


def test_all_comes_back(addresses: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (house_on(address, tmp_path / f"house{n}") for n, address in enumerate(addresses))

    def fill() -> None:
        bring_up_to_date()
        issued(arrange(assemble()), "elif")

    first.inside(fill)
    before = store(addresses[0]).look(shape)
    status, said = first.run("backup", tmp_path / "all.tar.gz")
    assert status == 0 and "1 certificates opened" in said, said
    assert first.run("restore", tmp_path / "all.tar.gz")[0] == 1, "over a living one"
    assert second.run("restore", tmp_path / "all.tar.gz")[0] == 0
    after = store(addresses[1]).look(shape)
    told = {"audit_entries", "settings"}  # by the backup and the restore
    assert {k: v for k, v in after.counts.items() if k not in told} == {
        k: v for k, v in before.counts.items() if k not in told
    }
    known = "SELECT count(*) FROM pg_stats WHERE tablename = 'employees'"
    assert store(addresses[1]).look(lambda c: c.exec_driver_sql(known).scalar()), "the planner knows the rows"
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StoreFailed, match="pg_dump is not on the PATH"):
        store(addresses[0]).dump(tmp_path / "part", shape)


def test_what_a_killed_backup_left_on_the_server_goes_with_the_next(addresses: list[str], tmp_path: Path) -> None:
    """All people's data are in it. What another host is just trying its own in stays."""
    living, named = store(addresses[0]), "yetkin_aside_left"
    databases.outside(f"CREATE DATABASE {named}")
    beside = "SELECT datname FROM pg_database WHERE datname LIKE 'yetkin_aside_%%'"
    with living.aside(tmp_path), store(addresses[1]).aside(tmp_path):
        there = living.look(lambda connection: connection.exec_driver_sql(beside).scalars().all())
        assert len(there) == 2 and named not in there
    assert not living.look(lambda connection: connection.exec_driver_sql(beside).scalars().all())


def test_a_copy_is_made_before_an_upgrade(addresses: list[str], tmp_path: Path) -> None:
    house = house_on(addresses[0], tmp_path)
    house.inside(bring_up_to_date)
    assert house.run("db", "-x", "discard=yes", "downgrade")[0] == 0
    (copy,) = (tmp_path / "before-upgrades").iterdir()
    assert copy.suffix == ".dump" and copy.stat().st_mode & 0o077 == 0
    store(addresses[1]).load(copy)
    assert store(addresses[1]).look(shape).counts.keys() >= {"certificates", "alembic_version"}


def test_a_worker_outlives_its_database_and_says_so_once(addresses: list[str], tmp_path: Path) -> None:
    """Gone is a server that takes no connections and ends those there are, as one that is stopped does."""
    name = sa.make_url(addresses[0]).database
    house_on(addresses[0], tmp_path).inside(bring_up_to_date)
    running = Server(tmp_path, "worker", DATABASE_URL=addresses[0])
    seen = sa.create_engine(addresses[0], poolclass=sa.NullPool)

    def beats() -> int:
        noted = "SELECT (value ->> 'value')::int FROM settings WHERE key = 'worker_at'"
        with seen.connect() as look:
            return int(look.exec_driver_sql(noted).scalar() or 0)

    with running:
        wait_until(lambda: beats() > 0, 60)
        databases.outside(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        databases.outside(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        time.sleep(8)
        databases.outside(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        before = beats()
        wait_until(lambda: beats() > before, 60)
        assert running.stop() == 0
    said = (tmp_path / "server.log").read_text()
    assert said.count("database away") == said.count("database back") == 3, "one for each thing it does again and again"
    assert "Traceback" not in said


def test_ids_written_by_hand_never_outrun_their_sequence(addresses: list[str], tmp_path: Path) -> None:
    """The example programme and the reference data bring their ids along."""
    house = house_on(addresses[0], tmp_path)
    assert house.run("demo", "load")[0] == 0
    behind = []
    with sa.create_engine(addresses[0], poolclass=sa.NullPool).connect() as connection:
        for table in [each for each in Base.metadata.sorted_tables if each.autoincrement_column is not None]:
            last = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
            following = connection.scalar(sa.select(sa.func.nextval(sa.func.pg_get_serial_sequence(table.name, "id"))))
            behind += [table.name] if following <= last else []
    assert not behind
