from __future__ import annotations

from datetime import date

from app.audit.journal import Event
from app.language import lazy_pgettext
from app.programme.groups.models import ActionStatus


class GroupAdded(Event):
    name = "group.added"
    said = lazy_pgettext("event", "Action plan group added")
    words = {"group_id": lazy_pgettext("fact", "Action plan group")}
    group_id: int
    province_id: int


class GroupChanged(Event):
    name = "group.changed"
    said = lazy_pgettext("event", "Action plan group changed")
    words = {
        "aim_tr": lazy_pgettext("fact", "Aim (Turkish)"),
        "aim_en": lazy_pgettext("fact", "Aim (English)"),
        "founded_on": lazy_pgettext("fact", "Founded on"),
        "theme_ids": lazy_pgettext("fact", "Thematic areas"),
    }
    group_id: int
    fields: tuple[str, ...]


class GroupActivated(Event):
    """`active` False: it meets no more."""

    name = "group.activated"
    said = lazy_pgettext("event", "Action plan group ended or taken up again")
    group_id: int
    active: bool


class MemberJoined(Event):
    name = "group.member_joined"
    said = lazy_pgettext("event", "Member joined an action plan group")
    words = {"member_id": lazy_pgettext("fact", "Member")}
    group_id: int
    member_id: int


class MemberChanged(Event):
    """Also that she left, or is back (`left_on`)."""

    name = "group.member_changed"
    said = lazy_pgettext("event", "Member of an action plan group changed")
    words = {
        "office": lazy_pgettext("fact", "Office"),
        "job": lazy_pgettext("fact", "Position"),
        "institution_type": lazy_pgettext("fact", "Type of institution"),
        "joined_on": lazy_pgettext("fact", "Member since"),
        "left_on": lazy_pgettext("fact", "Member until"),
    }
    group_id: int
    member_id: int
    fields: tuple[str, ...]


class MembersJoined(Event):
    """Two records of one person sat in one group: one row is left, with the attendance of both."""

    name = "group.members_merged"
    said = lazy_pgettext("event", "Two members of an action plan group turned out to be one")
    words = {"twin_id": lazy_pgettext("fact", "Merged record")}
    group_id: int
    member_id: int
    twin_id: int


class MeetingPlanned(Event):
    name = "meeting.planned"
    said = lazy_pgettext("event", "Meeting planned")
    words = {"meeting_id": lazy_pgettext("fact", "Meeting")}
    group_id: int
    meeting_id: int


class MeetingChanged(Event):
    name = "meeting.changed"
    said = lazy_pgettext("event", "Meeting changed")
    words = {
        "starts": lazy_pgettext("fact", "Begins"),
        "ends": lazy_pgettext("fact", "Ends"),
        "place": lazy_pgettext("fact", "Place"),
        "agenda": lazy_pgettext("fact", "Agenda"),
        "minutes": lazy_pgettext("fact", "Minutes"),
    }
    meeting_id: int
    fields: tuple[str, ...]


class MeetingInvited(Event):
    name = "meeting.invited"
    said = lazy_pgettext("event", "Members invited to a meeting")
    words = {"letters": lazy_pgettext("fact", "Letters")}
    meeting_id: int
    letters: int


class MeetingCancelled(Event):
    name = "meeting.cancelled"
    said = lazy_pgettext("event", "Meeting cancelled")
    meeting_id: int


class SheetPrinted(Event):
    name = "meeting.sheet_printed"
    said = lazy_pgettext("event", "Signature sheet of a meeting printed")
    meeting_id: int


class SignedMeetingSheetAttached(Event):
    name = "meeting.sheet_attached"
    said = lazy_pgettext("event", "Signed sheet of a meeting attached")
    meeting_id: int
    document_id: int


class MeetingAttendanceTaken(Event):
    """`changed`: members whose attendance is another than before."""

    name = "meeting.attendance_taken"
    said = lazy_pgettext("event", "Attendance of a meeting entered")
    meeting_id: int
    changed: int


class GoalAdded(Event):
    name = "goal.added"
    said = lazy_pgettext("event", "Goal added to a strategic action plan")
    words = {
        "strategic_plan_id": lazy_pgettext("fact", "Strategic action plan"),
        "goal_id": lazy_pgettext("fact", "Goal"),
    }
    strategic_plan_id: int
    goal_id: int


class GoalChanged(Event):
    name = "goal.changed"
    said = lazy_pgettext("event", "Goal of a strategic action plan changed")
    strategic_plan_id: int
    goal_id: int
    fields: tuple[str, ...]


class GoalRemoved(Event):
    """The actions that led there lead nowhere until they are given another."""

    name = "goal.removed"
    said = lazy_pgettext("event", "Goal taken out of a strategic action plan")
    strategic_plan_id: int
    goal_id: int


class ActionAdded(Event):
    name = "action.added"
    said = lazy_pgettext("event", "Action added")
    words = {"action_id": lazy_pgettext("fact", "Action")}
    group_id: int
    action_id: int


class ActionChanged(Event):
    name = "action.changed"
    said = lazy_pgettext("event", "Action changed")
    words = {"owner_id": lazy_pgettext("fact", "Who answers for it")}
    action_id: int
    fields: tuple[str, ...]


class ActionMoved(Event):
    name = "action.moved"
    said = lazy_pgettext("event", "Action brought forward, done, dropped or taken up again")
    words = {"percent": lazy_pgettext("fact", "Percent done")}
    values = {"now": ActionStatus, "due": date}
    action_id: int
    now: str
    percent: int
    due: str
