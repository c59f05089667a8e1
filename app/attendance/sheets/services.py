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
from app.core.errors import Refused, Text
from app.language import lazy_gettext
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState


class Unmarked(Refused):
    """Somebody is still to be marked: `first` is the enrolment."""

    def __init__(self, message: Text, first: int) -> None:
        super().__init__(message)
        self.first = first


def close(course_session: CourseSession, sitting: Sitting, *, by: Actor) -> None:
    """Nobody marks here any more without giving a reason. Refused while somebody is unmarked."""
    if course_session.status not in MARKABLE:
        raise Refused(lazy_gettext("Attendance is taken in open and confirmed course sessions only."))
    if queries.closed([sitting.id]):
        return
    if queries.phase(sitting) in (Phase.EARLY, Phase.UNDATED):
        raise Refused(lazy_gettext("This sitting has not begun; its attendance cannot be closed yet."))
    if missing := unmarked(sitting):
        raise Unmarked(
            lazy_gettext("%(count)s people are not marked yet. Mark them, then close.", count=len(missing)), missing[0]
        )
    db.session.add(ClosedSheet(sitting_id=sitting.id, by_id=by.id))
    journal.record(SheetClosed(sitting.id), by=by)


def unmarked(sitting: Sitting) -> list[int]:
    """The enrolments still to be marked there, by name; nobody where it was not held."""
    if sitting.state is SittingState.NOT_HELD:
        return []
    called = attendance.roll_call(sitting)
    return [called[n].person.enrolment_id for n in rules.missing([(each.word, each.before) for each in called])]


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
