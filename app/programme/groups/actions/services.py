"""Actions are decided, changed, brought forward, done, dropped; each step stays."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.files.pictures.scans import Scan, keep
from app.language import gettext, lazy_gettext
from app.language.turkish import search_key
from app.programme.groups.events import ActionAdded, ActionChanged, ActionMoved
from app.programme.groups.models import ActionChange, ActionGroup, ActionStatus, GroupAction

S = ActionStatus


@dataclass(frozen=True)
class ActionDetails:
    text_tr: str
    text_en: str
    due_on: date
    meeting_id: int | None = None
    theme_id: int | None = None
    owner_id: int | None = None
    goal_id: int | None = None


@dataclass(frozen=True)
class Step:
    """How an action stands from now on. `done_on`: the day it was done, today where nobody says another."""

    status: ActionStatus
    percent: int | None = None
    done_on: date | None = None
    evidence: str = ""
    note: str = ""
    scan: Scan | None = None


def add(group: ActionGroup, details: ActionDetails, *, by: Actor) -> GroupAction:
    action = GroupAction(group_id=group.id, status=S.OPEN, percent=0, **_values(details))
    db.session.add(action)
    db.session.flush()
    _remember(action, "", by=by)
    journal.record(ActionAdded(group.id, action.id), by=by)
    return action


def change(action: GroupAction, details: ActionDetails, *, by: Actor) -> None:
    """Another date stays in the history, too: which one was kept is told by the last."""
    was = action.due_on
    changed = set_changed(action, _values(details))
    if action.due_on != was:
        _remember(action, "", by=by)
    if told := tuple(name for name in changed if name != "search_text"):
        journal.record(ActionChanged(action.id, told), by=by)


def _values(details: ActionDetails) -> dict[str, Any]:
    return asdict(details) | {"search_text": search_key(f"{details.text_tr} {details.text_en}")[:1002]}


def move(action: GroupAction, step: Step, *, by: Actor) -> None:
    """What is done says by what one sees it; what is dropped, why. The same status again: it came further."""
    if step.status is not action.status:
        action.status = action.status.to(step.status)
    _check(action, step)
    action.percent = {S.DONE: 100, S.OPEN: 0}.get(step.status, action.percent if step.percent is None else step.percent)
    action.done_on = (step.done_on or today()) if step.status is S.DONE else None
    action.evidence = step.evidence
    if step.scan is not None:
        action.document_id = keep(step.scan, gettext("Evidence %(id)s", id=action.id), by_id=by.id).id
    _remember(action, step.note, by=by)
    journal.record(ActionMoved(action.id, action.status.value, action.percent, action.due_on.isoformat()), by=by)


def _check(action: GroupAction, step: Step) -> None:
    if step.status is S.DROPPED and not step.note:
        raise Refused(lazy_gettext("Say why it is dropped."), field="note")
    if step.status is S.UNDER_WAY and step.percent == 100:
        raise Refused(lazy_gettext("What is done to 100 percent is done: choose that."), field="percent")
    if step.status is not S.DONE:
        return
    if step.done_on is not None and step.done_on > today():
        raise Refused(lazy_gettext("This day is still to come."), field="done_on")
    if not (step.evidence or step.scan or action.document_id):
        raise Refused(lazy_gettext("Say by what one sees that it is done, or attach it."), field="evidence")


def _remember(action: GroupAction, note: str, *, by: Actor) -> None:
    step = {"status": action.status, "percent": action.percent, "due_on": action.due_on}
    db.session.add(ActionChange(action_id=action.id, note=note, changed_by=by.id, **step))
