"""The logos of certificates and sheets."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.core.db import db
from app.core.errors import Missing
from app.files.models import Document
from app.settings.models import Logo
from app.settings.queries import LOGO_SLOTS


def logo(slot: int) -> Logo | None:
    """What stands in a slot; Missing where there is no such slot."""
    if slot not in LOGO_SLOTS:
        raise Missing
    return db.session.scalar(sa.select(Logo).where(Logo.slot == slot))


def picture(slot: int) -> Document:
    """The picture in a slot, with its bytes; Missing where it is empty."""
    found = logo(slot)
    document = (
        None
        if found is None
        else db.session.scalar(
            sa.select(Document).where(Document.id == found.document_id).options(undefer(Document.content))
        )
    )
    if document is None:
        raise Missing
    return document
