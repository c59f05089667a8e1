"""A PostgreSQL server that is frozen, stopped, crowded, only reads or changes its place, under pages that go on."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

import config
from app import create_app
from app.core.db import db, may_write, prepare_engine, reading
from tests.cast import Cast, assemble
from tests.conftest import Browser, Stage
from tests.postgres import programs, server

pytestmark = pytest.mark.postgresql
SECONDS = 6.0
"""Five until an answer, and one for a busy machine."""


@pytest.fixture
def address() -> Iterator[str]:
    """A server of its own, which a fault hits and nobody else."""
    folder = programs()
    assert folder is not None
    with server(folder) as made:
        yield made.address()


@pytest.fixture
def house(address: str, tmp_path: Path) -> Iterator[Stage]:
    chosen = config.Testing()
    chosen.INSTANCE_PATH, chosen.SQLALCHEMY_DATABASE_URI = tmp_path, address
    chosen.PROPAGATE = False
    app = create_app(chosen)
    app.test_client_class = Browser
    with app.app_context():
        db.create_all()
        yield Stage(app, assemble())
        db.session.remove()
        db.engine.dispose()


def processes(address: str) -> list[int]:
    """The server's, its first one at the end."""
    home = Path(str(sa.make_url(address).query["host"]))
    first = int((home / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [*map(int, children), first]


@contextmanager
def frozen(address: str) -> Iterator[None]:
    stopped = processes(address)
    told(signal.SIGSTOP, stopped)
    try:
        yield
    finally:
        told(signal.SIGCONT, reversed(stopped))


def told(word: signal.Signals, those: Iterable[int]) -> None:
    """One of them may just have been ending."""
    for each in those:
        with suppress(ProcessLookupError):
            os.kill(each, word)


def answered(browser: Browser, path: str) -> int:
    """The status; within its time."""
    since = time.monotonic()
    status = browser.get(path).status_code
    assert time.monotonic() - since < SECONDS, f"{path}: {time.monotonic() - since:.1f} s"
    return status


def test_a_frozen_server_is_said_in_time(house: Stage, address: str) -> None:
    """Nothing of its own comes to an end: neither a statement, nor the trial of a connection, nor a new one."""
    admin = house.admin
    assert admin.get("/people").status_code == 200
    db.session.remove()
    with frozen(address):
        for path in ("/people", "/sessions", "/sign-in"):
            assert answered(admin, path) == 503
        assert answered(house.nobody, "/healthz") == 200
        since = time.monotonic()
        assert admin.post("/devices/end-all").status_code == 503
        assert time.monotonic() - since < SECONDS
    assert answered(admin, "/people") == 200


def test_of_two_servers_the_one_that_answered_is_asked_first(address: str, tmp_path: Path) -> None:
    """The other takes connections and says nothing. It is waited for once."""
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / ".s.PGSQL.5432"))
        silent.listen()
        both = address.replace("?host=", f"?host={tmp_path},") + "&connect_timeout=2"
        engine = sa.create_engine(both, poolclass=sa.NullPool)
        prepare_engine(engine)

        def seconds() -> float:
            since = time.monotonic()
            engine.connect().close()
            return time.monotonic() - since

        assert seconds() > 1.9
        assert seconds() < 1


@pytest.mark.parametrize("table", ["settings", "users", "sign_ins", "grants", "employees", "audit_entries"])
def test_a_locked_table_is_said_in_time(house: Stage, table: str) -> None:
    admin = house.admin
    assert admin.get("/people").status_code == 200
    with db.engine.connect() as other:
        other.execute(sa.text(f"LOCK TABLE {table}"))
        for path in ("/people", "/", "/sign-in"):
            assert answered(admin, path) in (200, 302, 303, 503)
    assert answered(admin, "/people") == 200


def test_who_reads_sees_one_moment_and_writes_nothing(app: Flask, cast: Cast) -> None:
    def way(name: str) -> str:
        return str(db.session.scalar(sa.text(f"SHOW {name}")))

    db.session.rollback()
    assert may_write()
    assert way("jit") == "off", "what takes a millisecond is not compiled first"
    assert (way("transaction_isolation"), way("transaction_read_only")) == ("read committed", "off")
    db.session.rollback()
    with reading():
        assert (way("transaction_isolation"), way("transaction_read_only")) == ("repeatable read", "on")
        with pytest.raises(sa.exc.InternalError, match="read-only transaction"):
            db.session.execute(sa.text("UPDATE provinces SET code = code"))
        db.session.rollback()
