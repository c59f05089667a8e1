"""Logos set and taken away."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.files.bad_file import BadFile, BadFileReason
from app.files.models import Document
from app.files.pictures.images import check_image
from app.language import lazy_gettext
from app.paper.logos import UnusableLogo
from app.paper.logos import logo as drawable
from app.settings.events import LogoRemoved, LogoSet
from app.settings.logos import queries
from app.settings.models import Logo

WHY_NOT = {
    BadFileReason.EMPTY: lazy_gettext("Choose a picture."),
    BadFileReason.TOO_LARGE: lazy_gettext("The picture is too large: at most 1 MB and 4,000 pixels a side."),
    BadFileReason.UNSUPPORTED_TYPE: lazy_gettext("Only PNG and JPEG pictures can be used."),
    BadFileReason.DAMAGED: lazy_gettext("The picture is damaged. Save it again and try once more."),
}


@dataclass(frozen=True)
class ReadLogo:
    """A picture that was looked at: whole, small enough, and really drawn."""

    data: bytes
    media_type: str


def read_logo(data: bytes) -> ReadLogo:
    """Judge an upload by its bytes, whatever it is called; draws it once, so call it outside the write lock."""
    try:
        media_type, _, _ = check_image(data)
        drawable(data)
    except BadFile as bad:
        raise Refused(WHY_NOT[bad.reason], field="file") from bad
    except UnusableLogo as bad:
        raise Refused(WHY_NOT[BadFileReason.DAMAGED], field="file") from bad
    return ReadLogo(data, media_type)


def set_logo(slot: int, read: ReadLogo, alt: str, *, by: Actor) -> None:
    """Put a picture into a slot. The one before stays among the documents: issued certificates name it."""
    document = Document(
        sha256=sha256(read.data).hexdigest(),
        media_type=read.media_type,
        filename=f"logo-{slot}.{'png' if read.media_type == 'image/png' else 'jpg'}",
        size=len(read.data),
        content=read.data,
        created_by=by.id,
    )
    db.session.add(document)
    db.session.flush()
    logo = queries.logo(slot)
    if logo is None:
        db.session.add(Logo(slot=slot, alt=alt, document_id=document.id))
    else:
        logo.alt, logo.document_id = alt, document.id
    journal.record(LogoSet(slot, document.id), by=by)


def remove_logo(slot: int, *, by: Actor) -> None:
    logo = queries.logo(slot)
    if logo is not None:
        db.session.delete(logo)
        journal.record(LogoRemoved(slot), by=by)
