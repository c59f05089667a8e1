"""Meetings are planned, changed, invited to and called off; who was there is entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, time

from sqlalchemy.orm.attributes import flag_modified

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now, today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.files.pictures.scans import Scan, keep
from app.language import gettext, lazy_gettext
from app.programme.groups.events import (
    MeetingAttendanceTaken,
    MeetingCancelled,
    MeetingChanged,
    MeetingInvited,
    MeetingPlanned,
    SheetPrinted,
    SignedMeetingSheetAttached,
)
from app.programme.groups.meetings import notices, queries
from app.programme.groups.models import ActionGroup, Attended, GroupMeeting, MeetingAttendance
from app.programme.groups.rules import over

Marks = Mapping[int, tuple[Attended, str]]
"""Of members (by id) whether they came, and who came in their place."""


@dataclass(frozen=True)
class MeetingDetails:
    date: date
    starts: time
    ends: time
    place: str = ""
    online: bool = False
    agenda: str = ""


def plan(group: ActionGroup, details: MeetingDetails, *, by: Actor) -> GroupMeeting:
    if not group.active:
        raise Refused(lazy_gettext("This group meets no more."))
    _check(details)
    made = GroupMeeting(group_id=group.id, **asdict(details))
    db.session.add(made)
    db.session.flush()
    journal.record(MeetingPlanned(group.id, made.id), by=by)
    return made


def _check(details: MeetingDetails) -> None:
    if details.ends <= details.starts:
        raise Refused(lazy_gettext("The end must be after the beginning."), field="ends")
    if not details.online and not details.place:
        raise Refused(lazy_gettext("Say where it takes place, or that it is online."), field="place")


def change(meeting: GroupMeeting, details: MeetingDetails, *, by: Actor) -> int:
    """How many are told. One that has attendance was held: only what was said of it can change."""
    _takes_place(meeting)
    _check(details)
    moved = (details.date, details.starts, details.ends) != (meeting.date, meeting.starts, meeting.ends)
    held = bool(queries.attendance(meeting))
    if moved and held:
        raise Refused(lazy_gettext("Its attendance is entered: it was held then."), field="date")
    changed = set_changed(meeting, asdict(details))
    if not changed:
        return 0
    journal.record(MeetingChanged(meeting.id, changed), by=by)
    return 0 if held else notices.changed(meeting)


def _takes_place(meeting: GroupMeeting) -> None:
    if meeting.cancelled_at is not None:
        raise Refused(lazy_gettext("This meeting was cancelled."))


def invite(meeting: GroupMeeting, *, by: Actor) -> int:
    """How many letters were written: to whoever was not invited yet."""
    _takes_place(meeting)
    if over(meeting.date, meeting.ends, now()):
        raise Refused(lazy_gettext("This meeting is over."))
    meeting.invited_at = meeting.invited_at or now()
    written = notices.invite(meeting)
    journal.record(MeetingInvited(meeting.id, written), by=by)
    return written


def cancel(meeting: GroupMeeting, reason: str, *, by: Actor) -> int:
    """How many are told."""
    _takes_place(meeting)
    if queries.attendance(meeting):
        raise Refused(lazy_gettext("Its attendance is entered: it was held then."))
    meeting.cancelled_at, meeting.cancel_reason = now(), reason
    journal.record(MeetingCancelled(meeting.id), by=by)
    return notices.cancelled(meeting)


def printed(meeting: GroupMeeting, *, by: Actor) -> None:
    """A sheet for this day, these hours, this place is in somebody's hands."""
    meeting.printed = meeting.as_printed
    journal.record(SheetPrinted(meeting.id), by=by)


def attach(meeting: GroupMeeting, scan: Scan, *, by: Actor) -> None:
    """The signed sheet; a later one takes the place of the earlier, which is kept."""
    _takes_place(meeting)
    if meeting.date > today():
        raise Refused(lazy_gettext("The meeting has not been held yet."))
    name = gettext("Signed sheet %(day)s", day=meeting.date.isoformat())
    meeting.document_id = keep(scan, name, by_id=by.id).id
    journal.record(SignedMeetingSheetAttached(meeting.id, meeting.document_id), by=by)


def take_minutes(meeting: GroupMeeting, minutes: str, marks: Marks, *, by: Actor) -> None:
    """The minutes, and who was there; of members who are left out nothing is known any more."""
    _takes_place(meeting)
    if meeting.date > today():
        raise Refused(lazy_gettext("The meeting has not been held yet."))
    _take_attendance(meeting, marks, by=by)
    if set_changed(meeting, {"minutes": minutes}):
        journal.record(MeetingChanged(meeting.id, ("minutes",)), by=by)


def _take_attendance(meeting: GroupMeeting, marks: Marks, *, by: Actor) -> None:
    there, members, changed = queries.attendance(meeting), {one.id for one in queries.invited(meeting)}, 0
    for key in members:
        row, mark = there.get(key), marks.get(key)
        if (row and (row.attended, row.substitute)) == mark:
            continue
        changed += 1
        if row is not None and mark is None:
            db.session.delete(row)
        elif row is None and mark is not None:
            made = MeetingAttendance(meeting_id=meeting.id, member_id=key, attended=mark[0], substitute=mark[1])
            db.session.add(made)
        elif row is not None and mark is not None:
            row.attended, row.substitute = mark
    if changed:
        flag_modified(meeting, "minutes")  # whoever has the older attendance before them is told so by its version
        journal.record(MeetingAttendanceTaken(meeting.id, changed), by=by)
