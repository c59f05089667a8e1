"""What happens to titles, themes and competencies: the same five things to each."""

from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class TitleAdded(Event):
    name = "title.added"
    said = lazy_pgettext("event", "Job title added")
    title_id: int


class TitleChanged(Event):
    """Renamed, or what it belongs to: `fields`."""

    name = "title.changed"
    said = lazy_pgettext("event", "Job title changed")
    title_id: int
    fields: tuple[str, ...]


class TitleActivated(Event):
    """`active` False: not offered any more; it stays where it is used."""

    name = "title.activated"
    said = lazy_pgettext("event", "Job title retired or reinstated")
    title_id: int
    active: bool


class TitlesMerged(Event):
    """What pointed at the merged one points at the kept one, but for what says how things were."""

    name = "title.merged"
    said = lazy_pgettext("event", "Job titles merged")
    ids_of = "title"
    kept_id: int
    merged_id: int


class TitleRemoved(Event):
    """Nothing used it, and nothing ever had."""

    name = "title.removed"
    said = lazy_pgettext("event", "Job title deleted")
    title_id: int


class ThemeAdded(Event):
    name = "theme.added"
    said = lazy_pgettext("event", "Thematic area added")
    theme_id: int


class ThemeChanged(Event):
    """Renamed, or what it belongs to: `fields`."""

    name = "theme.changed"
    said = lazy_pgettext("event", "Thematic area changed")
    words = {
        "prefix": lazy_pgettext("fact", "Letters of its course codes"),
        "description_tr": lazy_pgettext("fact", "Description in Turkish"),
        "description_en": lazy_pgettext("fact", "Description in English"),
    }
    theme_id: int
    fields: tuple[str, ...]


class ThemeActivated(Event):
    """`active` False: not offered any more; it stays where it is used."""

    name = "theme.activated"
    said = lazy_pgettext("event", "Thematic area retired or reinstated")
    theme_id: int
    active: bool


class ThemesMerged(Event):
    """What pointed at the merged one points at the kept one, but for what says how things were."""

    name = "theme.merged"
    said = lazy_pgettext("event", "Thematic areas merged")
    ids_of = "theme"
    kept_id: int
    merged_id: int


class ThemeRemoved(Event):
    """Nothing used it, and nothing ever had."""

    name = "theme.removed"
    said = lazy_pgettext("event", "Thematic area deleted")
    theme_id: int


class CompetencyAdded(Event):
    name = "competency.added"
    said = lazy_pgettext("event", "Competency added")
    competency_id: int


class CompetencyChanged(Event):
    """Renamed, or what it belongs to: `fields`."""

    name = "competency.changed"
    said = lazy_pgettext("event", "Competency changed")
    words = {"capacity_area_id": lazy_pgettext("fact", "Capacity area")}
    competency_id: int
    fields: tuple[str, ...]


class CompetencyActivated(Event):
    """`active` False: not offered any more; it stays where it is used."""

    name = "competency.activated"
    said = lazy_pgettext("event", "Competency retired or reinstated")
    competency_id: int
    active: bool


class CompetenciesMerged(Event):
    """What pointed at the merged one points at the kept one, but for what says how things were."""

    name = "competency.merged"
    said = lazy_pgettext("event", "Competencies merged")
    ids_of = "competency"
    kept_id: int
    merged_id: int


class CompetencyRemoved(Event):
    """Nothing used it, and nothing ever had."""

    name = "competency.removed"
    said = lazy_pgettext("event", "Competency deleted")
    competency_id: int
