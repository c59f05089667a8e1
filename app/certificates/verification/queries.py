"""A certificate by its key, whoever asks: its code, or its very bytes."""

from __future__ import annotations

from app.access.scope import EVERYWHERE
from app.certificates.models import Certificate
from app.core.db import db
from app.files.models import Document


def by_code(code: str | None) -> Certificate | None:
    """The certificate with this code, whoever asks: the code is the key. One look-up also for no code at all."""
    # the code is the key
    return db.session.scalar(EVERYWHERE.select(Certificate).where(Certificate.code == (code or "")))


def by_digest(sha256: str) -> Certificate | None:
    """The certificate whose stored file has exactly these bytes."""
    return db.session.scalar(
        EVERYWHERE.select(Certificate)  # whoever holds the file may ask whether it is ours
        .join(Document, Document.id == Certificate.document_id)
        .where(Document.sha256 == sha256)
        .limit(1)
    )
