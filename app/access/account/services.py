from __future__ import annotations

from app.access.caller import Caller
from app.access.events import UserChanged
from app.access.models import User
from app.audit import journal
from app.core.db import set_changed


def set_preferences(user: User, *, language: str, wants_reminders: bool, by: Caller) -> None:
    if changed := set_changed(user, {"language": language, "wants_reminders": wants_reminders}):
        journal.record(UserChanged(user.id, changed), by=by)
