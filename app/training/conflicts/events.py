from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext
from app.training.conflicts.models import ConflictKind


class ConflictsOverridden(Event):
    """Somebody went ahead in spite of warnings; their reason stands beside them, not here."""

    name = "session.conflicts_overridden"
    said = lazy_pgettext("event", "Conflicts overridden")
    values = {"kinds": ConflictKind}
    course_session_id: int
    kinds: tuple[str, ...]
