from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.scope import EVERYWHERE, Scope, within
from app.core.clock import today
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.core.search import holds
from app.people.models import Employee
from app.post.models import CalendarSeries
from app.programme.groups.models import ActionGroup, GroupMeeting, GroupMember, MeetingAttendance
from app.programme.groups.queries import (
    OF_MEETINGS,
    PERSON,
    ahead,
    by_office,
    marked,
    meeting_rows,
    over,
    sits,
)

MEETING_SORTS: dict[str, tuple[Any, ...]] = {
    "date": (GroupMeeting.date, GroupMeeting.starts, GroupMeeting.id),
    "group": (ActionGroup.name_sort, GroupMeeting.date, GroupMeeting.id),
}
BACK = timedelta(days=180)


def meetings(scope: Scope, query: ListQuery) -> Rows[Any]:
    """Each `GroupMeeting` with its numbers. Filters: province, group, state (a `MeetingState`)."""
    ids = scope.restrict(sa.select(GroupMeeting.id), GroupMeeting, ActionGroup)
    ids = scope.trusting(ids.join(ActionGroup, ActionGroup.id == GroupMeeting.group_id), MeetingAttendance)
    ids = narrowed(ids, query, {"province": ActionGroup.province_id, "group": GroupMeeting.group_id})
    takes_place = GroupMeeting.cancelled_at.is_(None)
    states = {
        "ahead": ahead(),
        "unmarked": sa.and_(takes_place, ~marked(), over()),
        "held": sa.and_(takes_place, marked()),
        "cancelled": ~takes_place,
    }
    if query.filter("state"):
        ids = ids.where(states.get(query.filter("state"), sa.false()))
    ids = ids.where(holds(ActionGroup.search_text, query.q)) if query.q else ids
    return Rows(ids, MEETING_SORTS[query.sort], query, _rows)


def _rows(keys: Sequence[int]) -> Sequence[Any]:
    statement = meeting_rows().where(GroupMeeting.id.in_(keys))
    rows = db.session.execute(within(GroupMeeting).trusting(statement, *OF_MEETINGS, Employee)).all()
    return in_order(keys, rows, lambda row: row.GroupMeeting.id)


def meeting(scope: Scope, meeting_id: int) -> GroupMeeting:
    """With its group and province."""
    return scope.get(GroupMeeting, meeting_id, joinedload(GroupMeeting.group).joinedload(ActionGroup.province))


def at_once(one: GroupMeeting) -> GroupMeeting | None:
    """Another meeting of the group in the same hours."""
    others = within(one.group).select(GroupMeeting).where(GroupMeeting.id != one.id, GroupMeeting.date == one.date)
    others = others.where(GroupMeeting.starts < one.ends, GroupMeeting.ends > one.starts)
    return db.session.scalar(others.where(GroupMeeting.cancelled_at.is_(None)).limit(1))


def attendance(one: GroupMeeting) -> dict[int, MeetingAttendance]:
    """What was entered, by member."""
    return {row.member_id: row for row in db.session.scalars(within(one).select(MeetingAttendance))}


def invited(one: GroupMeeting) -> Sequence[GroupMember]:
    """Who sits in the group on that day, and whoever is in its records."""
    there = sa.select(MeetingAttendance.member_id).where(MeetingAttendance.meeting_id == one.id)
    statement = sa.select(GroupMember).where(GroupMember.group_id == one.group_id)
    expected = by_office(statement.where(sa.or_(sits(one.date), GroupMember.id.in_(there))))
    return db.session.scalars(within(one).trusting(expected, GroupMember, MeetingAttendance)).all()


def told_of(group_id: int) -> Sequence[GroupMeeting]:
    """Meetings of a group that are ahead and whose members were invited."""
    # whoever changed a member changed whom it concerns
    statement = EVERYWHERE.restrict(sa.select(GroupMeeting), GroupMeeting, MeetingAttendance)
    theirs = statement.where(GroupMeeting.group_id == group_id, GroupMeeting.invited_at.is_not(None), ahead())
    return db.session.scalars(theirs.options(joinedload(GroupMeeting.group)).order_by(GroupMeeting.id)).all()


def of_user(user_id: int, *, only_ahead: bool = False) -> Sequence[GroupMeeting]:
    """The meetings of the groups somebody sits in, of the last half year and to come."""
    statement = _of_user(sa.select(GroupMeeting), user_id).options(contains_eager(GroupMeeting.group))
    if only_ahead:
        statement = statement.where(ahead())
    ordered = statement.order_by(GroupMeeting.date, GroupMeeting.starts, GroupMeeting.id)
    return db.session.scalars(ordered).unique().all()


def in_calendars(user_id: int) -> Mapping[int, CalendarSeries]:
    """Of the meetings of somebody, by their ids, what letters put into their calendar."""
    about = sa.literal("meeting:") + sa.cast(GroupMeeting.id, sa.String)
    about += sa.literal(":member:") + sa.cast(GroupMember.id, sa.String)
    theirs = _of_user(sa.select(GroupMeeting.id).add_columns(CalendarSeries), user_id)
    rows = db.session.execute(theirs.join(CalendarSeries, CalendarSeries.about == about))
    return {row[0]: row[1] for row in rows}


def count_ahead(user_id: int) -> sa.Select[Any]:
    """How many of those are ahead."""
    return _of_user(sa.select(sa.func.count(sa.distinct(GroupMeeting.id))), user_id).where(ahead())


def _of_user(statement: sa.Select[Any], user_id: int) -> sa.Select[Any]:
    return (
        EVERYWHERE.restrict(statement, *OF_MEETINGS, Employee)  # their own, whoever runs the group
        .select_from(GroupMeeting)
        .join(GroupMeeting.group)
        .join(GroupMember, GroupMember.group_id == ActionGroup.id)
        .join(Employee, Employee.id == GroupMember.employee_id)
        .where(Employee.user_id == user_id, GroupMeeting.date >= today() - BACK, sits(GroupMeeting.date))
    )


def member_of(one: GroupMeeting, member_id: int) -> GroupMember | None:
    """A member of the meeting's group, whether she sits in it on that day or not."""
    statement = sa.select(GroupMember).where(GroupMember.id == member_id, GroupMember.group_id == one.group_id)
    return db.session.scalar(within(one).trusting(statement.options(*PERSON), GroupMember))
