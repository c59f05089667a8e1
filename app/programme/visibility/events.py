from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class StrategyChanged(Event):
    name = "strategy.changed"
    said = lazy_pgettext("event", "Visibility strategy changed")
    words = {
        "valid_from": lazy_pgettext("fact", "Valid from"),
        "review_on": lazy_pgettext("fact", "Review date"),
        "goals_tr": lazy_pgettext("fact", "Goals in Turkish"),
        "goals_en": lazy_pgettext("fact", "Goals in English"),
        "audiences_tr": lazy_pgettext("fact", "Audiences in Turkish"),
        "audiences_en": lazy_pgettext("fact", "Audiences in English"),
        "messages_tr": lazy_pgettext("fact", "Messages in Turkish"),
        "messages_en": lazy_pgettext("fact", "Messages in English"),
        "channels_tr": lazy_pgettext("fact", "Channels in Turkish"),
        "channels_en": lazy_pgettext("fact", "Channels in English"),
        "rules_tr": lazy_pgettext("fact", "Rules in Turkish"),
        "rules_en": lazy_pgettext("fact", "Rules in English"),
        "file_id": lazy_pgettext("fact", "File"),
    }
    programme_document_id: int
    fields: tuple[str, ...]


class ActivityAdded(Event):
    name = "activity.added"
    said = lazy_pgettext("event", "Visibility activity added")
    words = {"activity_id": lazy_pgettext("fact", "Visibility activity")}
    activity_id: int
    province_id: int


class ActivityChanged(Event):
    name = "activity.changed"
    said = lazy_pgettext("event", "Visibility activity changed")
    words = {
        "reach": lazy_pgettext("fact", "Reach"),
        "reach_source": lazy_pgettext("fact", "Source of the reach"),
        "approval": lazy_pgettext("fact", "Donor approval"),
        "approval_day": lazy_pgettext("fact", "Day of the approval"),
    }
    activity_id: int
    fields: tuple[str, ...]


class ChecklistAnswered(Event):
    """Which items were answered anew, and how many of all are settled now."""

    name = "checklist.answered"
    said = lazy_pgettext("event", "Visibility checklist answered")
    words = {"items": lazy_pgettext("fact", "Items"), "settled": lazy_pgettext("fact", "Settled")}
    items: tuple[str, ...]
    settled: int
    course_session_id: int | None = None
    meeting_id: int | None = None
    activity_id: int | None = None
