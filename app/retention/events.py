from __future__ import annotations

from datetime import date

from app.audit.journal import Event
from app.language import lazy_pgettext


class DataDestroyed(Event):
    """`up_to`: the day, in ISO form, from before which all of the kind went."""

    name = "data.destroyed"
    said = lazy_pgettext("event", "Data destroyed")
    words = {"pieces": lazy_pgettext("fact", "How many"), "up_to": lazy_pgettext("fact", "From before")}
    values = {"up_to": date}
    kind: str
    pieces: int
    up_to: str
