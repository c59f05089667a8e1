"""The migrations make exactly the tables the models say, up, down and up again."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

import config
from app import create_app
from app.core.db import db
from app.core.migrations import FOLDER, at_head


def snapshot(path: Path) -> dict[str, list[str]]:
    """Each table's DDL, pieces sorted: what a database really enforces, CHECKs and partial indexes included."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    engine.dispose()
    return {
        name: sorted(" ".join(line.split()).strip(' ,"') for line in sql.replace('"', "").splitlines())
        for name, sql in rows
        if name != "alembic_version"
    }


def test_migrations_and_models_agree(template_database: Path, tmp_path: Path) -> None:
    settings = config.Testing()
    settings.INSTANCE_PATH = tmp_path
    settings.SQLALCHEMY_DATABASE_URI = f"sqlite:///{tmp_path / 'migrated.db'}"
    app: Flask = create_app(settings)
    with app.app_context():
        upgrade(str(FOLDER))
        assert at_head()
        migrated = snapshot(tmp_path / "migrated.db")
        declared = snapshot(template_database)
        assert migrated.keys() == declared.keys()
        differing = {name: (declared[name], migrated[name]) for name in declared if declared[name] != migrated[name]}
        assert not differing
        downgrade(str(FOLDER), revision="base")
        assert set(snapshot(tmp_path / "migrated.db")) <= {"alembic_version"}
        upgrade(str(FOLDER))
        assert snapshot(tmp_path / "migrated.db") == migrated
        db.session.remove()
        db.engine.dispose()
