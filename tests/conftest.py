from __future__ import annotations

import contextvars
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from click.testing import Result
from flask import Flask, has_app_context
from flask.testing import FlaskClient, FlaskCliRunner
from werkzeug.test import TestResponse

from app import create_app
from app.access.models import SignIn
from app.access.sign_in import secrets
from app.core.db import db, set_writing
from app.operations.backups import UNDER_WAY
from config import Testing
from tests import databases
from tests.cast import Cast, assemble
from tests.page import Page

# how fast examples are made depends on the machine; nothing here asserts a time
hypothesis.settings.register_profile("yetkin", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("yetkin")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses by the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL what touches no database, or SQLite's own files, is left out: it has passed on SQLite already.
    What goes there by pages (and does not count their statements) is marked `pages`: three in five.
    """

    def belongs(item: pytest.Item) -> bool:
        if not databases.postgresql():
            return item.get_closest_marker("postgresql") is None
        if item.get_closest_marker("sqlite") is not None:
            return False
        return item.get_closest_marker("postgresql") is not None or "app" in getattr(item, "fixturenames", ())

    left_out = [item for item in items if not belongs(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if belongs(item)]
    for item in items:
        by_pages = "stage" in getattr(item, "fixturenames", ()) and item.path.name != "test_costs.py"
        if by_pages and item.get_closest_marker("postgresql") is None:
            item.add_marker("pages")


HX = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Browser(FlaskClient):
    """Each request starts from an empty context, as on a server; each HTML answer meets the critic."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():  # a followed redirect runs in the empty context of the first request
            db.session.commit()  # what the test arranged is there, and its lock is gone
        response: TestResponse = contextvars.Context().run(super().open, *args, **kwargs)
        # what is sent from 500 KB on is a file, which Werkzeug's client leaves to the garbage collector
        response.request.environ["wsgi.input"].close()
        if response.mimetype == "text/html" and response.status_code != 303 and response.get_data():
            fragment = "<html" not in response.text
            if not (300 <= response.status_code < 400):
                complaints = Page(response.text, fragment=fragment).criticise()
                assert not complaints, (response.request.path, complaints)
        return response

    def page(self, path: str, **kwargs: Any) -> Page:
        """GET a page that must answer 200, following redirects."""
        response = self.get(path, follow_redirects=True, **kwargs)
        assert response.status_code == 200, (path, response.status_code)
        return Page(response.text)

    def as_user(self, user_id: int) -> Browser:
        """Signed in, without the slow hash."""
        token = secrets.token()
        db.session.add(SignIn(token_hash=secrets.digest(token), user_id=user_id, device="test"))
        db.session.commit()
        with self.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
            cookie["browser"] = secrets.token()[:22]
        return self


class Commands(FlaskCliRunner):
    """Each command starts from an empty context, as in a shell, and lets go of the database where it ends."""

    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        if has_app_context():
            db.session.commit()
        return contextvars.Context().run(super().invoke, *args, **kwargs)


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all tables, made once."""
    folder = tmp_path_factory.mktemp("template")
    config = Testing()
    config.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'empty.db'}"
    config.INSTANCE_PATH = folder
    app = create_app(config)
    with app.app_context():
        db.create_all()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder / "empty.db"


@pytest.fixture(scope="session")
def database_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the tests of this process keep their rows."""
    if not databases.postgresql():
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"
        return
    address = databases.made()
    yield address
    databases.dropped(address)


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory, database_address: str) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("instance")
    config = Testing()
    config.INSTANCE_PATH = folder
    config.SQLALCHEMY_DATABASE_URI = database_address
    config.DATABASE_POOL = 25  # in a race each thread is somebody else's process
    config.MAIL_URL = f"file://{folder / 'outbox'}"
    made = create_app(config)
    made.test_client_class, made.test_cli_runner_class = Browser, Commands
    if databases.postgresql():
        with made.app_context():
            databases.prepare()
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(shared_app: Flask, template_database: Path) -> Iterator[Flask]:
    """The application on a fresh, empty database, with a context for the test's own queries."""
    with shared_app.app_context():
        db.session.remove()
        db.engine.dispose()  # what a process remembers of a database goes with its pool of connections
        if databases.postgresql():
            databases.empty()
        else:
            path = Path(shared_app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
            for leftover in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
                leftover.unlink(missing_ok=True)
            shutil.copyfile(template_database, path)
        set_writing(True)
        yield shared_app
        db.session.remove()  # first: a backup that waits for the lock of the test would be joined for nothing
        for thread in UNDER_WAY.on(shared_app):
            thread.join(60)  # the worker's turn may have begun a backup: what comes next has another database
        if not databases.postgresql():
            db.engine.dispose()


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


class Stage:
    """Browsers by name: `stage.coordinator.get("/sessions")`; `stage.nobody` is not signed in."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.cast = app, cast
        self._browsers: dict[str, Browser] = {}

    def __getattr__(self, name: str) -> Browser:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._browsers:
            browser = self.app.test_client()
            assert isinstance(browser, Browser)
            self._browsers[name] = browser if name == "nobody" else browser.as_user(self.cast.users[name])
        return self._browsers[name]


@pytest.fixture
def stage(app: Flask, cast: Cast) -> Stage:
    return Stage(app, cast)
