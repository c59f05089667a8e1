"""The last backup, and one more at a tap."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.operations.backups import nightly, pages, queries
from app.operations.backups.events import BackupFault
from app.web.door import require
from app.web.render import done, render

bp = Blueprint("backups", __name__)


@bp.get("/settings/backups")
@require(Permission.SETTINGS_WRITE)
def show_backups() -> ResponseReturnValue:
    state = queries.state()
    return render(
        "operations/backups/backups.html",
        state=state,
        said=pages.said(state),
        fault=BackupFault(state.failed).label if state.has_failed else None,
        hour=current_app.config["BACKUP_HOUR"],
        keep=current_app.config["BACKUP_KEEP"],
        sealed=bool(current_app.config["BACKUP_KEY"]),
    )


@bp.post("/settings/backups/make")
@require(Permission.SETTINGS_WRITE)
def make_backup() -> ResponseReturnValue:
    nightly.ask(by=caller)
    flash(gettext("The backup begins within a few seconds."))
    return done(url_for("backups.show_backups"))
