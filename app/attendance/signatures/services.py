"""The scan of a signed sheet: looked at by its bytes, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from app.attendance import queries
from app.attendance.events import SignedSheetAttached
from app.attendance.models import SignedSheet
from app.attendance.signatures.rules import ENDINGS, media_type_of, shown_days
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.files.bad_file import MAX_BYTES, BadFile, BadFileReason
from app.files.images import smaller
from app.files.models import Document
from app.language import format_date, gettext, lazy_gettext
from app.training.models import CourseSession, SessionStatus

WHY_NOT = {
    BadFileReason.EMPTY: lazy_gettext("The file is empty."),
    BadFileReason.TOO_LARGE: lazy_gettext("The file is larger than 12 MB. Scan it with a lower resolution."),
    BadFileReason.UNSUPPORTED_TYPE: lazy_gettext("Only PDF, JPEG and PNG files can be uploaded here."),
    BadFileReason.DAMAGED: lazy_gettext("The file is damaged or incomplete. Scan the sheet again."),
}


@dataclass(frozen=True)
class Scan:
    """An upload that was looked at. Its digest is taken outside the write lock too."""

    content: bytes
    media_type: str
    sha256: str


def read_scan(content: bytes) -> Scan:
    """Judge an upload by its bytes, whatever it is called; Refused in words for anything but a scan."""
    try:
        media_type = media_type_of(content)
        if len(content) > MAX_BYTES and media_type != "application/pdf":
            content, media_type = smaller(content), "image/jpeg"
        return Scan(content, media_type, sha256(content).hexdigest())
    except BadFile as bad:
        raise Refused(WHY_NOT[bad.reason], field="scan") from None


def attach_all(course_session: CourseSession, days: Sequence[date], scans: Sequence[Scan], *, by: Actor) -> None:
    """Keep the scans of these days; which shows which is told by `rules.shown_days`."""
    for scan, shown in zip(scans, shown_days(len(scans), days), strict=True):
        attach(course_session, shown, scan, by=by)


def attach(course_session: CourseSession, days: Sequence[date], scan: Scan, *, by: Actor) -> list[SignedSheet]:
    """Keep the scan of the signed sheet of these days, once; earlier ones of a day stay beside it."""
    if course_session.status is SessionStatus.FINALISED:
        raise Refused(lazy_gettext("This course session is finalised: its attendance is locked."))
    held = {row.date for row in queries.sittings(course_session)}
    for day in days:
        if day not in held:
            raise Refused(lazy_gettext("No sitting takes place on %(day)s.", day=format_date(day)), field="day")
    document = Document(
        sha256=scan.sha256,
        media_type=scan.media_type,
        filename=gettext("Signed sheet %(day)s", day=days[0].isoformat()) + f".{ENDINGS[scan.media_type]}",
        size=len(scan.content),
        content=scan.content,
        created_by=by.id,
    )
    db.session.add(document)
    db.session.flush()
    made = [
        SignedSheet(course_session_id=course_session.id, day=day, document_id=document.id, by_id=by.id) for day in days
    ]
    db.session.add_all(made)
    db.session.flush()
    for sheet in made:
        journal.record(SignedSheetAttached(course_session.id, sheet.id), by=by)
    return made
