"""Is it alive, and may it be sent work? No versions, no paths."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from alembic.util import CommandError
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.core.clock import now
from app.core.db import db, set_writing
from app.core.upgrades.migrations import at_head
from app.web.door import anonymous
from app.web.edge.models import SubmittedForm

bp = Blueprint("health", __name__)
ASKED = "readyz"


@bp.get("/healthz")
@anonymous
def alive() -> Response:
    return jsonify(status="ok")


@bp.get("/readyz")
@anonymous
def ready() -> tuple[Response, int]:
    checks = {"database": _database_writable(), "migrations": _migrated(), "disk": _disk_free()}
    good = all(checks.values())
    return jsonify(status="ok" if good else "not ready", **checks), 200 if good else 503


def _database_writable() -> bool:
    """Something can be written and kept: one row, always the same, at most once a second however often it is asked."""
    mine = (SubmittedForm.request_key == ASKED, SubmittedForm.owner == "")
    try:
        db.session.rollback()
        written = db.session.scalar(sa.select(SubmittedForm.at).where(*mine))
        if written is not None and timedelta(0) <= now() - written < timedelta(seconds=1):
            return True
        db.session.rollback()
        set_writing(True)
        if not db.session.execute(sa.update(SubmittedForm).where(*mine).values(at=now())).rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
            db.session.add(SubmittedForm(request_key=ASKED, owner="", path="", location=""))
        db.session.commit()
        return True
    except IntegrityError:
        return True  # somebody else wrote it at the same moment
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
    """Where the files are and, if it is a file here, where the database is."""
    folders = [Path(current_app.instance_path)]
    if db.engine.dialect.name == "sqlite" and db.engine.url.database:
        folders.append(Path(db.engine.url.database).resolve().parent)
    try:
        usages = [shutil.disk_usage(folder) for folder in folders]
    except OSError:
        return False
    return all(usage.free / usage.total >= 0.05 for usage in usages)
