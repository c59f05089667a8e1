from __future__ import annotations

import sqlalchemy as sa

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.mail import queries, rules
from app.mail.events import AddressDeclared, MessageCancelled, MessageResent, MessageToldOtherwise
from app.post import services as post
from app.post.models import Message, MessageStatus
from app.post.queries import by_occasion
from app.post.services import Place


def cancel(message: Message, *, by: Actor) -> None:
    """Refused where it is being sent at this moment."""
    waits = sa.and_(Message.id == message.id, Message.status == MessageStatus.QUEUED, Message.claimed_at.is_(None))
    gone = db.session.execute(sa.update(Message).where(waits).values(status=MessageStatus.CANCELLED))
    if not gone.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        raise Refused(lazy_gettext("The message does not wait any more."))
    journal.record(MessageCancelled(message.id), by=by)


def resend(message: Message, *, by: Actor) -> Message:
    """The same once more, to the address its reader has now, for an occasion of its own."""
    if not rules.may_resend(message, now()):
        raise Refused(lazy_gettext("This message cannot be sent again."))
    occasion = rules.again(message.occasion, lambda name: by_occasion(name) is not None)
    post.enqueue(
        occasion,
        queries.address_now(message),
        message.language,
        message.subject,
        message.body,
        calendar=message.calendar,
        calendar_method=message.calendar_method,
        not_after=message.not_after,
        link=(message.link_kind, message.link_id) if message.link_kind and message.link_id is not None else None,
        place=Place(message.province_id, message.organisation_id),
        private=message.private,
    )
    made = by_occasion(occasion)
    if made is None:
        raise Refused(lazy_gettext("This message cannot be sent again."))
    message.settled_at = now()
    journal.record(MessageResent(message.id, made.id), by=by)
    return made


def settle(message: Message, *, by: Actor) -> None:
    """Somebody told it by phone or in person."""
    if message.status is not MessageStatus.FAILED:
        raise Refused(lazy_gettext("Only a message that failed is told otherwise."))
    if message.settled_at is None:
        message.settled_at = now()
        journal.record(MessageToldOtherwise(message.id), by=by)


def declare(message: Message, valid: bool, *, by: Actor) -> None:
    """Of the address it went to."""
    (post.declare_valid if valid else post.declare_invalid)(message.to_address)
    journal.record(AddressDeclared(message.id, valid), by=by)
