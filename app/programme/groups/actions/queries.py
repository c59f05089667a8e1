from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.scope import EVERYWHERE, Scope, within
from app.core.clock import today
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.core.search import holds
from app.people.models import Employee
from app.programme.groups.models import (
    ActionChange,
    ActionGroup,
    ActionStatus,
    GroupAction,
    GroupMeeting,
    GroupMember,
    StrategicGoal,
    StrategicPlan,
)
from app.programme.groups.queries import ACTION, by_office, fell_due, late, on_time, there_on

FIRST_YEAR = 2025
ACTION_SORTS: dict[str, tuple[Any, ...]] = {
    "due": (GroupAction.due_on, GroupAction.id),
    "group": (ActionGroup.name_sort, GroupAction.due_on, GroupAction.id),
    "percent": (GroupAction.percent, GroupAction.due_on, GroupAction.id),
}


def actions(scope: Scope, query: ListQuery) -> Rows[GroupAction]:
    """Filters: province, group, theme, goal (or "none"), year (of its date), owner ("left"), state."""
    ids = scope.restrict(sa.select(GroupAction.id), GroupAction, ActionGroup)
    ids = scope.trusting(ids.join(ActionGroup, ActionGroup.id == GroupAction.group_id), GroupMember)
    columns = {"province": ActionGroup.province_id, "group": GroupAction.group_id, "theme": GroupAction.theme_id}
    ids = narrowed(ids, query, columns)
    if goal := query.filter("goal"):
        key = None if goal == "none" else query.filter_id("goal")
        ids = ids.where(GroupAction.goal_id == key)
    if (year := query.filter_id("year")) is not None:
        ids = ids.where(GroupAction.due_on.between(*_year(year)))
    if query.filter("owner") == "left":
        gone = sa.select(GroupMember.id).where(GroupMember.left_on <= today()).correlate(None)
        ids = ids.where(GroupAction.owner_id.in_(gone))
    if state := query.filter("state"):
        ids = ids.where(_in_state(state))
    ids = ids.where(holds(GroupAction.search_text, query.q)) if query.q else ids
    return Rows(ids, ACTION_SORTS[query.sort], query, _rows)


def _year(year: int) -> tuple[date, date]:
    """Its first and last day; of what is no year those of one that is long gone."""
    whole = year if 1 <= year <= 9999 else 1
    return date(whole, 1, 1), date(whole, 12, 31)


def _in_state(state: str) -> sa.ColumnElement[bool]:
    """`on_time` and `fell_due`: those the indicator counts."""
    counted = {"late": late(), "fell_due": fell_due(), "on_time": sa.and_(fell_due(), on_time())}
    if state in counted:
        return counted[state]
    return sa.and_(GroupAction.status == ActionStatus(state), ~late()) if state in set(ActionStatus) else sa.false()


def sought(scope: Scope, typed: str) -> sa.Select[Any]:
    """Actions a typed text finds, with their group, as `web.parts.Sought` asks for them."""
    texts: tuple[Any, ...] = (GroupAction.text_tr, GroupAction.text_en, ActionGroup.name_tr, ActionGroup.name_en)
    return actions(scope, ListQuery(q=typed, sort="due")).ids.add_columns(*texts)


def _rows(keys: Sequence[int]) -> Sequence[GroupAction]:
    statement = within(GroupAction).trusting(sa.select(GroupAction), GroupAction).where(GroupAction.id.in_(keys))
    return in_order(keys, db.session.scalars(statement.options(*ACTION)).all(), lambda row: row.id)


def indicated(year: int) -> sa.Select[Any]:
    """Of each province how many actions of a year were done on time, of how many whose date is past."""
    counted = sa.select(
        ActionGroup.province_id.label("province_id"),
        sa.func.coalesce(sa.func.sum(sa.case((on_time(), 1), else_=0)), 0).label("done"),
        sa.func.count().label("of"),
        sa.literal(0).label("provisional"),
    )
    return (
        EVERYWHERE.restrict(counted, GroupAction, ActionGroup)  # a figure by province: the picture shows each theirs
        .join(ActionGroup, ActionGroup.id == GroupAction.group_id)
        .where(fell_due(), GroupAction.due_on.between(*_year(year)))
        .group_by(ActionGroup.province_id)
    )


def action(scope: Scope, action_id: int) -> GroupAction:
    """With all that its page says of it."""
    owner = joinedload(GroupAction.owner).joinedload(GroupMember.employee).joinedload(Employee.user)
    return scope.get(GroupAction, action_id, *ACTION, joinedload(GroupAction.goal), owner)


def owners(group: ActionGroup, kept: int | None) -> Sequence[GroupMember]:
    """Who may answer for an action: those who sit in the group, and whoever does so already."""
    may = sa.or_(there_on(today()), GroupMember.id == kept)
    return db.session.scalars(by_office(within(group).select(GroupMember).where(may))).all()


def goals_in(province_id: int) -> Sequence[StrategicGoal]:
    """The goals of a province's strategic action plan, for whoever writes its actions."""
    statement = (
        sa.select(StrategicGoal)
        .join(StrategicPlan, StrategicPlan.id == StrategicGoal.plan_id)
        .where(StrategicPlan.province_id == province_id)
        .order_by(StrategicGoal.position)
    )
    return db.session.scalars(within(ActionGroup).trusting(statement, StrategicGoal, StrategicPlan)).all()


def decided_on(group: ActionGroup, meeting_id: int | None) -> date:
    """The first day on which an action can be due or done: that of its meeting; where none is named, that on which the
    group was founded, or the programme began: it may be typed in long after.
    """
    held = within(group).select(GroupMeeting).where(GroupMeeting.id == meeting_id)
    meeting = db.session.scalar(held) if meeting_id is not None else None
    return min(meeting.date, today()) if meeting else group.founded_on or date(FIRST_YEAR, 1, 1)


def meetings(group: ActionGroup, kept: int | None) -> Sequence[GroupMeeting]:
    """In which an action may have been decided, the latest first: those that have begun, and the one it names."""
    begun = sa.and_(GroupMeeting.cancelled_at.is_(None), GroupMeeting.date <= today())
    statement = within(group).select(GroupMeeting).where(sa.or_(begun, GroupMeeting.id == kept))
    return db.session.scalars(statement.order_by(GroupMeeting.date.desc())).all()


def changes(one: GroupAction) -> Sequence[ActionChange]:
    """The steps of an action, the latest first, with whoever took them."""
    statement = within(one).select(ActionChange).options(joinedload(ActionChange.who))
    return db.session.scalars(statement.order_by(ActionChange.id.desc())).all()
