from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class MessageCancelled(Event):
    name = "message.cancelled"
    said = lazy_pgettext("event", "Message cancelled")
    words = {"message_id": lazy_pgettext("fact", "Message")}
    message_id: int


class MessageResent(Event):
    name = "message.resent"
    said = lazy_pgettext("event", "Message sent again")
    words = {"again_id": lazy_pgettext("fact", "New message")}
    message_id: int
    again_id: int


class MessageToldOtherwise(Event):
    """By phone or in person, for no mail arrived."""

    name = "message.told_otherwise"
    said = lazy_pgettext("event", "Told otherwise")
    message_id: int


class AddressDeclared(Event):
    """The address a message went to. `valid` False: nothing is sent there any more."""

    name = "message.address_declared"
    said = lazy_pgettext("event", "Address declared valid or invalid")
    words = {"valid": lazy_pgettext("fact", "Valid")}
    message_id: int
    valid: bool
