"""What a group's meetings and actions come to: who is at the table, and what of it was done in time."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.access.scope import within
from app.core.clock import today
from app.core.db import db
from app.people.models import Employee, Sex
from app.programme.groups.models import ActionGroup, Attended, GroupAction, GroupMember, MeetingAttendance
from app.programme.groups.queries import OF_MEETINGS, fell_due, on_time


@dataclass(frozen=True)
class Figures:
    """Of a group: kinds of institution in it and among those who came to its meetings, who came themselves as their
    sex is stated (once for each meeting), actions whose date is past and those of them done on time.
    """

    kinds: int
    kinds_there: int
    women: int
    stated: int
    due: int
    on_time: int


def figures(one: ActionGroup) -> Figures:
    """In one statement."""
    attended, day = MeetingAttendance.attended, today()
    sits = sa.and_(GroupMember.group_id == one.id, GroupMember.left_on.is_(None))
    kinds = sa.func.count(GroupMember.institution_type.distinct())
    seen = (
        sa.select(kinds)
        .join(MeetingAttendance, MeetingAttendance.member_id == GroupMember.id)
        .where(sits, attended != Attended.ABSENT)
    )
    stated = sa.func.coalesce(Employee.sex, GroupMember.sex)
    came = (
        sa.select(sa.func.count())
        .select_from(MeetingAttendance)
        .join(GroupMember, GroupMember.id == MeetingAttendance.member_id)
        .outerjoin(Employee, Employee.id == GroupMember.employee_id)
        .where(GroupMember.group_id == one.id, attended == Attended.PRESENT)
    )
    ours = sa.select(sa.func.count()).select_from(GroupAction).where(GroupAction.group_id == one.id, fell_due(day))
    numbers = (
        sa.select(kinds).where(sits),
        seen,
        came.where(stated == Sex.WOMAN),
        came.where(stated != Sex.NOT_STATED),
        ours,
        ours.where(on_time()),
    )
    statement = sa.select(*(each.scalar_subquery() for each in numbers))
    return Figures(*db.session.execute(within(one).trusting(statement, *OF_MEETINGS, GroupAction, Employee)).one())
