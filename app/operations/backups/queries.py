from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from app.operations.backups.rules import State
from app.operations.backups.sealing import is_sealed
from app.settings import queries as settings

SOME = 3
CERTIFICATES = sa.table("certificates", sa.column("id"), sa.column("document_id"))
DOCUMENTS = sa.table("documents", sa.column("id"), sa.column("sha256"), sa.column("content", sa.LargeBinary))
# Tables by their names: a database that is older than the program has no models.


def unsealed(folder: Path) -> list[str]:
    """The names of backups that lie there open, whatever a name says: somebody chose it."""
    found = []
    for path in sorted(folder.glob("*.tar.gz*")):
        with path.open("rb") as file:
            if not is_sealed(file):
                found.append(path.name)
    return found


def some_certificates(connection: sa.Connection) -> list[str]:
    """The sums of the first, the last and a middle certificate's PDF."""
    if not sa.inspect(connection).has_table("certificates"):
        return []
    ids = connection.scalar(sa.select(sa.func.max(CERTIFICATES.c.id))) or 0
    found = {}
    for at_least in (1, ids // 2, ids):
        row = connection.execute(
            sa.select(CERTIFICATES.c.id, DOCUMENTS.c.sha256)
            .join(DOCUMENTS, DOCUMENTS.c.id == CERTIFICATES.c.document_id)
            .where(CERTIFICATES.c.id >= at_least)
            .order_by(CERTIFICATES.c.id)
            .limit(1)
        ).first()
        if row is not None:
            found[row.id] = row.sha256
    return list(found.values())


def opens(connection: sa.Connection, sha256: str) -> bool:
    """Whether a PDF of this sum is there, and is what its sum says."""
    content = connection.scalar(sa.select(DOCUMENTS.c.content).where(DOCUMENTS.c.sha256 == sha256).limit(1))
    return content is not None and content.startswith(b"%PDF") and hashlib.sha256(content).hexdigest() == sha256


def state() -> State:
    """What is known of backups, from what each page reads anyway."""
    noted = settings.values()

    def moment(key: str) -> datetime | None:
        return datetime.fromtimestamp(noted[key], UTC) if noted[key] else None

    return State(
        moment("backup_at"),
        noted["backup_seconds"],
        noted["backup_failed"],
        moment("backup_failed_at"),
        moment("backup_asked_at"),
    )
