from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class InstallationMoved(Event):
    name = "installation.moved"
    said = lazy_pgettext("event", "Moved to another database")
    rows: int
