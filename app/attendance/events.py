from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class MarksChanged(Event):
    """Cells were marked, corrected or cleared; what they were and became stands in their own history."""

    name = "attendance.marked"
    course_session_id: int
    sitting_ids: tuple[int, ...]
    enrolment_ids: tuple[int, ...]
    source: str


@dataclass(frozen=True)
class SheetClosed(Event):
    name = "attendance.sheet_closed"
    sitting_id: int


@dataclass(frozen=True)
class SheetReopened(Event):
    name = "attendance.sheet_reopened"
    sitting_id: int


@dataclass(frozen=True)
class WalkInAdded(Event):
    """Somebody who was in the room without a seat was given one on the spot."""

    name = "attendance.walk_in_added"
    sitting_id: int
    enrolment_id: int


@dataclass(frozen=True)
class SignedSheetAttached(Event):
    name = "attendance.signed_sheet_attached"
    course_session_id: int
    signed_sheet_id: int
