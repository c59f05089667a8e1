from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event
from app.language import lazy_pgettext


@dataclass(frozen=True)
class FiguresRecounted(Event):
    """By a command, where rows had been changed by hand."""

    name = "figures.recounted"
    said = lazy_pgettext("event", "Figures counted anew")
