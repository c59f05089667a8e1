from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.access.scope import EVERYWHERE, Scope, within
from app.core.clock import today
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order
from app.files.models import Document
from app.people.models import Employee
from app.programme import uploads
from app.programme.groups.models import (
    ActionChange,
    ActionGroup,
    ActionStatus,
    GroupAction,
    GroupMeeting,
    GroupMember,
)
from app.programme.groups.queries import (
    OF_ACTIONS,
    PERSON,
    ActionRow,
    action_rows,
    fell_due,
    found,
    late,
    on_time,
    writable,
)

ACTION_SORTS: dict[str, tuple[Any, ...]] = {
    "due": (GroupAction.due_on, GroupAction.id),
    "group": (ActionGroup.name_sort, GroupAction.due_on, GroupAction.id),
    "percent": (GroupAction.percent, GroupAction.due_on, GroupAction.id),
}


def _asked(scope: Scope, query: ListQuery) -> sa.Select[Any]:
    ids: sa.Select[Any] = scope.restrict(sa.select(GroupAction.id), GroupAction, ActionGroup)
    ids = scope.trusting(ids.join(ActionGroup, ActionGroup.id == GroupAction.group_id), GroupMember)
    columns = {"province": ActionGroup.province_id, "group": GroupAction.group_id, "theme": GroupAction.theme_id}
    for name, column in columns.items():
        if (key := query.filter_id(name)) is not None:
            ids = ids.where(column == key)
    if (year := query.filter_id("year")) is not None:
        ids = ids.where(GroupAction.due_on.between(*_year(year)))
    if query.filter("owner") == "left":
        gone = sa.select(GroupMember.id).where(GroupMember.left_on <= today()).correlate(None)
        ids = ids.where(GroupAction.owner_id.in_(gone))
    if state := query.filter("state"):
        ids = ids.where(_in_state(state))
    return ids.where(found(GroupAction.search_text, query.q)) if query.q else ids


def _year(year: int) -> tuple[date, date]:
    """Its first and last day; of what is no year those of one that is long gone."""
    whole = year if 1 <= year <= 9999 else 1
    return date(whole, 1, 1), date(whole, 12, 31)


def _in_state(state: str) -> sa.ColumnElement[bool]:
    """`on_time` and `fell_due`: those the indicator counts."""
    day = today()
    if state == "late":
        return late(day)
    if state in ("on_time", "fell_due"):
        return sa.and_(fell_due(day), on_time()) if state == "on_time" else fell_due(day)
    if state in ("open", "under_way"):
        return sa.and_(GroupAction.status == ActionStatus(state), ~late(day))
    return GroupAction.status == ActionStatus(state) if state in set(ActionStatus) else sa.false()


def actions(scope: Scope, query: ListQuery) -> Rows[ActionRow]:
    """Filters: province, group, theme, year (of its date), owner ("left"), state."""
    return Rows(_asked(scope, query), ACTION_SORTS[query.sort], query, _rows)


def sought(scope: Scope, typed: str) -> sa.Select[Any]:
    """Actions a typed text finds, with their group, as `web.parts.Sought` asks for them."""
    texts: tuple[Any, ...] = (GroupAction.text_tr, GroupAction.text_en, ActionGroup.name_tr, ActionGroup.name_en)
    return _asked(scope, ListQuery(q=typed)).add_columns(*texts)


def number(scope: Scope, **filters: str) -> sa.Select[Any]:
    """How many that list holds."""
    ids = _asked(scope, ListQuery(filters=filters))
    return ids.with_only_columns(sa.func.count(), maintain_column_froms=True)


def _rows(keys: Sequence[int]) -> Sequence[ActionRow]:
    statement = action_rows().where(GroupAction.id.in_(keys))
    rows = db.session.execute(within(GroupAction).trusting(statement, *OF_ACTIONS, GroupMeeting))
    return in_order(keys, [ActionRow(*row) for row in rows], lambda row: row.id)


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
        .where(fell_due(today()), GroupAction.due_on.between(*_year(year)))
        .group_by(ActionGroup.province_id)
    )


def action(scope: Scope, action_id: int) -> GroupAction:
    """With group and province, the meeting that decided it, its theme, and whoever answers for it."""
    owner = joinedload(GroupAction.owner)
    return scope.get(
        GroupAction,
        action_id,
        joinedload(GroupAction.group).joinedload(ActionGroup.province),
        joinedload(GroupAction.meeting),
        joinedload(GroupAction.theme),
        joinedload(GroupAction.goal),
        owner.joinedload(GroupMember.employee).joinedload(Employee.user),
        owner.joinedload(GroupMember.organisation),
    )


def writable_action(scope: Scope, action_id: int) -> GroupAction:
    found_one = action(scope, action_id)
    writable(scope, found_one.group)
    return found_one


def owners(group: ActionGroup, *kept: int | None) -> Sequence[GroupMember]:
    """Who may answer for an action: those who sit in the group, and whoever does so already."""
    known = [key for key in kept if key is not None]
    sits = sa.or_(GroupMember.left_on.is_(None), GroupMember.left_on > today(), GroupMember.id.in_(known))
    statement = within(group).select(GroupMember).where(sits).options(PERSON, joinedload(GroupMember.organisation))
    return db.session.scalars(statement.order_by(GroupMember.id)).all()


def meetings(group: ActionGroup) -> Sequence[GroupMeeting]:
    """In which an action may have been decided, the latest first."""
    statement = within(group).select(GroupMeeting).where(GroupMeeting.cancelled_at.is_(None))
    return db.session.scalars(statement.order_by(GroupMeeting.date.desc())).all()


def changes(one: GroupAction) -> Sequence[tuple[ActionChange, str | None]]:
    """The steps of an action, the latest first, with the name of whoever took them."""
    statement = (
        sa.select(ActionChange, User.given_name + " " + User.family_name)
        .outerjoin(User, User.id == ActionChange.changed_by)
        .where(ActionChange.action_id == one.id)
        .order_by(ActionChange.id.desc())
    )
    rows: Any = db.session.execute(within(one).trusting(statement, ActionChange, User))
    return [(change, by) for change, by in rows]


def evidence(one: GroupAction) -> Document:
    """The file that shows what was done, or Missing."""
    return uploads.kept(one.document_id)
