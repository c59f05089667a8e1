"""A file attached to a row of the programme: what its field brings, and the file again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Missing
from app.files.models import Document
from app.files.pictures import scans
from app.files.pictures.scans import MOST_BYTES, Scan

REQUEST = MOST_BYTES + 1024 * 1024
"""So many bytes a form with such a file may bring."""


@dataclass(frozen=True)
class Upload:
    name: str
    scan: Scan


def attached(values: Mapping[str, Any], name: str, upload: Upload | None, *, by: Actor) -> dict[str, Any]:
    """The values of a row with the file it has from now on under this name; whatever row points at a file says who may
    see it. Without one the former stays.
    """
    return {**values} if upload is None else {**values, name: scans.keep(upload.scan, upload.name, by_id=by.id).id}


def kept(document_id: int | None) -> Document:
    """The file of a row loaded through a scope, or Missing."""
    whole = sa.select(Document).where(Document.id == document_id).options(undefer(Document.content))
    found = db.session.scalar(whole) if document_id is not None else None
    if found is None:
        raise Missing
    return found
