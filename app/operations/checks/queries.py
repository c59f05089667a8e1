"""Looks at the installation at work and hands what it sees to the rules."""

from __future__ import annotations

import shutil
import smtplib
import socket
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.db import database_problems, db
from app.core.upgrades.migrations import current, head
from app.core.upgrades.stores import SIDES, Sqlite, store
from app.operations.backups import queries as backups
from app.operations.backups.rules import is_overdue
from app.operations.checks import rules
from app.operations.checks.rules import Finding
from app.settings import queries as settings

PATIENCE = 5.0


def findings(config: Mapping[str, Any], *, built: bool) -> Iterator[Finding]:
    """A line for each thing that is looked at. Where the database does not answer, what would be read there is left."""
    public = rules.is_public(config["PUBLIC_URL"])
    yield rules.environment(config["ENV_NAME"], config["PUBLIC_URL"])
    yield rules.key(config["KEY_GUESSABLE"], public)
    yield rules.static(built)
    yield rules.proxies(int(config["TRUSTED_PROXIES"]), config["TRUSTED_PROXY"], public)
    yield _disk(config)
    yield _permissions(config)
    yield _mail(config["MAIL_URL"], public)
    unsealed = backups.unsealed(Path(config["BACKUP_FOLDER"]))
    yield rules.sealed(config["BACKUP_KEY"], config["BACKUP_KEEP"], unsealed, public)
    try:
        yield from _in_the_database(config, public)
    except sa.exc.SQLAlchemyError as error:
        said = " ".join(str(getattr(error, "orig", error)).split())
        yield Finding("database", "", f"it does not answer: {said}")


def _in_the_database(config: Mapping[str, Any], public: bool) -> Iterator[Finding]:
    problems = database_problems(db.engine)
    yield Finding("database", "set as it must be", "; ".join(problems))
    stands = current()
    yield rules.schema(stands, head())
    if stands is None:
        return
    noted = settings.values()
    newest = db.session.scalar(sa.select(sa.func.max(AuditEntry.at)))
    seen = datetime.fromtimestamp(noted["worker_at"], UTC) if noted["worker_at"] else None
    yield rules.sample(noted["sample_data"], public)
    yield rules.clock(max(filter(None, (newest, seen)), default=None), now())
    yield rules.worker(seen, now())
    yield _backup(config["BACKUP_HOUR"])
    db.session.rollback()


def _backup(hour: int) -> Finding:
    state = backups.state()
    fine = f"proven on {state.at:%d.%m.%Y %H:%M} UTC in {state.seconds} s" if state.at else ""
    if state.has_failed:
        return rules.backup("the last one failed: see the log, then flask --app wsgi backup FILE", fine)
    if state.at is None:
        return rules.backup("there is none: flask --app wsgi backup FILE", fine)
    return rules.backup("the last proven one is too old" if is_overdue(state, hour, now()) else "", fine)


def _database_file(config: Mapping[str, Any]) -> Path | None:
    found = store(config["SQLALCHEMY_DATABASE_URI"])
    return found.file if isinstance(found, Sqlite) else None


def _disk(config: Mapping[str, Any]) -> Finding:
    """Of the fullest place something is written to."""
    file, folders = _database_file(config), [Path(config["INSTANCE_PATH"]), Path(config["BACKUP_FOLDER"])]
    there = [folder for folder in (*folders, *([file.parent] if file else [])) if folder.is_dir()]
    if not there:
        return Finding("disk", "", f"{folders[0]} is not there")
    usage = min(map(shutil.disk_usage, there), key=lambda each: each.free / each.total)
    size = file.stat().st_size if file and file.exists() else 0
    return rules.disk(usage.free, usage.total, size)


def _permissions(config: Mapping[str, Any]) -> Finding:
    """Files with people's data, and the way to them."""
    file = _database_file(config)
    paths = [Path(f"{file}{side}") for side in ("", *SIDES)] if file else []
    paths += [*Path(config["BACKUP_FOLDER"]).glob("*"), Path(config["INSTANCE_PATH"]) / "outbox"]
    return rules.permissions([path.name for path in paths if path.exists() and _others_reach(path)])


def _others_reach(path: Path) -> bool:
    path = path.resolve()
    return bool(path.stat().st_mode & 0o006) and all(map(_reachable, path.parents))


def _reachable(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o001)


def _mail(url: str, public: bool) -> Finding:
    parts = urlsplit(url)
    return rules.mail(parts.scheme, parts.scheme == "file" or _answers(parts.hostname or "", parts.port), public)


def _answers(host: str, port: int | None) -> bool:
    try:
        with socket.create_connection((host, port or smtplib.SMTP_PORT), PATIENCE):
            return True
    except OSError:
        return False
