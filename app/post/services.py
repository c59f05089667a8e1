"""The outbox: what is to be sent is a row of the transaction that caused it; sending follows, from the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from app.core.clock import now
from app.core.db import db
from app.post import links
from app.post.delivery import Carrier
from app.post.models import Message, MessageStatus
from app.post.queries import begins

log = structlog.get_logger()
MOST_ATTEMPTS = 10
AT_ONCE = 200  # then the other tasks of the worker have their turn
CLAIMED_FOR = timedelta(minutes=5)  # far longer than a carrier waits for a server (`delivery.SECONDS`)
SETTLES_IN = timedelta(minutes=2)
"""How long a notice of a change waits for the next one: whoever takes out a day takes out its sittings one by one."""


@dataclass(frozen=True)
class Place:
    """Whose message it is: who answers for this province, and for this institution, sees it. None: nobody of them."""

    province_id: int | None = None
    organisation_id: int | None = None


def enqueue(
    occasion: str,
    to_address: str,
    language: str,
    subject: str,
    body: str,
    *,
    calendar: bytes | None = None,
    calendar_method: str | None = None,
    settles: bool = False,
    not_after: datetime | None = None,
    link: tuple[str, int] | None = None,
    place: Place | None = None,
    private: bool = False,
) -> None:
    """Put a message into the outbox, once for each occasion (`invite:enrolment:7:v2`).

    Without an address nothing: whoever has something to say sees to it that somebody says it otherwise.

    `settles`: it waits for a moment, for the next may say all it does and take its place (`cancel_waiting`).
    `not_after`: what has not left by then is not sent any more. `link`: the kind and the id of the link that is put in
    the place of `links.LINK` while it is sent (`on_link`). `private`: nobody reads the body later.
    """
    if not to_address:
        log.warning("nobody to write to", occasion=occasion)
        return
    if db.session.scalar(sa.select(Message.id).where(Message.occasion == occasion)) is not None:
        return
    db.session.add(
        Message(
            occasion=occasion,
            to_address=to_address,
            language=language,
            subject=" ".join(subject.split())[:250],  # a line break would begin another header
            body=body,
            calendar=calendar,
            calendar_method=calendar_method,
            not_before=now() + SETTLES_IN if settles else None,
            not_after=not_after,
            link_kind=link[0] if link else None,
            link_id=link[1] if link else None,
            province_id=place.province_id if place else None,
            organisation_id=place.organisation_id if place else None,
            private=private,
        )
    )
    db.session.flush()


def cancel_waiting(prefix: str, *, but: str = "") -> None:
    """Nothing is sent any more of what still waits under occasions that begin so."""
    db.session.execute(
        sa.update(Message)
        .where(
            begins(prefix),
            Message.occasion != but,
            Message.status == MessageStatus.QUEUED,
        )
        .values(status=MessageStatus.CANCELLED)
    )


def cancel_about(thing: str) -> None:
    """Nothing is sent any more of what still waits about a thing (`:enrolment:7:`), whatever the occasion."""
    waits = sa.and_(Message.status == MessageStatus.QUEUED, Message.occasion.contains(thing, autoescape=True))
    db.session.execute(sa.update(Message).where(waits).values(status=MessageStatus.CANCELLED))


def deliver_waiting(carrier: Carrier) -> int:
    """Send what waits, oldest first: how many went out. For the worker; commits after each message.

    Each attempt is claimed before it is made and marked sent after it, each in a transaction of its own: a crash in
    between sends that one message again, a few minutes later, and no other. A message that fails stays and is tried
    again; others go on.
    """
    db.session.rollback()
    waiting = db.session.scalars(sa.select(Message.id).where(_free()).order_by(Message.id).limit(AT_ONCE)).all()
    db.session.rollback()
    return sum(_deliver(message_id, carrier) for message_id in waiting)


def _free() -> sa.ColumnElement[bool]:
    """Waits, may go, and nobody is sending it: whoever claimed it long ago is gone."""
    gone = sa.or_(Message.claimed_at.is_(None), Message.claimed_at < now() - CLAIMED_FOR)
    due = sa.or_(Message.not_before.is_(None), Message.not_before <= now())
    return sa.and_(Message.status == MessageStatus.QUEUED, due, gone)


def _deliver(message_id: int, carrier: Carrier) -> bool:
    claimed = db.session.execute(
        sa.update(Message)
        .where(Message.id == message_id, _free())
        .values(attempts=Message.attempts + 1, claimed_at=now())
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    if not claimed.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        return False
    message = db.session.get_one(Message, message_id)
    # what was read stays readable, and is not written: the carrier begins no transaction by looking at it
    db.session.expunge(message)
    if not _linked(message):
        db.session.rollback()
        _mark(message_id, MessageStatus.CANCELLED)
        return False
    db.session.commit()  # no lock is held while the carrier works
    try:
        carrier(message)
    except Exception as error:  # whatever a carrier meets, the other messages go on
        log.warning("mail not sent", message=message_id, error=type(error).__name__)
        _mark(message_id, MessageStatus.FAILED if message.attempts >= MOST_ATTEMPTS else MessageStatus.QUEUED)
        return False
    _mark(message_id, MessageStatus.SENT)
    return True


def _linked(message: Message) -> bool:
    """Put in the link, if there is to be one. False: it would lead nowhere."""
    if message.link_kind is None or message.link_id is None:
        return True
    address = links.made(message.link_kind, message.link_id)
    message.body = message.body.replace(links.LINK, address)
    return bool(address)


def _mark(message_id: int, status: MessageStatus) -> None:
    values: dict[str, object] = {"status": status, "claimed_at": None}
    if status is MessageStatus.SENT:
        values["sent_at"] = now()
    db.session.execute(sa.update(Message).where(Message.id == message_id).values(**values))
    db.session.commit()
