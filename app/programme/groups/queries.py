"""The groups, one of them with its members, meetings and actions, and what its figures count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Organisation, Province
from app.access.scope import Scope, within
from app.catalogue.models import Theme
from app.core.clock import local, now, today
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order
from app.language.turkish import search_words
from app.people.models import Employee, Sex
from app.programme.groups import rules
from app.programme.groups.models import (
    ActionGroup,
    ActionStatus,
    Attended,
    GroupAction,
    GroupMeeting,
    GroupMember,
    GroupTheme,
    MeetingAttendance,
    Office,
    StrategicGoal,
    StrategicPlan,
)

GROUP_SORTS: dict[str, tuple[Any, ...]] = {
    "province": (Province.name_sort, ActionGroup.name_sort, ActionGroup.id),
    "name": (ActionGroup.name_sort, ActionGroup.id),
}
UNFINISHED = (ActionStatus.OPEN, ActionStatus.UNDER_WAY)
PERSON = joinedload(GroupMember.employee).joinedload(Employee.user)
OF_MEETINGS = (ActionGroup, GroupMember, GroupMeeting, MeetingAttendance)
OF_ACTIONS = (ActionGroup, GroupMember, GroupAction)


def found(column: Any, typed: str) -> sa.ColumnElement[bool]:
    """The folded column holds every word that was typed."""
    words = search_words(typed)
    return sa.and_(sa.false() if not words else sa.true(), *(column.contains(one, autoescape=True) for one in words))


def over(moment: datetime) -> sa.ColumnElement[bool]:
    """Meetings that are over."""
    there = local(moment)
    ended = sa.and_(GroupMeeting.date == there.date(), GroupMeeting.ends <= there.time().replace(tzinfo=None))
    return sa.or_(GroupMeeting.date < there.date(), ended)


def marked() -> sa.ColumnElement[bool]:
    """Meetings whose attendance was entered."""
    return sa.exists().where(MeetingAttendance.meeting_id == GroupMeeting.id)


def ahead() -> sa.ColumnElement[bool]:
    """Meetings that are still to be held: one whose attendance is entered was, whatever its hours say."""
    return sa.and_(GroupMeeting.cancelled_at.is_(None), ~marked(), ~over(now()))


def late(day: date) -> sa.ColumnElement[bool]:
    """Actions that are late: `rules.late` as SQL."""
    return sa.and_(GroupAction.due_on < day, GroupAction.status.in_(UNFINISHED))


def fell_due(until: date) -> sa.ColumnElement[bool]:
    """Actions of the indicator: their date is past and they were not dropped."""
    return sa.and_(GroupAction.due_on < until, GroupAction.status != ActionStatus.DROPPED)


def on_time() -> sa.ColumnElement[bool]:
    return sa.and_(GroupAction.status == ActionStatus.DONE, GroupAction.done_on <= GroupAction.due_on)


# --- the list -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GroupRow:
    id: int
    name_tr: str
    name_en: str
    province_tr: str
    province_en: str
    active: bool
    founded_on: date | None
    members: int
    kinds: int
    held: int
    last_on: date | None
    next_on: date | None
    actions: int
    late: int


def groups(scope: Scope, query: ListQuery) -> Rows[GroupRow]:
    """Filters: province, theme, active ("no": those that meet no more)."""
    ids = scope.restrict(sa.select(ActionGroup.id), ActionGroup)
    ids = ids.where(ActionGroup.active.is_(query.filter("active") != "no"))
    if (province_id := query.filter_id("province")) is not None:
        ids = ids.where(ActionGroup.province_id == province_id)
    if (theme_id := query.filter_id("theme")) is not None:
        about = sa.select(GroupTheme.group_id).where(GroupTheme.theme_id == theme_id)
        ids = scope.trusting(ids.where(ActionGroup.id.in_(about)), GroupTheme)
    if query.q:
        ids = ids.where(found(ActionGroup.search_text, query.q))
    if query.sort == "province":
        ids = ids.join(Province, Province.id == ActionGroup.province_id)
    return Rows(ids, GROUP_SORTS[query.sort], query, _rows)


def _of_group(column: Any, model: Any, *where: Any) -> Any:
    return sa.select(column).where(model.group_id == ActionGroup.id, *where).scalar_subquery()


def _rows(keys: Sequence[int]) -> Sequence[GroupRow]:
    day, number = today(), sa.func.count()
    sits, takes_place = GroupMember.left_on.is_(None), GroupMeeting.cancelled_at.is_(None)
    statement = (
        sa.select(
            ActionGroup.id,
            ActionGroup.name_tr,
            ActionGroup.name_en,
            Province.name_tr,
            Province.name_en,
            ActionGroup.active,
            ActionGroup.founded_on,
            _of_group(number, GroupMember, sits),
            _of_group(sa.func.count(GroupMember.institution_type.distinct()), GroupMember, sits),
            _of_group(number, GroupMeeting, takes_place, marked()),
            _of_group(sa.func.max(GroupMeeting.date), GroupMeeting, takes_place, GroupMeeting.date < day),
            _of_group(sa.func.min(GroupMeeting.date), GroupMeeting, takes_place, GroupMeeting.date >= day),
            _of_group(number, GroupAction, GroupAction.status != ActionStatus.DROPPED),
            _of_group(number, GroupAction, late(day)),
        )
        .join(Province, Province.id == ActionGroup.province_id)
        .where(ActionGroup.id.in_(keys))
    )
    rows = db.session.execute(within(ActionGroup).trusting(statement, *OF_MEETINGS, GroupAction))
    return in_order(keys, [GroupRow(*row) for row in rows], lambda row: row.id)


# --- one of them ----------------------------------------------------------------------------------------


def group(scope: Scope, group_id: int) -> ActionGroup:
    return scope.get(ActionGroup, group_id, joinedload(ActionGroup.province))


def writable_group(scope: Scope, group_id: int) -> ActionGroup:
    """The group, or Missing where another province runs it."""
    return writable(scope, group(scope, group_id))


def writable(scope: Scope, one: ActionGroup) -> ActionGroup:
    if not scope.covers_province(one.province_id):
        raise Missing
    return one


def themes_of(one: ActionGroup) -> Sequence[Theme]:
    statement = sa.select(Theme).join(GroupTheme, GroupTheme.theme_id == Theme.id).order_by(Theme.position)
    return db.session.scalars(within(one).restrict(statement, GroupTheme)).all()


def members_of(one: ActionGroup) -> Sequence[GroupMember]:
    """With person, account and institution: those who sit in it, chair and secretary first, then those who left."""
    rank = sa.case({Office.CHAIR: 0, Office.SECRETARY: 1}, value=GroupMember.office, else_=2)
    return db.session.scalars(
        within(one)
        .select(GroupMember)
        .options(PERSON, joinedload(GroupMember.organisation))
        .order_by(GroupMember.left_on.is_not(None), rank, GroupMember.id)
    ).all()


def member(one: ActionGroup, member_id: int) -> GroupMember:
    statement = within(one).select(GroupMember).where(GroupMember.id == member_id)
    found_one = db.session.scalar(statement.options(PERSON, joinedload(GroupMember.organisation)))
    if found_one is None:
        raise Missing
    return found_one


@dataclass(frozen=True)
class MeetingRow:
    """`came`: members who came themselves or sent somebody, of so many who were `asked`; 0 of 0 until it is entered."""

    id: int
    group_id: int
    group_tr: str
    group_en: str
    province_tr: str
    province_en: str
    date: date
    starts: time
    ends: time
    place: str
    online: bool
    invited_at: datetime | None
    cancelled_at: datetime | None
    signed: bool
    asked: int
    came: int
    women: int
    men: int

    @property
    def state(self) -> rules.MeetingState:
        return rules.meeting_state(self.date, self.ends, self.cancelled_at is not None, self.asked > 0, now())


def _came(*which: Any) -> Any:
    """How many of a meeting's records say this."""
    return (
        sa.select(sa.func.count())
        .select_from(MeetingAttendance)
        .join(GroupMember, GroupMember.id == MeetingAttendance.member_id)
        .outerjoin(Employee, Employee.id == GroupMember.employee_id)
        .where(MeetingAttendance.meeting_id == GroupMeeting.id, *which)
        .correlate(GroupMeeting)
        .scalar_subquery()
    )


def meeting_rows() -> sa.Select[Any]:
    """The columns of a `MeetingRow`, of meetings the statement is then held to."""
    there, stated = MeetingAttendance.attended, sa.func.coalesce(Employee.sex, GroupMember.sex)
    columns: Any = (
        sa.select(
            GroupMeeting.id,
            ActionGroup.id,
            ActionGroup.name_tr,
            ActionGroup.name_en,
            Province.name_tr,
            Province.name_en,
            GroupMeeting.date,
            GroupMeeting.starts,
            GroupMeeting.ends,
            GroupMeeting.place,
            GroupMeeting.online,
            GroupMeeting.invited_at,
            GroupMeeting.cancelled_at,
            GroupMeeting.document_id.is_not(None),
            _came(),
            _came(there != Attended.ABSENT),
            _came(there == Attended.PRESENT, stated == Sex.WOMAN),
            _came(there == Attended.PRESENT, stated == Sex.MAN),
        )
        .join(ActionGroup, ActionGroup.id == GroupMeeting.group_id)
        .join(Province, Province.id == ActionGroup.province_id)
    )
    return cast("sa.Select[Any]", columns)


def meetings_of(one: ActionGroup) -> list[MeetingRow]:
    """The latest first."""
    statement = meeting_rows().where(GroupMeeting.group_id == one.id).order_by(GroupMeeting.date.desc())
    rows = db.session.execute(within(one).trusting(statement, *OF_MEETINGS, Employee))
    return [MeetingRow(*row) for row in rows]


@dataclass(frozen=True)
class ActionRow:
    """`institution`: that of whoever answers for it; `left_on`: since when she is no member any more."""

    id: int
    group_id: int
    group_tr: str
    group_en: str
    province_tr: str
    province_en: str
    text_tr: str
    text_en: str
    theme_tr: str | None
    theme_en: str | None
    decided_on: date | None
    due_on: date
    status: ActionStatus
    percent: int
    done_on: date | None
    institution_tr: str | None
    institution_en: str | None
    left_on: date | None
    goal_id: int | None

    @property
    def state(self) -> rules.ActionState:
        return rules.state_of(self.status, self.due_on, today())


def action_rows() -> sa.Select[Any]:
    """The columns of an `ActionRow`, of actions the statement is then held to."""
    own = sa.func.nullif(GroupMember.institution, "")
    columns: Any = (
        sa.select(
            GroupAction.id,
            ActionGroup.id,
            ActionGroup.name_tr,
            ActionGroup.name_en,
            Province.name_tr,
            Province.name_en,
            GroupAction.text_tr,
            GroupAction.text_en,
            Theme.name_tr,
            Theme.name_en,
            GroupMeeting.date,
            GroupAction.due_on,
            GroupAction.status,
            GroupAction.percent,
            GroupAction.done_on,
            sa.func.coalesce(Organisation.name_tr, own),
            sa.func.coalesce(Organisation.name_en, own),
            GroupMember.left_on,
            GroupAction.goal_id,
        )
        .select_from(GroupAction)
        .join(ActionGroup, ActionGroup.id == GroupAction.group_id)
        .join(Province, Province.id == ActionGroup.province_id)
        .outerjoin(Theme, Theme.id == GroupAction.theme_id)
        .outerjoin(GroupMeeting, GroupMeeting.id == GroupAction.meeting_id)
        .outerjoin(GroupMember, GroupMember.id == GroupAction.owner_id)
        .outerjoin(Organisation, Organisation.id == GroupMember.organisation_id)
    )
    return cast("sa.Select[Any]", columns)


def actions_of(one: ActionGroup, meeting_id: int | None = None) -> list[ActionRow]:
    """Those that are not finished first, by their date; of one meeting only where it is named."""
    statement = action_rows().where(GroupAction.group_id == one.id)
    if meeting_id is not None:
        statement = statement.where(GroupAction.meeting_id == meeting_id)
    ordered = statement.order_by(GroupAction.status.not_in(UNFINISHED), GroupAction.due_on, GroupAction.id)
    rows = db.session.execute(within(one).trusting(ordered, *OF_ACTIONS, GroupMeeting))
    return [ActionRow(*row) for row in rows]


def goals_in(province_id: int) -> Sequence[StrategicGoal]:
    """The goals of a province's strategic action plan, for whoever writes its actions."""
    statement = (
        sa.select(StrategicGoal)
        .join(StrategicPlan, StrategicPlan.id == StrategicGoal.plan_id)
        .where(StrategicPlan.province_id == province_id)
        .order_by(StrategicGoal.position)
    )
    return db.session.scalars(within(ActionGroup).trusting(statement, StrategicGoal, StrategicPlan)).all()
