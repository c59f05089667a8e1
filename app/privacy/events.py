from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class OwnDataSeen(Event):
    """`file`: taken along (json, pdf), or looked at ("")."""

    name = "privacy.own_data_seen"
    said = lazy_pgettext("event", "Own data seen")
    words = {"file": lazy_pgettext("fact", "File")}
    user_id: int
    file: str


class DataRequested(Event):
    name = "privacy.requested"
    said = lazy_pgettext("event", "Data request made")
    words = {"request_id": lazy_pgettext("fact", "Request no.")}
    request_id: int
    kind: str


class DataRequestAnswered(Event):
    name = "privacy.answered"
    said = lazy_pgettext("event", "Data request answered")
    request_id: int
