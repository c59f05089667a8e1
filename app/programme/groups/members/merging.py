"""Two records of one person become one: what becomes of their places in groups."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.scope import within
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.people.events import EmployeesMerged
from app.programme.groups.events import MemberChanged, MembersJoined
from app.programme.groups.members.queries import of_employees
from app.programme.groups.models import GroupAction, GroupMember, MeetingAttendance


def employees_merged(event: EmployeesMerged, by: Actor) -> None:
    """The places go along. Where both sit in one group, one place is left, with the attendance and actions of both."""
    found = of_employees([event.kept_id, event.merged_id])
    kept = {one.group_id: one for one in found if one.employee_id == event.kept_id and one.left_on is None}
    for one in found:
        if one.employee_id != event.merged_id:
            continue
        twin = kept.get(one.group_id) if one.left_on is None else None
        if twin is None:
            one.employee_id = event.kept_id
            db.session.flush()
            db.session.expire(one)  # the card her letters read is the kept one from now on
            journal.record(MemberChanged(one.group_id, one.id, ("employee_id",)), by=by)
        else:
            _join(twin, one, by=by)


def _join(kept: GroupMember, gone: GroupMember, *, by: Actor) -> None:
    """Of a meeting for which both have attendance that of the kept one stays."""
    days = [day for day in (kept.joined_on, gone.joined_on) if day is not None]
    kept.joined_on = min(days, default=None)
    own = sa.select(MeetingAttendance.meeting_id).where(MeetingAttendance.member_id == kept.id)
    theirs, below = MeetingAttendance.member_id == gone.id, within(gone)
    twice = sa.delete(MeetingAttendance).where(theirs, MeetingAttendance.meeting_id.in_(own.correlate(None)))
    for statement, model in (
        (twice, MeetingAttendance),
        (sa.update(MeetingAttendance).where(theirs).values(member_id=kept.id), MeetingAttendance),
        (sa.update(GroupAction).where(GroupAction.owner_id == gone.id).values(owner_id=kept.id), GroupAction),
    ):
        db.session.execute(below.trusting(statement, model), execution_options={"synchronize_session": False})
    db.session.delete(gone)
    journal.record(MembersJoined(kept.group_id, kept.id, gone.id), by=by)
