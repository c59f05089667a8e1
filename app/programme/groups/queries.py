"""The groups; one of them with its members, meetings and actions, and what its figures count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Organisation, Province
from app.access.scope import EVERYWHERE, Scope, within
from app.catalogue.models import Theme
from app.core.clock import today
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.core.search import holds
from app.core.tables.written import TODAY, WALL
from app.language.turkish import search_key
from app.people.models import Employee, Sex
from app.programme.groups.models import (
    UNFINISHED,
    ActionGroup,
    ActionStatus,
    Attended,
    GroupAction,
    GroupMeeting,
    GroupMember,
    GroupTheme,
    MeetingAttendance,
    Office,
)

GROUP_SORTS: dict[str, tuple[Any, ...]] = {
    "province": (Province.name_sort, ActionGroup.name_sort, ActionGroup.id),
    "name": (ActionGroup.name_sort, ActionGroup.id),
}
PERSON = (
    joinedload(GroupMember.employee).joinedload(Employee.user),
    joinedload(GroupMember.organisation),
)
"""Who a member is, and for which institution."""
DECIDED = (
    joinedload(GroupAction.meeting),
    joinedload(GroupAction.owner).joinedload(GroupMember.organisation),
)
"""What the page of its group, meeting or plan says of an action."""
ACTION = (
    *DECIDED,
    joinedload(GroupAction.group).joinedload(ActionGroup.province),
    joinedload(GroupAction.theme),
)
"""What lists say of an action."""
OF_MEETINGS = (ActionGroup, GroupMember, GroupMeeting, MeetingAttendance)
THERE = MeetingAttendance.attended == Attended.PRESENT
STATED = sa.func.coalesce(Employee.sex, GroupMember.sex)
"""A member's sex: an employee's is that of her card."""


def over() -> sa.ColumnElement[bool]:
    """Meetings that are over: `GroupMeeting.over` as SQL."""
    ended = sa.and_(GroupMeeting.date == TODAY, GroupMeeting.ends <= WALL)
    return sa.or_(GroupMeeting.date < TODAY, ended)


def marked() -> sa.ColumnElement[bool]:
    """Meetings whose attendance was entered."""
    return sa.exists().where(MeetingAttendance.meeting_id == GroupMeeting.id)


def ahead() -> sa.ColumnElement[bool]:
    """Meetings that are still to be held: one whose attendance is entered was, whatever its hours say."""
    return sa.and_(GroupMeeting.cancelled_at.is_(None), ~marked(), ~over())


def sits(day: Any) -> sa.ColumnElement[bool]:
    """Members who sit in their group on a day, or on that of a column."""
    return sa.and_(sa.or_(GroupMember.joined_on.is_(None), GroupMember.joined_on <= day), there_on(day))


def there_on(day: Any) -> sa.ColumnElement[bool]:
    """Members who had not left by then."""
    return sa.or_(GroupMember.left_on.is_(None), GroupMember.left_on > day)


def late() -> sa.ColumnElement[bool]:
    """Actions that are late: their state as SQL."""
    return sa.and_(GroupAction.due_on < today(), GroupAction.status.in_(UNFINISHED))


def fell_due() -> sa.ColumnElement[bool]:
    """Actions of the indicator: their date is past and they were not dropped."""
    return sa.and_(GroupAction.due_on < today(), GroupAction.status != ActionStatus.DROPPED)


def on_time() -> sa.ColumnElement[bool]:
    return sa.and_(GroupAction.status == ActionStatus.DONE, GroupAction.done_on <= GroupAction.due_on)


# --- the list -------------------------------------------------------------------------------------------


def groups(scope: Scope, query: ListQuery) -> Rows[Any]:
    """Each `ActionGroup` with its numbers. Filters: province, theme, active ("no": those that meet no more)."""
    ids = scope.restrict(sa.select(ActionGroup.id), ActionGroup)
    ids = narrowed(ids, query, {"province": ActionGroup.province_id})
    ids = ids.where(ActionGroup.active.is_(query.filter("active") != "no"))
    if (theme_id := query.filter_id("theme")) is not None:
        about = sa.select(GroupTheme.group_id).where(GroupTheme.theme_id == theme_id)
        ids = scope.trusting(ids.where(ActionGroup.id.in_(about)), GroupTheme)
    if query.q:
        ids = ids.where(holds(ActionGroup.search_text, query.q))
    if query.sort == "province":
        ids = ids.join(Province, Province.id == ActionGroup.province_id)
    return Rows(ids, GROUP_SORTS[query.sort], query, _rows)


def _of_group(name: str, column: Any, model: Any, *where: Any) -> Any:
    return sa.select(column).where(model.group_id == ActionGroup.id, *where).scalar_subquery().label(name)


def _rows(keys: Sequence[int]) -> Sequence[Any]:
    day, number = GroupMeeting.date, sa.func.count()
    here, takes_place = there_on(today()), GroupMeeting.cancelled_at.is_(None)
    numbers = (
        _of_group("members", number, GroupMember, here),
        _of_group("kinds", sa.func.count(GroupMember.institution_type.distinct()), GroupMember, here),
        _of_group("held", number, GroupMeeting, takes_place, marked()),
        _of_group("last_on", sa.func.max(day), GroupMeeting, takes_place, day < today()),
        _of_group("next_on", sa.func.min(day), GroupMeeting, takes_place, day >= today()),
        _of_group("actions", number, GroupAction, GroupAction.status != ActionStatus.DROPPED),
        _of_group("late", number, GroupAction, late()),
    )
    statement = sa.select(ActionGroup, *numbers).where(ActionGroup.id.in_(keys))
    whole = within(ActionGroup).trusting(statement, *OF_MEETINGS, GroupAction)
    rows = db.session.execute(whole.options(joinedload(ActionGroup.province))).all()
    return in_order(keys, rows, lambda row: row.ActionGroup.id)


# --- one of them ----------------------------------------------------------------------------------------


def group(scope: Scope, group_id: int) -> ActionGroup:
    return scope.get(ActionGroup, group_id, joinedload(ActionGroup.province))


def themes_of(one: ActionGroup) -> Sequence[Theme]:
    statement = sa.select(Theme).join(GroupTheme, GroupTheme.theme_id == Theme.id).order_by(Theme.position)
    return db.session.scalars(within(one).restrict(statement, GroupTheme)).all()


def by_office(statement: Any) -> Any:
    """Members as lists have them: chair and secretary first, then those who came first."""
    rank = sa.case({Office.CHAIR: 0, Office.SECRETARY: 1}, value=GroupMember.office, else_=2)
    return statement.options(*PERSON).order_by(rank, GroupMember.id)


def members_of(one: ActionGroup) -> Sequence[GroupMember]:
    """Those who sit in it, then those who left."""
    statement = within(one).select(GroupMember).order_by(GroupMember.left_on.is_not(None))
    return db.session.scalars(by_office(statement)).all()


def twins(one: ActionGroup, new: GroupMember, employee_id: int | None = None) -> list[GroupMember]:
    """Who else sits there under their name, their address or as this employee: perhaps the same person."""
    others = [each for each in members_of(one) if not each.gone and each.id != new.id]
    known = {search_key(new.called), new.address or "-"}
    return [
        each
        for each in others
        if known & {search_key(each.called), each.address} or (employee_id and each.employee_id == employee_id)
    ]


def member(one: ActionGroup, member_id: int) -> GroupMember:
    return within(one).one(GroupMember, member_id, *PERSON)


def meetings_of(one: ActionGroup) -> Sequence[Any]:
    """The latest first."""
    statement = meeting_rows().where(GroupMeeting.group_id == one.id).order_by(GroupMeeting.date.desc())
    return db.session.execute(within(one).trusting(statement, *OF_MEETINGS, Employee)).all()


def meeting_rows() -> sa.Select[Any]:
    """Each `GroupMeeting` with how many were `asked` (0 until attendance is entered), how many of them `came` or sent
    somebody, how many `women` and `men` came themselves.
    """

    def number(name: str, *which: Any) -> Any:
        return _came(MeetingAttendance.meeting_id == GroupMeeting.id, *which).label(name)

    numbers = (
        number("asked"),
        number("came", MeetingAttendance.attended != Attended.ABSENT),
        number("women", THERE, STATED == Sex.WOMAN),
        number("men", THERE, STATED == Sex.MAN),
    )
    return sa.select(GroupMeeting, *numbers).options(joinedload(GroupMeeting.group).joinedload(ActionGroup.province))


def _came(*which: Any) -> Any:
    """How many records of attendance say this."""
    return (
        sa.select(sa.func.count())
        .select_from(MeetingAttendance)
        .join(GroupMember, GroupMember.id == MeetingAttendance.member_id)
        .outerjoin(Employee, Employee.id == GroupMember.employee_id)
        .where(*which)
        .correlate(GroupMeeting)
        .scalar_subquery()
    )


def actions_of(one: ActionGroup, meeting_id: int | None = None) -> Sequence[GroupAction]:
    """Those that are not finished first, by their date; of one meeting only where it is named."""
    statement = within(one).select(GroupAction).options(*DECIDED)
    if meeting_id is not None:
        statement = statement.where(GroupAction.meeting_id == meeting_id)
    return db.session.scalars(
        statement.order_by(GroupAction.status.not_in(UNFINISHED), GroupAction.due_on, GroupAction.id)
    ).all()


def figures(one: ActionGroup) -> Any:
    """In one statement: `kinds` of institution in it and `kinds_there`, among those who came to its meetings; `women`
    of those who came themselves and `stated` their sex, once for each meeting; actions that are `due` by now, and of
    them those done `on_time`.
    """
    here = sa.and_(GroupMember.group_id == one.id, there_on(today()))
    kinds = sa.select(sa.func.count(GroupMember.institution_type.distinct())).where(here)
    seen = kinds.join(MeetingAttendance, MeetingAttendance.member_id == GroupMember.id)
    ours = sa.select(sa.func.count()).select_from(GroupAction).where(GroupAction.group_id == one.id, fell_due())
    statement = sa.select(
        kinds.scalar_subquery().label("kinds"),
        seen.where(MeetingAttendance.attended != Attended.ABSENT).scalar_subquery().label("kinds_there"),
        _came(GroupMember.group_id == one.id, THERE, STATED == Sex.WOMAN).label("women"),
        _came(GroupMember.group_id == one.id, THERE, STATED != Sex.NOT_STATED).label("stated"),
        ours.scalar_subquery().label("due"),
        ours.where(on_time()).scalar_subquery().label("on_time"),
    )
    return db.session.execute(within(one).trusting(statement, *OF_MEETINGS, GroupAction, Employee)).one()


# --- whose places they are --------------------------------------------------------------------------------


def of_employees(ids: Sequence[int]) -> Sequence[GroupMember]:
    """What they are members of, whichever province runs it."""
    theirs = EVERYWHERE.select(GroupMember).where(GroupMember.employee_id.in_(ids))  # what hangs on a person
    return db.session.scalars(theirs.order_by(GroupMember.group_id, GroupMember.id)).all()


def held(employee: Employee) -> sa.Select[Any]:
    """The groups somebody sits in now, for `people.leaving`: (province, id, names)."""
    province = sa.cast(ActionGroup.province_id, sa.String)
    where: tuple[Any, ...] = (province, ActionGroup.id, ActionGroup.name_tr, ActionGroup.name_en)
    hers = GroupMember.employee_id == employee.id, there_on(today())
    return sa.select(*where).join(GroupMember, GroupMember.group_id == ActionGroup.id).where(*hers)


def of_user(user_id: int) -> Sequence[Any]:
    """Somebody's own memberships, each with how many meetings they came to."""
    came = sa.select(sa.func.count()).where(MeetingAttendance.member_id == GroupMember.id).scalar_subquery()
    # their own, whichever province looks after it
    statement = EVERYWHERE.restrict(sa.select(GroupMember, came), GroupMember, MeetingAttendance, Employee)
    return db.session.execute(
        statement.join(Employee, Employee.id == GroupMember.employee_id)
        .where(Employee.user_id == user_id)
        .options(joinedload(GroupMember.group), joinedload(GroupMember.organisation))
        .order_by(GroupMember.id)
    ).all()


def institutions(group: ActionGroup, member: GroupMember | None = None) -> Sequence[Organisation]:
    """Those of its province and those of none, by name; and the one the member sits there for."""
    theirs = sa.or_(Organisation.province_id == group.province_id, Organisation.province_id.is_(None))
    own = Organisation.id == (member.organisation_id if member else None)
    return db.session.scalars(sa.select(Organisation).where(theirs | own).order_by(Organisation.name_sort)).all()


def colleague(scope: Scope, member: GroupMember) -> Employee | None:
    """Whose membership it is, if the scope sees them."""
    statement = scope.select(Employee).where(Employee.id == member.employee_id)
    return db.session.scalar(statement.options(joinedload(Employee.organisation)))
