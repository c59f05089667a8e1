"""Is it alive, and may it be sent work? No versions, no paths."""

from __future__ import annotations

import shutil

import sqlalchemy as sa
from alembic.util import CommandError
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import db, set_writing
from app.core.migrations import at_head
from app.web.door import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    checks = {"database": _database_writable(), "migrations": _migrated(), "disk": _disk_free()}
    good = all(checks.values())
    return jsonify(status="ok" if good else "not ready", **checks), 200 if good else 503


def _database_writable() -> bool:
    """A write transaction can be opened; it is rolled back."""
    try:
        db.session.rollback()
        set_writing(True)
        db.session.execute(sa.text("SELECT 1"))
        return True
    except (SQLAlchemyError, OSError):
        return False
    finally:
        set_writing(False)
        _forget()


def _forget() -> None:
    """Whatever is open is dropped; where even that fails there is nothing left to drop."""
    try:
        db.session.rollback()
    except (SQLAlchemyError, OSError):
        db.session.remove()


def _migrated() -> bool:
    """Whether the database stands where the code is; not, where either cannot be read."""
    try:
        return at_head()
    except (SQLAlchemyError, CommandError, OSError):
        return False


def _disk_free() -> bool:
    try:
        usage = shutil.disk_usage(current_app.instance_path)
    except OSError:
        return False
    return usage.free / usage.total >= 0.05
