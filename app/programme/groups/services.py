"""A group is founded, changed, ended."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
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
from app.programme.groups.events import GroupActivated, GroupAdded, GroupChanged
from app.programme.groups.models import ActionGroup, GroupTheme
from app.programme.groups.queries import meetings_of, themes_of
from app.programme.groups.rules import MeetingState


@dataclass(frozen=True)
class GroupDetails:
    """Everything about a group that its form sets, besides its themes."""

    province_id: int | None
    name_tr: str
    name_en: str
    aim_tr: str
    aim_en: str
    founded_on: date | None


def add(details: GroupDetails, theme_ids: tuple[int, ...], *, scope: Scope, by: Actor) -> ActionGroup:
    made = ActionGroup(active=True, **_checked(details, scope))
    db.session.add(made)
    db.session.flush()
    _set_themes(made, theme_ids)
    journal.record(GroupAdded(made.id, made.province_id), by=by)
    return made


def change(group: ActionGroup, details: GroupDetails, theme_ids: tuple[int, ...], *, scope: Scope, by: Actor) -> None:
    """A group stays in the province it was founded in."""
    changed = set_changed(group, _checked(details, scope) | {"province_id": group.province_id})
    if _set_themes(group, theme_ids):
        changed = (*changed, "theme_ids")
    told = tuple(name for name in changed if name not in ("name_sort", "search_text"))
    if told:
        journal.record(GroupChanged(group.id, told), by=by)


def _checked(details: GroupDetails, scope: Scope) -> dict[str, Any]:
    """The values of the row, with what it is sorted and found by."""
    if details.province_id is None or not scope.covers_province(details.province_id):
        raise Refused(lazy_gettext("This choice is not available."), field="province_id")
    if details.founded_on is not None and details.founded_on > today():
        raise Refused(lazy_gettext("This day is still to come."), field="founded_on")
    search = search_key(f"{details.name_tr} {details.name_en}")[:340]
    return asdict(details) | {"name_sort": sort_key(details.name_tr)[:640], "search_text": search}


def _set_themes(group: ActionGroup, theme_ids: tuple[int, ...]) -> bool:
    """Whether they are others than before."""
    there = {theme.id for theme in themes_of(group)}
    gone = sa.delete(GroupTheme).where(GroupTheme.group_id == group.id, GroupTheme.theme_id.not_in(theme_ids))
    db.session.execute(within(group).trusting(gone, GroupTheme))
    db.session.add_all(GroupTheme(group_id=group.id, theme_id=key) for key in sorted(set(theme_ids) - there))
    return there != set(theme_ids)


def set_active(group: ActionGroup, active: bool, *, by: Actor) -> None:
    """It meets no more, or again. Asking twice does nothing; nobody is left waiting at a door."""
    if not active and any(one.state is MeetingState.AHEAD for one in meetings_of(group)):
        raise Refused(lazy_gettext("Meetings are ahead: cancel them first, so that everybody is told."))
    if group.active is not active:
        group.active = active
        journal.record(GroupActivated(group.id, active), by=by)
