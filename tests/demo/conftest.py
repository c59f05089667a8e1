from __future__ import annotations

import contextvars
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.core.db import db, set_writing
from app.demo import services
from config import Testing

TODAY = date(2026, 11, 22)
Load = Callable[..., Path]


def make_app(folder: Path, empty: Path) -> Flask:
    """An application on an empty database of its own."""
    config = Testing()
    config.INSTANCE_PATH = folder
    config.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'demo.db'}"
    config.PUBLIC_URL = "https://yetkin.example"
    shutil.copyfile(empty, folder / "demo.db")
    return create_app(config)


@pytest.fixture(scope="session")
def load(tmp_path_factory: pytest.TempPathFactory, template_database: Path) -> Load:
    """Load the demo into a database of its own and give its file."""

    def run(today: date = TODAY, seed: int = 1) -> Path:
        folder = tmp_path_factory.mktemp("demo")
        app = make_app(folder, template_database)

        def inside() -> None:
            with app.app_context():
                set_writing(True)
                services.load_demo(today=today, public_url="https://yetkin.example", seed=seed)
                db.session.commit()
                db.session.remove()
                db.engine.dispose()

        contextvars.Context().run(inside)
        return folder / "demo.db"

    return run


@pytest.fixture(scope="session")
def demo_file(load: Load) -> Path:
    return load()


@pytest.fixture
def demo(demo_file: Path) -> Iterator[sqlite3.Connection]:
    """The loaded demo as plain rows, read without any of our code."""
    connection = sqlite3.connect(f"file:{demo_file}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


@pytest.fixture
def empty_app(tmp_path: Path, template_database: Path) -> Iterator[Flask]:
    app = make_app(tmp_path, template_database)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
