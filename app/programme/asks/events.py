from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class AskMade(Event):
    """`asked` names what asks: "finding-7"."""

    name = "programme.asked"
    said = lazy_pgettext("event", "Competency asked for by the programme")
    asked: str
    competency_id: int


class AskWithdrawn(Event):
    name = "programme.ask_withdrawn"
    said = lazy_pgettext("event", "Request for a competency withdrawn")
    asked: str
    competency_id: int


class AskLinked(Event):
    """`linked` False: the row it led to is gone."""

    name = "programme.ask_linked"
    said = lazy_pgettext("event", "Request for a competency linked with a plan row")
    words = {"linked": lazy_pgettext("fact", "Linked")}
    asked: str
    plan_item_id: int
    linked: bool = True
