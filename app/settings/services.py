from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.settings import queries
from app.settings.events import (
    SettingsChanged,
)
from app.settings.models import Setting


def change_settings(values: Mapping[str, Any], *, by: Actor) -> tuple[str, ...]:
    """Set some settings, each within its bounds: the keys of those that changed."""
    for key, value in values.items():
        known = queries.SETTINGS[key]
        if not known.fits(value):
            raise Refused(
                lazy_gettext("Enter a number between %(least)s and %(most)s.", least=known.least, most=known.most),
                field=key,
            )
    now = queries.values()
    changed = tuple(key for key, value in values.items() if now[key] != value)
    for key in changed:
        row = queries.setting(key)
        if row is None:
            db.session.add(Setting(key=key, value={"value": values[key]}))
        else:
            row.value = {"value": values[key]}
    if changed:
        journal.record(SettingsChanged(changed), by=by)
    return changed


def note(values: Mapping[str, int | str]) -> None:
    """Remember what the programme itself notes (queries.NOTED); the log says it otherwise."""
    for key in values.keys() & queries.NOTED.keys():
        value = {"value": values[key]}
        told = sa.update(Setting).where(Setting.key == key).values(value=value, version=Setting.version + 1)
        if not db.session.execute(told, execution_options={"synchronize_session": False}).rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
            db.session.add(Setting(key=key, value=value))
    db.session.flush()
    db.session.info.pop(queries.KEPT, None)
