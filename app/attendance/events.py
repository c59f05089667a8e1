from __future__ import annotations

from app.attendance.models import MarkSource
from app.audit.journal import Event
from app.language import lazy_pgettext


class MarksChanged(Event):
    """Cells were marked, corrected or cleared; what they were and became stands in their own history."""

    name = "attendance.marked"
    said = lazy_pgettext("event", "Attendance marked")
    words = {"enrolment_ids": lazy_pgettext("fact", "Enrolments"), "source": lazy_pgettext("fact", "Source")}
    values = {"source": MarkSource}
    course_session_id: int
    sitting_ids: tuple[int, ...]
    enrolment_ids: tuple[int, ...]
    source: str


class SheetClosed(Event):
    name = "attendance.sheet_closed"
    said = lazy_pgettext("event", "Attendance sheet closed")
    sitting_id: int


class SheetReopened(Event):
    name = "attendance.sheet_reopened"
    said = lazy_pgettext("event", "Attendance sheet reopened")
    sitting_id: int


class WalkInAdded(Event):
    """Somebody who was in the room without a seat was given one on the spot."""

    name = "attendance.walk_in_added"
    said = lazy_pgettext("event", "Walk-in added")
    sitting_id: int
    enrolment_id: int


class LateMarkKept(Event):
    """A mark arrived when its sheet was locked, and waits for whoever runs the session."""

    name = "attendance.late_mark_kept"
    said = lazy_pgettext("event", "Late mark received")
    sitting_id: int
    enrolment_id: int


class LateMarkDismissed(Event):
    name = "attendance.late_mark_dismissed"
    said = lazy_pgettext("event", "Late mark set aside")
    sitting_id: int
    enrolment_id: int


class SignedSheetAttached(Event):
    name = "attendance.signed_sheet_attached"
    said = lazy_pgettext("event", "Signed sheet attached")
    words = {"signed_sheet_id": lazy_pgettext("fact", "Signed sheet")}
    course_session_id: int
    signed_sheet_id: int
