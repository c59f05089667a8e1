"""Meetings are planned, changed, invited to and called off; who was there is entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now, today
from app.core.db import db, set_changed
from app.core.errors import Refused, Text
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
from app.programme.groups.queries import actions_of
from app.programme.groups.services import Values, hold
from app.programme.uploads import Upload, keep

Marks = Mapping[int, tuple[Attended, str]]
"""Of members (by id) whether they came, and who came in their place."""


def plan(group: ActionGroup, values: Values, *, by: Actor) -> GroupMeeting:
    hold(group)
    _check(values)
    _founded(group, values)
    made = GroupMeeting(group_id=group.id, **values)
    db.session.add(made)
    db.session.flush()
    journal.record(MeetingPlanned(group.id, made.id), by=by)
    return made


def _founded(group: ActionGroup, values: Values) -> None:
    if group.founded_on is not None and values["date"] < group.founded_on:
        raise Refused(lazy_gettext("The group was not founded yet. Is the year right?"), field="date")


def _check(values: Values) -> None:
    if values["ends"] <= values["starts"]:
        raise Refused(lazy_gettext("The end must be after the beginning."), field="ends")
    if not values["online"] and not values["place"]:
        raise Refused(lazy_gettext("Say where it takes place, or that it is online."), field="place")


def change(meeting: GroupMeeting, values: Values, *, by: Actor) -> int:
    """How many are told. Of one that was held only what was said of it can change."""
    _takes_place(meeting)
    _check(values)
    was = (meeting.date, meeting.starts, meeting.ends)
    moved = was != (values["date"], values["starts"], values["ends"])
    held, expected = _held(meeting), not meeting.over
    if moved and held is not None:
        raise Refused(held, field="date")
    if moved:
        _founded(meeting.group, values)
    changed = set_changed(meeting, values)
    if not changed:
        return 0
    if moved and meeting.invited_at is not None and not queries.invited(meeting):
        # all of them would be told that it is held without them: a slip of the year
        raise Refused(lazy_gettext("Nobody sits in the group on this day. Is the year right?"), field="date")
    journal.record(MeetingChanged(meeting.id, changed), by=by)
    # whose calendar shows a day to come is told of any other, also of one that is past
    told = held is None and (expected or not meeting.over)
    return notices.changed(meeting, was if moved else None) if told else 0


def _held(meeting: GroupMeeting) -> Text | None:
    """What proves that it was."""
    if queries.attendance(meeting):
        return lazy_gettext("Its attendance is entered: it was held then.")
    return None if meeting.document_id is None else lazy_gettext("Its signed sheet is attached: it was held then.")


def _takes_place(meeting: GroupMeeting) -> None:
    if meeting.cancelled_at is not None:
        raise Refused(lazy_gettext("This meeting was cancelled."))


def _begun(meeting: GroupMeeting) -> None:
    _takes_place(meeting)
    if meeting.date > today():
        raise Refused(lazy_gettext("The meeting has not been held yet."))


def invite(meeting: GroupMeeting, *, by: Actor) -> int:
    """How many letters were written: to whoever was not invited yet."""
    _takes_place(meeting)
    if meeting.over:
        raise Refused(lazy_gettext("This meeting is over."))
    meeting.invited_at = meeting.invited_at or now()
    written = notices.invite(meeting)
    journal.record(MeetingInvited(meeting.id, written), by=by)
    return written


def cancel(meeting: GroupMeeting, reason: str, *, by: Actor) -> int:
    """How many are told."""
    _takes_place(meeting)
    if (held := _held(meeting)) is not None:
        raise Refused(held)
    if actions_of(meeting.group, meeting.id):
        raise Refused(lazy_gettext("Actions were decided in it: it was held. Let them name another meeting first."))
    meeting.cancelled_at, meeting.cancel_reason = now(), reason
    journal.record(MeetingCancelled(meeting.id), by=by)
    return notices.cancelled(meeting)


def printed(meeting: GroupMeeting, says: dict[str, Any], *, by: Actor) -> None:
    """A sheet is in somebody's hands that `says` when and where (as it was drawn: it may have been moved since)."""
    meeting.printed = says
    journal.record(SheetPrinted(meeting.id), by=by)


def attach(meeting: GroupMeeting, upload: Upload, *, by: Actor) -> None:
    """The signed sheet; a later one takes the place of the earlier, which is kept."""
    _begun(meeting)
    name = gettext("Signed sheet %(day)s", day=meeting.date.isoformat())
    meeting.document_id = keep(replace(upload, name=name), by=by)
    journal.record(SignedMeetingSheetAttached(meeting.id, meeting.document_id), by=by)


def take_minutes(meeting: GroupMeeting, minutes: str, marks: Marks, *, by: Actor) -> None:
    """The minutes, and who was there; of members who are left out nothing is known any more."""
    _begun(meeting)
    _take_attendance(meeting, marks, by=by)
    if set_changed(meeting, {"minutes": minutes}):
        journal.record(MeetingChanged(meeting.id, ("minutes",)), by=by)


def _take_attendance(meeting: GroupMeeting, marks: Marks, *, by: Actor) -> None:
    there, changed = queries.attendance(meeting), 0
    for key in (one.id for one in queries.invited(meeting)):
        row, mark = there.get(key), marks.get(key)
        if (row and (row.attended, row.substitute)) == mark:
            continue
        changed += 1
        if row is None:
            row = MeetingAttendance(meeting_id=meeting.id, member_id=key)
            db.session.add(row)
        if mark is None:
            db.session.delete(row)
        else:
            row.attended, row.substitute = mark
    if changed:
        flag_modified(meeting, "minutes")  # whoever has the older attendance before them is told so by its version
        journal.record(MeetingAttendanceTaken(meeting.id, changed), by=by)
