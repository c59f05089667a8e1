from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Organisation
from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.people.models import Employee
from app.programme.groups.models import ActionGroup, GroupMember, MeetingAttendance


def of_employees(ids: Sequence[int]) -> Sequence[GroupMember]:
    """What they are members of, with group, person and institution, whichever province runs it."""
    return db.session.scalars(
        EVERYWHERE.select(GroupMember)  # what hangs on a person, whoever looks after it
        .where(GroupMember.employee_id.in_(ids))
        .options(
            joinedload(GroupMember.group),
            joinedload(GroupMember.employee).joinedload(Employee.user),
            joinedload(GroupMember.organisation),
        )
        .order_by(GroupMember.group_id, GroupMember.id)
        .execution_options(populate_existing=True)  # her account may have been given to her just now
    ).all()


def held(employee: Employee) -> sa.Select[Any]:
    """The groups somebody sits in now, for `people.leaving`: (province, id, names)."""
    where: tuple[Any, ...] = (
        sa.cast(ActionGroup.province_id, sa.String),
        ActionGroup.id,
        ActionGroup.name_tr,
        ActionGroup.name_en,
    )
    found: sa.Select[Any] = (
        sa.select(*where)
        .join(GroupMember, GroupMember.group_id == ActionGroup.id)
        .where(GroupMember.employee_id == employee.id, GroupMember.left_on.is_(None))
    )
    return found


def of_user(user_id: int) -> Sequence[tuple[GroupMember, int]]:
    """Somebody's own memberships, with how many meetings they came to."""
    came = (
        sa.select(sa.func.count())
        .select_from(MeetingAttendance)
        .where(MeetingAttendance.member_id == GroupMember.id)
        .correlate(GroupMember)
        .scalar_subquery()
    )
    # their own, whichever province looks after it
    statement = EVERYWHERE.restrict(sa.select(GroupMember, came), GroupMember, MeetingAttendance, Employee)
    statement = (
        statement.join(Employee, Employee.id == GroupMember.employee_id)
        .where(Employee.user_id == user_id)
        .options(joinedload(GroupMember.group), joinedload(GroupMember.organisation))
        .order_by(GroupMember.id)
    )
    found = db.session.execute(statement)
    return [(one, number) for one, number in found]


def institutions(group: ActionGroup, member: GroupMember | None = None) -> list[Organisation]:
    """Those of its province and those of none, by name; and the one the member sits there for."""
    theirs = sa.or_(Organisation.province_id == group.province_id, Organisation.province_id.is_(None))
    own = Organisation.id == (member.organisation_id if member else None)
    statement = sa.select(Organisation).where(sa.or_(theirs, own)).order_by(Organisation.name_sort)
    return list(db.session.scalars(statement))


def colleague(scope: Scope, member: GroupMember) -> Employee | None:
    """Whose membership it is, if the scope sees them."""
    statement = scope.select(Employee).where(Employee.id == member.employee_id)
    return db.session.scalar(statement.options(joinedload(Employee.organisation)))
