"""A file attached to a row of the programme: what its field brings, and the file again."""

from __future__ import annotations

import re
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
from app.files.pictures.scans import ENDINGS, MOST_BYTES, Scan
from app.language import lazy_gettext

REQUEST = MOST_BYTES + 1024 * 1024
"""So many bytes a form with such a file may bring."""
ACCEPTED = {
    "accept": ",".join(ENDINGS),
    # refused in the browser, before it is sent and with it all that was typed
    "data-most": MOST_BYTES,
    "data-too-large": lazy_gettext("This file is too large. Files of up to 12 MB can be attached."),
}


@dataclass(frozen=True)
class Upload:
    name: str
    scan: Scan


def brought(field: Any) -> Upload | None:
    """What was chosen, or None; Refused in words, at its field, for anything but a picture or a PDF."""
    sent = field.data
    if not sent or not sent.filename:
        return None
    return Upload(stem(sent.filename), scans.read_scan(sent.read(), field.name))


def stem(filename: str) -> str:
    """What a file was called where it comes from, without its folders, its ending and what is no part of a name."""
    name = filename.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    return re.sub(r"[^\w .,()-]", "", name).strip(" .")[:180] or "-"


def keep(upload: Upload, *, by: Actor) -> int:
    """The id of the document; whatever row points at it says who may see it."""
    return scans.keep(upload.scan, upload.name, by_id=by.id).id


def attached(values: Mapping[str, Any], name: str, upload: Upload | None, *, by: Actor) -> dict[str, Any]:
    """The values of a row with the file it has from now on under this name; without one the former stays."""
    return {**values} if upload is None else {**values, name: keep(upload, by=by)}


def kept(document_id: int | None) -> Document:
    """The file of a row loaded through a scope, or Missing."""
    whole = sa.select(Document).where(Document.id == document_id).options(undefer(Document.content))
    found = db.session.scalar(whole) if document_id is not None else None
    if found is None:
        raise Missing
    return found
