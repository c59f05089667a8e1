from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext
from app.programme.sustainability.models import MeasureStatus


class MeasureAdded(Event):
    name = "measure.added"
    said = lazy_pgettext("event", "Sustainability measure added")
    words = {"measure_id": lazy_pgettext("fact", "Sustainability measure")}
    measure_id: int
    province_id: int | None


class MeasureChanged(Event):
    name = "measure.changed"
    said = lazy_pgettext("event", "Sustainability measure changed")
    words = {
        "scope": lazy_pgettext("fact", "Scope"),
        "component": lazy_pgettext("fact", "Component"),
        "due": lazy_pgettext("fact", "Due"),
        "evidence": lazy_pgettext("fact", "Evidence"),
    }
    measure_id: int
    fields: tuple[str, ...]


class MeasureMoved(Event):
    """The reason stands with the step."""

    name = "measure.moved"
    said = lazy_pgettext("event", "Sustainability measure: another status")
    values = {"was": MeasureStatus, "now": MeasureStatus}
    measure_id: int
    was: str
    now: str
