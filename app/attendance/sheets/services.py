"""A sheet closed by hand before it locks by itself, and opened again."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.scope import within
from app.attendance import queries as attendance
from app.attendance import rules
from app.attendance.events import SheetClosed, SheetReopened
from app.attendance.models import ClosedSheet
from app.attendance.rules import MARKABLE
from app.attendance.sheets import queries
from app.attendance.sheets.rules import Phase
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState


def close(course_session: CourseSession, sitting: Sitting, *, by: Actor) -> None:
    """Nobody marks here any more without giving a reason. Refused while somebody is unmarked."""
    if course_session.status not in MARKABLE:
        raise Refused(lazy_gettext("Attendance is taken in open and confirmed course sessions only."))
    if queries.closed([sitting.id]):
        return
    if queries.phase(sitting) in (Phase.EARLY, Phase.UNDATED):
        raise Refused(lazy_gettext("This sitting has not begun; its attendance cannot be closed yet."))
    missing = rules.missing([(each.word, each.before) for each in attendance.roll_call(sitting)])
    if missing and sitting.state is not SittingState.NOT_HELD:
        raise Refused(
            lazy_gettext("%(count)s people are not marked yet. Mark them, then close.", count=len(missing)), field=None
        )
    db.session.add(ClosedSheet(sitting_id=sitting.id, by_id=by.id))
    journal.record(SheetClosed(sitting.id), by=by)


def check_settled(sitting: Sitting, *, may_correct: bool) -> None:
    """Refuse to change what became of a sitting once its sheet is locked, except for whoever runs the session."""
    locked = queries.phase(sitting) is Phase.LOCKED or bool(queries.closed([sitting.id]))
    if locked and not may_correct:
        raise Refused(
            lazy_gettext("The time to mark this sitting is over. For a correction contact your provincial coordinator.")
        )


def reopen(course_session: CourseSession, sitting: Sitting, *, by: Actor) -> None:
    """The sheet may be marked again, within its window; for whoever runs the session."""
    if course_session.status is SessionStatus.FINALISED:
        raise Refused(lazy_gettext("This course session is finalised: its attendance is locked."))
    if not queries.closed([sitting.id]):
        return
    db.session.execute(
        within(sitting).trusting(sa.delete(ClosedSheet).where(ClosedSheet.sitting_id == sitting.id), ClosedSheet)
    )
    journal.record(SheetReopened(sitting.id), by=by)
