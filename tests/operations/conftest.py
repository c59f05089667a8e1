from __future__ import annotations

import contextvars
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask

from app import create_app
from app.core.db import db, set_writing
from app.core.upgrades.migrations import bring_up_to_date
from config import Testing
from tests.cast import assemble
from tests.certificates.stage import arrange, issued
from tests.conftest import Browser

T = TypeVar("T")


@dataclass
class House:
    """An installation made by its migrations, with people and certificates, and its commands."""

    app: Flask
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "yetkin.db"

    def run(self, *command: object) -> tuple[int, str]:
        """The exit status, and what was said."""
        runner = self.app.test_cli_runner()
        done = contextvars.Context().run(lambda: runner.invoke(args=list(map(str, command))))
        self.inside(lambda: None)  # a command's connections end with its process
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    def inside(self, work: Callable[[], T]) -> T:
        def worked() -> T:
            with self.app.app_context():
                set_writing(True)
                try:
                    found = work()
                    db.session.commit()
                    return found
                finally:
                    db.session.remove()
                    db.engine.dispose()

        return contextvars.Context().run(worked)

    def gone(self) -> None:
        """The database is lost."""
        self.inside(lambda: None)
        for side in ("", "-wal", "-shm"):
            Path(f"{self.file}{side}").unlink(missing_ok=True)

    def rows(self, table: str) -> int:
        with closing(sqlite3.connect(self.file)) as look:
            return int(look.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("house")
    config = Testing()
    config.INSTANCE_PATH = folder
    config.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'yetkin.db'}"
    config.MAIL_URL = f"file://{folder / 'outbox'}"
    config.BACKUP_FOLDER = folder / "backups"
    app = create_app(config)
    app.test_client_class = Browser
    house = House(app, folder)

    def fill() -> None:
        bring_up_to_date()
        given = arrange(assemble())
        for name in ("elif", "isik"):
            issued(given, name)

    house.inside(fill)
    shutil.copyfile(house.file, folder.parent / f"{folder.name}.db")
    return house


@pytest.fixture
def house(built: House) -> Iterator[House]:
    """As it was built, whatever the test before did to it."""
    built.gone()
    shutil.rmtree(built.folder)
    built.folder.mkdir(mode=0o700)
    shutil.copyfile(built.folder.parent / f"{built.folder.name}.db", built.file)
    before = dict(built.app.config)
    yield built
    built.app.config.update(before)
