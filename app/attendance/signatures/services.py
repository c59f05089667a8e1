"""The scan of a signed sheet: looked at by its bytes, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.attendance import queries
from app.attendance.events import SignedSheetAttached
from app.attendance.models import SignedSheet
from app.attendance.signatures.rules import shown_days
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.files.pictures.scans import Scan, keep
from app.language import format_date, gettext, lazy_gettext
from app.training.models import CourseSession, SessionStatus


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
    document = keep(scan, gettext("Signed sheet %(day)s", day=days[0].isoformat()), by_id=by.id)
    made = [
        SignedSheet(course_session_id=course_session.id, day=day, document_id=document.id, by_id=by.id) for day in days
    ]
    db.session.add_all(made)
    db.session.flush()
    for sheet in made:
        journal.record(SignedSheetAttached(course_session.id, sheet.id), by=by)
    return made
