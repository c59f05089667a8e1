from __future__ import annotations

import contextvars
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app import create_app
from app.core.db import db, set_writing
from app.demo import services
from config import Testing
from tests.laws.crawl import Account, Oracle, Visitor, accounts, prepare, token_of

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
WAIT_SECONDS = 300


@dataclass
class World:
    """The example programme in an application of its own, with an oracle beside it that reads the plain rows."""

    app: Flask
    file: Path
    template: Path

    def __post_init__(self) -> None:
        self.rows = sqlite3.connect(f"file:{self.template}?mode=ro", uri=True)
        self.accounts = accounts(self.rows)
        self.oracles = {a.name: Oracle(self.rows, a) for a in self.accounts}
        self.visitors: dict[str, Visitor] = {}

    def account(self, name: str) -> Account:
        return next(a for a in self.accounts if a.name == name)

    def visitor(self, account: Account | None) -> Visitor:
        name = account.name if account else ""
        if name not in self.visitors:
            self.visitors[name] = Visitor(self.app, token_of(account) if account else None)
        return self.visitors[name]

    def anew(self) -> None:
        """The database as it was, after a test that wrote."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)


@pytest.fixture(scope="session")
def crawl_template(tmp_path_factory: pytest.TempPathFactory, template_database: Path) -> Path:
    """The example programme, loaded once for all workers, with everybody signed in and a few traps."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    base = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    folder, ready = base / "crawl", base / "crawl" / "ready"
    try:
        folder.mkdir()
    except FileExistsError:  # another worker makes it
        until = time.monotonic() + WAIT_SECONDS
        while not ready.exists():
            assert time.monotonic() < until, "the worker that loads the example programme does not come to an end"
            time.sleep(0.1)
    else:
        _load(folder, template_database)
        ready.touch()
    return folder / "template.db"


def _load(folder: Path, template_database: Path) -> None:
    path = folder / "template.db"
    shutil.copyfile(template_database, path)
    config = Testing()
    config.INSTANCE_PATH = folder
    config.SQLALCHEMY_DATABASE_URI = f"sqlite:///{path}"
    app = create_app(config)

    def load() -> None:
        with app.app_context():
            set_writing(True)
            services.load_demo(today=date(2026, 11, 22), public_url="https://yetkin.example")
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    contextvars.Context().run(load)
    prepare(path)


@pytest.fixture(scope="session")
def whole_world(tmp_path_factory: pytest.TempPathFactory, crawl_template: Path) -> World:
    folder = tmp_path_factory.mktemp("world")
    config = Testing()
    config.INSTANCE_PATH = folder
    config.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'world.db'}"
    config.MAIL_URL = f"file://{folder / 'outbox'}"
    config.PUBLIC_URL = "https://yetkin.example"
    config.PROPAGATE = False  # an unexpected error is the page a person would meet
    config.LOG_LEVEL = "CRITICAL"
    shutil.copyfile(crawl_template, folder / "world.db")
    return World(create_app(config), folder / "world.db", crawl_template)


@pytest.fixture
def world(whole_world: World) -> Iterator[World]:
    """The example programme on the day it was made for; what a test changed in it is gone afterwards."""
    whole_world.anew()
    whole_world.visitors.clear()
    with time_machine.travel(NOW, tick=True):
        yield whole_world
    whole_world.anew()
