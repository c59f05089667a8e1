"""A group is founded, changed, ended; its members join, change, leave. Their letters follow the events (`meetings`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.access.scope import Scope, within
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext
from app.language.turkish import search_key, sort_key
from app.people.events import EmployeeLeft, EmployeesMerged
from app.people.models import Sex
from app.programme.groups.events import (
    GroupActivated,
    GroupAdded,
    GroupChanged,
    MemberChanged,
    MemberJoined,
    MembersJoined,
)
from app.programme.groups.models import (
    ActionGroup,
    Attended,
    GroupAction,
    GroupMember,
    GroupTheme,
    MeetingAttendance,
    MeetingState,
    Office,
)
from app.programme.groups.queries import meetings_of, of_employees, themes_of, there_on

Values = Mapping[str, Any]
"""What a form of the room says, by column."""


def add(values: Values, theme_ids: tuple[int, ...], *, scope: Scope, by: Actor) -> ActionGroup:
    _alone_in_name(values, None, scope)
    made = ActionGroup(active=True, **_group_of(values, scope))
    db.session.add(made)
    db.session.flush()
    _set_themes(made, theme_ids)
    journal.record(GroupAdded(made.id, made.province_id), by=by)
    return made


def change(group: ActionGroup, values: Values, theme_ids: tuple[int, ...], *, scope: Scope, by: Actor) -> None:
    """A group stays in the province it was founded in."""
    if values["name_tr"] != group.name_tr:
        _alone_in_name({**values, "province_id": group.province_id}, group.id, scope)
    changed = set_changed(group, _group_of(values, scope) | {"province_id": group.province_id})
    if _set_themes(group, theme_ids):
        changed = (*changed, "theme_ids")
    told = tuple(name for name in changed if name not in ("name_sort", "search_text"))
    if told:
        journal.record(GroupChanged(group.id, told), by=by)


def _group_of(values: Values, scope: Scope) -> dict[str, Any]:
    """The values of the row, with what it is sorted and found by."""
    if values["province_id"] is None or not scope.covers_province(values["province_id"]):
        raise Refused(lazy_gettext("This choice is not available."), field="province_id")
    if values["founded_on"] is not None and values["founded_on"] > today():
        raise Refused(lazy_gettext("This day is still to come."), field="founded_on")
    search = search_key(f"{values['name_tr']} {values['name_en']}")[:340]
    return {**values, "name_sort": sort_key(values["name_tr"])[:640], "search_text": search}


def _alone_in_name(values: Values, group_id: int | None, scope: Scope) -> None:
    """Nobody can take a group back that was sent twice, and members could not tell the letters of two apart."""
    theirs = sa.select(ActionGroup.name_tr).where(ActionGroup.province_id == values["province_id"])
    others = scope.restrict(theirs.where(ActionGroup.id.is_distinct_from(group_id)), ActionGroup)
    if search_key(values["name_tr"]) in map(search_key, db.session.scalars(others)):
        raise Refused(lazy_gettext("Another group of this province has this name."), field="name_tr")


def _set_themes(group: ActionGroup, theme_ids: tuple[int, ...]) -> bool:
    """Whether they are others than before."""
    there = {theme.id for theme in themes_of(group)}
    gone = sa.delete(GroupTheme).where(GroupTheme.group_id == group.id, GroupTheme.theme_id.not_in(theme_ids))
    db.session.execute(within(group).trusting(gone, GroupTheme))
    db.session.add_all(GroupTheme(group_id=group.id, theme_id=key) for key in sorted(set(theme_ids) - there))
    return there != set(theme_ids)


def _lock(group: ActionGroup) -> None:
    """Whoever takes a place or an office in it takes turns, and with whoever ends it."""
    db.session.refresh(group, ["active", "version"], with_for_update=True)


def hold(group: ActionGroup) -> None:
    """It gets something new: a member, a meeting, an action. Refused where it meets no more."""
    _lock(group)
    if not group.active:
        raise Refused(lazy_gettext("This group meets no more."))


def set_active(group: ActionGroup, active: bool, *, by: Actor) -> None:
    """It meets no more, or again. Asking twice does nothing; nobody is left waiting at a door."""
    _lock(group)
    if not active and any(row.GroupMeeting.state(row.asked > 0) is MeetingState.AHEAD for row in meetings_of(group)):
        raise Refused(lazy_gettext("Meetings are ahead: cancel them first, so that everybody is told."))
    if group.active is not active:
        group.active = active
        journal.record(GroupActivated(group.id, active), by=by)


# --- members ----------------------------------------------------------------------------------------------


def add_member(group: ActionGroup, values: Values, *, by: Actor) -> GroupMember:
    hold(group)
    member = GroupMember(group_id=group.id, **_member_of(group, values, None))
    db.session.add(member)
    db.session.flush()
    _alone_in_office(group, member, by=by)
    journal.record(MemberJoined(group.id, member.id), by=by)
    return member


def change_member(group: ActionGroup, member: GroupMember, values: Values, *, by: Actor) -> None:
    _lock(group)
    changed = set_changed(member, _member_of(group, values, member))
    if changed:
        db.session.flush()
        _alone_in_office(group, member, by=by)
        # names and addresses are no facts of the log
        journal.record(MemberChanged(group.id, member.id, changed), by=by)


def _member_of(group: ActionGroup, values: Values, member: GroupMember | None) -> dict[str, Any]:
    """The values of the row: an institution we keep or its name; somebody of the staff, of whom name, sex and addresses
    are not kept, or a name.
    """
    listed, employee_id, left_on = values["organisation_id"] is not None, values["employee_id"], values["left_on"]
    if not listed and not values["institution"]:
        raise Refused(lazy_gettext("Choose the institution, or type its name."), field="institution")
    if employee_id is None and not values["name"]:
        raise Refused(lazy_gettext("Type the name, or choose somebody of the staff."), field="name")
    if values["joined_on"] and left_on and left_on < values["joined_on"]:
        raise Refused(lazy_gettext("The last day cannot be before the first."), field="left_on")
    if values["office"] is not Office.MEMBER and (values["joined_on"] or today()) > today():
        raise Refused(lazy_gettext("Who joins later gets the office on that day."), field="office")
    if employee_id is not None and (left_on is None or left_on > today()):
        twin = db.session.scalar(_sitting(group, member).where(GroupMember.employee_id == employee_id).limit(1))
        if twin is not None:
            raise Refused(lazy_gettext("This person is a member of the group already."), field="colleague")
    own = {"name": "", "email": "", "phone": "", "sex": Sex.NOT_STATED} if employee_id is not None else {}
    return {**values, **({"institution": ""} if listed else {}), **own}


def _sitting(group: ActionGroup, but: GroupMember | None) -> sa.Select[Any]:
    others = within(group).select(GroupMember).where(there_on(today()))
    return others if but is None else others.where(GroupMember.id != but.id)


def _alone_in_office(group: ActionGroup, member: GroupMember, *, by: Actor) -> None:
    """A group has one chair and one secretary: whoever was it before is a member from now on."""
    if member.office is Office.MEMBER or member.gone:
        return
    for other in db.session.scalars(_sitting(group, member).where(GroupMember.office == member.office)):
        other.office = Office.MEMBER
        journal.record(MemberChanged(group.id, other.id, ("office",)), by=by)


def employee_left(event: EmployeeLeft, by: Actor) -> None:
    """Whoever leaves the institution leaves the groups she sat in for it."""
    for member in of_employees([event.employee_id]):
        if not member.gone:
            member.left_on = max(today(), member.joined_on or today())
            journal.record(MemberChanged(member.group_id, member.id, ("left_on",)), by=by)


def join(group: ActionGroup, one: GroupMember, other: GroupMember, *, by: Actor) -> GroupMember:
    """One person was entered twice: the one place that is left, that of the staff where either is."""
    _lock(group)
    if one.employee_id is not None and other.employee_id is not None:
        raise Refused(lazy_gettext("Both are on the staff: merge their records there."))
    kept, gone = (other, one) if other.employee_id is not None else (one, other)
    _join(kept, gone, by=by)
    return kept


def employees_merged(event: EmployeesMerged, by: Actor) -> None:
    """The places go along. Where both sit in one group, one place is left, with the attendance and actions of both."""
    found = of_employees([event.kept_id, event.merged_id])
    kept = {one.group_id: one for one in found if one.employee_id == event.kept_id and not one.gone}
    for one in found:
        if one.employee_id != event.merged_id:
            continue
        twin = None if one.gone else kept.get(one.group_id)
        if twin is None:
            one.employee_id = event.kept_id
            journal.record(MemberChanged(one.group_id, one.id, ("employee_id",)), by=by)
        else:
            _join(twin, one, by=by)


def _join(kept: GroupMember, gone: GroupMember, *, by: Actor) -> None:
    """Nothing either had is lost: the longer time, the office, of a meeting both were marked for the better mark."""
    first, last = (kept.joined_on, gone.joined_on), (kept.left_on, gone.left_on)
    kept.joined_on = None if None in first else min(day for day in first if day)
    kept.left_on = None if None in last else max(day for day in last if day)
    kept.office = gone.office if kept.office is Office.MEMBER else kept.office
    kept.job = kept.job or gone.job
    if kept.employee_id is None:
        kept.email, kept.phone = kept.email or gone.email, kept.phone or gone.phone
        kept.sex = gone.sex if kept.sex is Sex.NOT_STATED else kept.sex
    _join_attendance(kept, gone)
    theirs = sa.update(GroupAction).where(GroupAction.owner_id == gone.id).values(owner_id=kept.id)
    db.session.execute(within(gone).trusting(theirs, GroupAction), execution_options={"synchronize_session": False})
    db.session.delete(gone)
    journal.record(MembersJoined(kept.group_id, kept.id, gone.id), by=by)


def _join_attendance(kept: GroupMember, gone: GroupMember) -> None:
    both = sa.select(MeetingAttendance).where(MeetingAttendance.member_id.in_((kept.id, gone.id)))
    rows = db.session.scalars(within(kept).trusting(both, MeetingAttendance)).all()
    best: dict[int, MeetingAttendance] = {}
    for row in sorted(rows, key=lambda row: (list(Attended).index(row.attended), row.member_id != kept.id)):
        if best.setdefault(row.meeting_id, row) is not row:
            db.session.delete(row)
    db.session.flush()  # of each meeting one row is left, before it is given to the one who is
    for row in best.values():
        row.member_id = kept.id
