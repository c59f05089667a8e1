"""Where the schema stands, and bringing it to where the code is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate, upgrade

from app.core.db import db, reading

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


@cache
def head() -> str | None:
    """The newest revision the code knows."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config).get_current_head()


def current() -> str | None:
    """The revision the database stands at; None for an empty one."""
    with reading(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def at_head() -> bool:
    return current() == head()


def bring_up_to_date() -> bool:
    """Upgrade if need be; True if anything was done."""
    if at_head():
        return False
    upgrade(str(FOLDER))
    return True


def init_app(app: Flask) -> None:
    Migrate(app, db, directory=str(FOLDER), compare_type=True, render_as_batch=True)
