"""Members join, change, leave. Their letters follow the events (`meetings.notices`)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.access.scope import within
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext
from app.people.events import EmployeeLeft
from app.people.models import Sex
from app.programme.groups.events import MemberChanged, MemberJoined
from app.programme.groups.members import queries
from app.programme.groups.models import ActionGroup, GroupMember, InstitutionType, Office


@dataclass(frozen=True)
class MemberDetails:
    """Everything about a member that the form sets. Of an employee the name, sex and addresses are not kept."""

    institution_type: InstitutionType
    organisation_id: int | None = None
    institution: str = ""
    employee_id: int | None = None
    name: str = ""
    job: str = ""
    office: Office = Office.MEMBER
    sex: Sex = Sex.NOT_STATED
    email: str = ""
    phone: str = ""
    joined_on: date | None = None
    left_on: date | None = None


def add(group: ActionGroup, details: MemberDetails, *, by: Actor) -> GroupMember:
    member = GroupMember(group_id=group.id, **_checked(group, details, None))
    db.session.add(member)
    db.session.flush()
    _alone_in_office(member, by=by)
    journal.record(MemberJoined(group.id, member.id), by=by)
    return member


def change(group: ActionGroup, member: GroupMember, details: MemberDetails, *, by: Actor) -> None:
    changed = set_changed(member, _checked(group, details, member))
    if changed:
        db.session.flush()
        _alone_in_office(member, by=by)
        # names and addresses are no facts of the log
        journal.record(MemberChanged(group.id, member.id, changed), by=by)


def _checked(group: ActionGroup, details: MemberDetails, member: GroupMember | None) -> dict[str, Any]:
    """The values of the row: an institution we keep or its name; somebody of the staff or a name."""
    if details.organisation_id is None and not details.institution:
        raise Refused(lazy_gettext("Choose the institution, or type its name."), field="institution")
    if details.employee_id is None and not details.name:
        raise Refused(lazy_gettext("Type the name, or choose somebody of the staff."), field="name")
    if details.joined_on and details.left_on and details.left_on < details.joined_on:
        raise Refused(lazy_gettext("The last day cannot be before the first."), field="left_on")
    if details.employee_id is not None and details.left_on is None:
        twin = _sitting(group, details.employee_id)
        if twin is not None and twin is not member:
            raise Refused(lazy_gettext("This person is a member of the group already."), field="colleague")
    values = asdict(details)
    if details.organisation_id is not None:
        values["institution"] = ""
    if details.employee_id is not None:
        values |= {"name": "", "email": "", "phone": "", "sex": Sex.NOT_STATED}
    return values


def _sitting(group: ActionGroup, employee_id: int) -> GroupMember | None:
    there = within(group).select(GroupMember)
    return db.session.scalar(
        there.where(GroupMember.employee_id == employee_id, GroupMember.left_on.is_(None)).limit(1)
    )


def _alone_in_office(member: GroupMember, *, by: Actor) -> None:
    """A group has one chair and one secretary: whoever was it before is a member from now on."""
    if member.office is Office.MEMBER or member.left_on is not None:
        return
    others = db.session.scalars(
        within(member).trusting(
            sa.select(GroupMember).where(
                GroupMember.group_id == member.group_id,
                GroupMember.office == member.office,
                GroupMember.left_on.is_(None),
                GroupMember.id != member.id,
            ),
            GroupMember,
        )
    )
    for other in others:
        other.office = Office.MEMBER
        journal.record(MemberChanged(other.group_id, other.id, ("office",)), by=by)


def employee_left(event: EmployeeLeft, by: Actor) -> None:
    """Whoever leaves the institution leaves the groups she sat in for it."""
    for member in queries.of_employees([event.employee_id]):
        if member.left_on is None:
            member.left_on = max(today(), member.joined_on or today())
            journal.record(MemberChanged(member.group_id, member.id, ("left_on",)), by=by)
