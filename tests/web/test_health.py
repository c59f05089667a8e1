"""Readiness tells the truth about a database that cannot be used, and never fails itself."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

import config
from app import create_app
from app.core.db import WAIT_SECONDS, db
from app.core.upgrades import migrations
from app.web.edge import health
from app.web.edge.models import SubmittedForm
from tests.conftest import Stage


@pytest.fixture
def at_head(app: Flask) -> Iterator[None]:
    """As if the test's database had been made by the migrations."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{migrations.head()}')")
    yield
    migrations.head.cache_clear()


def _spoil(app: Flask, content: bytes) -> None:
    """The file of the database holds something else from now on."""
    path = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    db.session.remove()
    db.engine.dispose()
    for leftover in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    path.write_bytes(content)


def test_ready(stage: Stage, at_head: None) -> None:
    answer = stage.nobody.get("/readyz")
    assert answer.status_code == 200, answer.text


def test_an_old_schema_is_not_ready(stage: Stage) -> None:
    answer = stage.nobody.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": True, "migrations": False, "disk": True}


def test_without_its_migrations_it_is_not_ready(stage: Stage, at_head: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "FOLDER", Path("/nowhere"))
    migrations.head.cache_clear()
    answer = stage.nobody.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None and answer.json["migrations"] is False
    assert "nowhere" not in answer.text


@pytest.mark.sqlite
@pytest.mark.parametrize("content", [b"no database at all" * 1_000, b"SQLite format 3\x00" + b"x" * 9_000])
def test_a_file_that_is_no_database_is_not_ready(app: Flask, stage: Stage, content: bytes) -> None:
    admin, nobody = stage.admin, stage.nobody  # signed in while it still was one
    _spoil(app, content)
    answer = nobody.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None and answer.json["database"] is False
    assert nobody.get("/healthz").status_code == admin.get("/healthz").status_code == 200
    assert (admin.get("/readyz").json or {})["database"] is False, "a browser that was signed in is told as well"
    for path in ("/people", "/", "/settings"):
        assert admin.get(path).status_code == 503, path


def test_without_its_folder_it_is_not_ready(app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "instance_path", "/nowhere")
    answer = stage.nobody.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None and answer.json["disk"] is False


@pytest.mark.sqlite
def test_the_disk_that_counts_is_the_database_s(
    app: Flask, stage: Stage, at_head: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is reached by a symbolic link here, as where a volume is mounted elsewhere."""
    file = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    room = {tmp_path: 0.5, file.resolve().parent: 0.5}

    def usage(folder: Path) -> SimpleNamespace:
        return SimpleNamespace(total=100, free=100 * room[Path(folder)])

    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    monkeypatch.setattr(health.shutil, "disk_usage", usage)
    assert stage.nobody.get("/readyz").status_code == 200
    for full in list(room):
        room |= dict.fromkeys(room, 0.5) | {full: 0.01}
        answer = stage.nobody.get("/readyz")
        assert (answer.status_code, answer.json and answer.json["disk"]) == (503, False), full
        assert str(full) not in answer.text


@pytest.mark.sqlite
@pytest.mark.parametrize("way", ["query_only", "full"])
def test_a_database_that_takes_nothing_is_not_ready(stage: Stage, at_head: None, way: str) -> None:
    """Read-only, or with no page left to write to."""
    assert stage.nobody.get("/readyz").status_code == 200

    def spoil(connection: Any, *_: object) -> None:
        if way == "query_only":
            connection.execute("PRAGMA query_only = ON")

    def fail(*_: object) -> None:
        raise OperationalError("COMMIT", None, sqlite3.OperationalError("database or disk is full"))

    time.sleep(1.0)  # what was written a moment ago is believed
    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", spoil)
    if way == "full":
        event.listen(db.engine, "commit", fail)
    try:
        answer = stage.nobody.get("/readyz")
    finally:
        event.remove(db.engine, "connect", spoil)
        if way == "full":
            event.remove(db.engine, "commit", fail)
        db.session.remove()
        db.engine.dispose()
    assert (answer.status_code, answer.json and answer.json["database"]) == (503, False)
    assert stage.nobody.get("/readyz").status_code == 200, "it is well again"


@pytest.mark.sqlite
def test_a_file_mounted_read_only_is_not_ready(app: Flask, stage: Stage, tmp_path: Path) -> None:
    """`mode=ro` is what SQLite makes of a file it may not write (tests may run as root, who may)."""
    settings = config.Testing()
    settings.INSTANCE_PATH = tmp_path
    file = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    db.session.commit()
    settings.SQLALCHEMY_DATABASE_URI = f"sqlite:///file:{file}?mode=ro&uri=true"
    other = create_app(settings)
    answer = other.test_client().get("/readyz")
    assert answer.status_code == 503 and answer.json is not None and answer.json["database"] is False
    with other.app_context():
        db.engine.dispose()


def test_asking_again_and_again_leaves_one_row(stage: Stage, at_head: None) -> None:
    for _ in range(30):
        assert stage.nobody.get("/readyz").status_code == 200
    assert db.session.query(SubmittedForm).count() == 1


@pytest.mark.sqlite
def test_a_database_that_comes_back_is_written_at_once(app: Flask, stage: Stage) -> None:
    """Without a restart, and without waiting for a turn that a broken connection never gave back."""
    admin = stage.admin
    path = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    db.session.remove()
    db.engine.dispose()  # the last connection writes everything into the one file
    whole = path.read_bytes()
    _spoil(app, b"no database at all" * 1_000)
    for _ in range(3):
        assert admin.post("/devices/end-all").status_code == 503
    _spoil(app, whole)
    began = time.monotonic()
    assert admin.post("/devices/end-all").status_code == 303
    assert time.monotonic() - began < WAIT_SECONDS / 2
