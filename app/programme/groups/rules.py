"""What the dates of an action and the attendance of meetings say: derived wherever it is asked, never stored."""

from __future__ import annotations

from datetime import date, datetime, time

from app.core.clock import at
from app.core.status import Worded
from app.programme.groups.models import ActionStatus


class ActionState(Worded):
    """How an action stands: its status, or late."""

    OPEN = "open", "Open"
    UNDER_WAY = "under_way", "Under way"
    LATE = "late", "Overdue"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"

    @property
    def tone(self) -> str:
        return {"done": "ok", "under_way": "full", "dropped": "cancel", "late": "warn"}.get(self.value, "plain")

    @property
    def icon(self) -> str:
        return {"open": "circle", "under_way": "play", "late": "hourglass"}.get(self.value, super().icon)


class MeetingState(Worded):
    AHEAD = "ahead", "Ahead"
    UNMARKED = "unmarked", "Attendance not entered"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"

    @property
    def tone(self) -> str:
        return {"held": "ok", "unmarked": "warn", "cancelled": "cancel"}.get(self.value, "plain")


def late(status: ActionStatus, due_on: date, today: date) -> bool:
    return due_on < today and status in (ActionStatus.OPEN, ActionStatus.UNDER_WAY)


def state_of(status: ActionStatus, due_on: date, today: date) -> ActionState:
    return ActionState.LATE if late(status, due_on, today) else ActionState(status.value)


def over(day: date, ends: time, moment: datetime) -> bool:
    return at(day, ends) <= moment


def meeting_state(day: date, ends: time, cancelled: bool, marked: bool, moment: datetime) -> MeetingState:
    if cancelled:
        return MeetingState.CANCELLED
    if marked:
        return MeetingState.HELD
    return MeetingState.UNMARKED if over(day, ends, moment) else MeetingState.AHEAD
