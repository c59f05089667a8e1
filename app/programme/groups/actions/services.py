"""Actions are decided, changed, brought forward, done, dropped; each step stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import format_date, gettext, in_language, lazy_gettext
from app.language.turkish import search_key
from app.programme.groups.actions import queries
from app.programme.groups.events import ActionAdded, ActionChanged, ActionMoved
from app.programme.groups.models import ActionChange, ActionGroup, ActionStatus, GroupAction
from app.programme.groups.queries import member
from app.programme.groups.services import Values, hold
from app.programme.uploads import Upload, keep

S = ActionStatus


def add(group: ActionGroup, values: Values, *, by: Actor) -> GroupAction:
    hold(group)
    _not_before(values["due_on"], queries.decided_on(group, values["meeting_id"]), "due_on")
    action = GroupAction(group_id=group.id, status=S.OPEN, percent=0, **_found_by(values))
    db.session.add(action)
    db.session.flush()
    _remember(action, "", by=by)
    journal.record(ActionAdded(group.id, action.id), by=by)
    return action


def change(action: GroupAction, values: Values, *, by: Actor) -> None:
    """Another date, and who answers for it from now on, stay in the history: which was kept is told by the last."""
    was, owner = action.due_on, action.owner_id
    decided = queries.decided_on(action.group, values["meeting_id"])
    if values["due_on"] != was:
        _not_before(values["due_on"], decided, "due_on")
    if values["meeting_id"] != action.meeting_id:
        _not_before(action.done_on, decided, "meeting_id")
    changed = set_changed(action, _found_by(values))
    if action.due_on != was or action.owner_id != owner:
        _remember(action, _answers(action) if action.owner_id != owner else "", by=by)
    if told := tuple(name for name in changed if name != "search_text"):
        journal.record(ActionChanged(action.id, told), by=by)


def _answers(action: GroupAction) -> str:
    """By the institution: a note outlives what is known of a person."""
    institution = in_language(member(action.group, action.owner_id or 0), "institution")
    return gettext("Answers for it from now on: %(institution)s", institution=institution)


def _found_by(values: Values) -> dict[str, Any]:
    return {**values, "search_text": search_key(f"{values['text_tr']} {values['text_en']}")[:1002]}


def move(action: GroupAction, step: Values, upload: Upload | None, *, by: Actor) -> None:
    """`step`: how it stands from now on (`state`, `percent`, `done_on`, `evidence`) and a `note`. What is done says by
    what one sees it; what is dropped, why. The same status again: it came further.
    """
    state, percent = step["state"], step["percent"]
    if state is not action.status:
        action.status = action.status.to(state)
    _check(action, step, upload)
    action.percent = {S.DONE: 100, S.OPEN: 0}.get(state, action.percent if percent is None else percent)
    action.done_on = (step["done_on"] or today()) if state is S.DONE else None
    action.evidence = step["evidence"]
    if upload is not None:
        action.document_id = keep(replace(upload, name=gettext("Evidence %(id)s", id=action.id)), by=by)
    _remember(action, step["note"], by=by)
    journal.record(ActionMoved(action.id, action.status.value, action.percent, action.due_on.isoformat()), by=by)


def _check(action: GroupAction, step: Values, upload: Upload | None) -> None:
    if step["state"] is S.DROPPED and not step["note"]:
        raise Refused(lazy_gettext("Say why it is dropped."), field="note")
    if step["state"] is S.UNDER_WAY and step["percent"] == 100:
        raise Refused(lazy_gettext("What is done to 100 percent is done: choose that."), field="percent")
    if step["state"] is not S.DONE:
        return
    if step["done_on"] is not None and step["done_on"] > today():
        raise Refused(lazy_gettext("This day is still to come."), field="done_on")
    _not_before(step["done_on"], queries.decided_on(action.group, action.meeting_id), "done_on")
    if not (step["evidence"] or upload or action.document_id):
        raise Refused(lazy_gettext("Say by what one sees that it is done, or attach it."), field="evidence")


def _not_before(day: date | None, decided: date, field: str) -> None:
    if day is not None and day < decided:
        said = lazy_gettext("No action can be due or done before it was decided: %(day)s.", day=format_date(decided))
        raise Refused(said, field=field)


def _remember(action: GroupAction, note: str, *, by: Actor) -> None:
    step = {"status": action.status, "percent": action.percent, "due_on": action.due_on}
    db.session.add(ActionChange(action_id=action.id, note=note, changed_by=by.id, **step))
