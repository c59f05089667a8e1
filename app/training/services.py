from __future__ import annotations

from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.training.events import (
    SessionMoved,
)
from app.training.models import (
    ChangeKind,
    CourseSession,
    SessionChange,
    SessionStatus,
)
from app.training.rules import FIXED


def move(course_session: CourseSession, to: SessionStatus, *, by: Actor, reason: str = "") -> None:
    """Set the status, if its table allows that, and remember it. Guards belong to whoever serves the transition."""
    was = course_session.status
    course_session.status = was.to(to)
    course_session.status_reason = reason
    keep_status(course_session, was, by=by, reason=reason)
    journal.record(SessionMoved(course_session.id, was.value, to.value), by=by)


LOCKED = ["status", "capacity", "step_free_needed", "starts_on", "ends_on", "version"]
"""What is decided by. `version` too, or a later change of the row here would pass for a stale one."""


def locked(course_session: CourseSession) -> None:
    """From here to the end of the transaction nobody else gives the session other days, and nobody takes or frees a
    seat of it: who is told of its days is who has one. Before rooms and trainers are locked (SQLite holds one lock for
    every transaction that may write).
    """
    # reading anew would undo what is changed and not written yet
    db.session.flush()
    db.session.refresh(course_session, LOCKED, with_for_update=True)


def changeable(course_session: CourseSession) -> None:
    """Refuse for a session that is finalised or cancelled: nothing of it changes any more."""
    if course_session.status in FIXED:
        raise Refused(
            lazy_gettext(
                "This course session can no longer be changed: %(status)s.", status=course_session.status.label
            )
        )


def reason_given(reason: str) -> str:
    """The reason as it is kept; a step that needs one is refused without."""
    if not reason.strip():
        raise Refused(lazy_gettext("Please give a reason."), field="reason")
    return reason.strip()


def keep_status(course_session: CourseSession, was: SessionStatus | None, *, by: Actor, reason: str = "") -> None:
    """The session has just become what it is; `was` None: it was made."""
    db.session.add(
        SessionChange(
            course_session_id=course_session.id,
            kind=ChangeKind.STATUS,
            old="" if was is None else was.value,
            new=course_session.status.value,
            by_id=by.id,
            reason=reason,
        )
    )


def keep_sittings(
    course_session: CourseSession, kind: ChangeKind, sittings: int, *, by: Actor, reason: str = ""
) -> None:
    """So many sittings were moved, or lost their date."""
    db.session.add(
        SessionChange(course_session_id=course_session.id, kind=kind, sittings=sittings, by_id=by.id, reason=reason)
    )
