"""The worker's part: a backup every night and whenever one is asked for, the newest few kept; a sign of life."""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now
from app.core.db import db, reading, set_writing
from app.operations.backups import queries, rules, services
from app.operations.backups.events import BackupAsked, BackupFailed, BackupFault, BackupProven
from app.operations.backups.sealing import public_key
from app.operations.backups.services import FAILURES, Installation, NotProven, Proven
from app.retention import queries as retention
from app.settings import services as settings

log = structlog.get_logger()
BEAT = timedelta(seconds=30)
LIST = "destructions.json"
"""What was destroyed up to when, beside the backups: whoever restores one destroys it again."""


@dataclass(frozen=True)
class Plan:
    """Where backups go, at what hour (in Türkiye), how many are kept (0: the worker makes none), for whose key."""

    folder: Path
    hour: int
    keep: int
    key: str

    def name(self) -> str:
        return f"yetkin-{now():%Y%m%dT%H%M%SZ}.tar.gz{'.age' if self.key else ''}"


def beat() -> None:
    settings.note({"worker_at": int(now().timestamp())})
    db.session.commit()


def is_due(plan: Plan) -> bool:
    with reading():
        due = plan.keep > 0 and rules.is_due(queries.state(), plan.hour, now())
        db.session.rollback()
    return due


def make(plan: Plan, installation: Installation) -> None:
    """Make one, say how it went, and let the oldest go. Commits."""
    try:
        plan.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        to = public_key(plan.key) if plan.key else None
        proven = services.back_up(installation, plan.folder / plan.name(), to)
    except FAILURES as error:
        log.error("backup failed", error=type(error).__name__, why=str(error))
        with suppress(SQLAlchemyError):  # where nothing can be written, that cannot, either
            record_failure(error)
        return
    record(proven, sealed=bool(plan.key))
    for old in sorted(plan.folder.glob("yetkin-[0-9]*Z.tar.gz*"))[: -plan.keep]:
        old.unlink()
    keep_list(plan)


def record(proven: Proven, *, sealed: bool) -> None:
    set_writing(True)
    seconds = round(proven.seconds)
    settings.note({"backup_at": int(now().timestamp()), "backup_seconds": seconds, "backup_failed": ""})
    journal.record(BackupProven(seconds, round(proven.size / 1e6), sealed), by=journal.SYSTEM)
    db.session.commit()


def record_failure(error: Exception) -> None:
    set_writing(True)
    fault = fault_of(error)
    settings.note({"backup_failed": fault.value, "backup_failed_at": int(now().timestamp())})
    journal.record(BackupFailed(fault.value), by=journal.SYSTEM)
    db.session.commit()


def fault_of(error: Exception) -> BackupFault:
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if (isinstance(error, OSError) and error.errno in full) or "disk is full" in str(error):
        return BackupFault.FULL
    return BackupFault.DIFFERS if isinstance(error, NotProven) else BackupFault.FAILED


def ask(*, by: Actor) -> None:
    """The worker makes one now."""
    settings.note({"backup_asked_at": int(now().timestamp())})
    journal.record(BackupAsked(), by=by)


def keep_list(plan: Plan) -> None:
    if plan.keep and plan.folder.is_dir():
        with reading():
            write_list(plan.folder / LIST)
            db.session.rollback()


def write_list(file: Path) -> int:
    """What was destroyed up to when; how many kinds."""
    listed = retention.listed()
    part = file.with_name(f".{file.name}.part")
    part.write_text(json.dumps(listed, indent=1), "utf-8")
    part.chmod(0o600)
    os.replace(part, file)
    return len(listed)


def read_list(file: Path) -> list[dict[str, str]]:
    """ValueError where it is none."""
    listed = json.loads(file.read_text("utf-8"))
    if not isinstance(listed, list) or not all({"kind", "up_to"} <= each.keys() for each in listed):
        raise ValueError("no list of destructions")
    return listed
