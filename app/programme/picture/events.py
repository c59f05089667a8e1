from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class TargetsSet(Event):
    """What some indicators should come to in a year is another."""

    name = "targets.set"
    said = lazy_pgettext("event", "Targets of the programme set")
    words = {"codes": lazy_pgettext("fact", "Indicators"), "year": lazy_pgettext("fact", "Year")}
    year: int
    codes: tuple[str, ...]
