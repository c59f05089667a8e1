"""A group in Gaziantep with three members, a meeting and an action; all committed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.core.clock import today
from app.core.db import db
from app.people.models import Sex
from app.post.models import Message
from app.programme.groups.meetings import queries
from app.programme.groups.models import ActionGroup, GroupAction, GroupMeeting, GroupMember, InstitutionType, Office
from tests import factories
from tests.cast import Cast


@dataclass
class Sits:
    """Ids. `members` by name: elif (an employee with an account), selim (a mail address), muhtar (a phone alone)."""

    group: int
    members: dict[str, int] = field(default_factory=dict)
    meeting: int = 0
    action: int = 0


def sitting(cast: Cast, *, days: int = 7, due: int = 30, name: str = "Uyum ve sosyal hizmetler grubu") -> Sits:
    """`days`: in how many the meeting is; `due`: until the action is due."""
    one = factories.action_group(name, province_id=cast.gaziantep)
    found = Sits(one.id)
    add = factories.group_member
    found.members["elif"] = add(one.id, employee_id=cast.employees["elif"], organisation_id=cast.nizip).id
    found.members["selim"] = add(
        one.id,
        "Selim Kaya",
        institution="Zeugma Üniversitesi",
        institution_type="university",
        email="selim@zeugma.example",
        sex="man",
    ).id
    found.members["muhtar"] = add(
        one.id, "Fatma Ak", institution="Kale Mahallesi", institution_type="muhtar", phone="0342", sex="woman"
    ).id
    found.meeting = factories.group_meeting(one.id, today() + timedelta(days=days)).id
    found.action = factories.group_action(one.id, today() + timedelta(days=due), owner_id=found.members["elif"]).id
    db.session.commit()
    return found


def the(model: Any, key: int) -> Any:
    """The row as it stands in the database now."""
    db.session.expire_all()
    return EVERYWHERE.get(model, key)


def meeting(found: Sits) -> GroupMeeting:
    db.session.expire_all()
    return queries.meeting(EVERYWHERE, found.meeting)


def action(found: Sits) -> GroupAction:
    made: GroupAction = the(GroupAction, found.action)
    return made


def member(found: Sits, name: str) -> GroupMember:
    made: GroupMember = the(GroupMember, found.members[name])
    return made


def group(found: Sits) -> ActionGroup:
    made: ActionGroup = the(ActionGroup, found.group)
    return made


def letters() -> list[Message]:
    """All messages, in the order they were written."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Message).order_by(Message.id)))


def typed_meeting(day: date, **values: str) -> dict[str, str]:
    return {"date": day.isoformat(), "starts": "10:00", "ends": "12:00", "place": "Valilik"} | values


def of_meeting(one: GroupMeeting, **values: Any) -> dict[str, Any]:
    """What a form says of it, and what of that is otherwise."""
    return {name: getattr(one, name) for name in ("date", "starts", "ends", "place", "online", "agenda")} | values


def of_member(**values: Any) -> dict[str, Any]:
    """What a form says of somebody new of an institution that is not listed."""
    typed = {"institution": "Dernek", "name": "Ada Su", "email": "ada@dernek.example", "job": "", "phone": ""}
    kinds = {"institution_type": InstitutionType.NGO, "sex": Sex.NOT_STATED, "office": Office.MEMBER}
    nothing = dict.fromkeys(("organisation_id", "employee_id", "joined_on", "left_on"))
    return typed | kinds | nothing | values


NOON = time(12)
