from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class FiguresRecounted(Event):
    """By a command, where rows had been changed by hand."""

    name = "figures.recounted"
    said = lazy_pgettext("event", "Figures counted anew")
