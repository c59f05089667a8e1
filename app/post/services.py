"""The outbox: what is to be sent is a row of the transaction that caused it; sending follows, from the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from app.core.clock import now
from app.core.db import db, reading
from app.post import links, occasions, queries
from app.post.delivery import Carrier, NotHandedOver
from app.post.models import Fault, InvalidAddress, Message, MessageStatus
from app.post.queries import begins

log = structlog.get_logger()
DELAYS = [timedelta(minutes=n) for n in (1, 2, 5, 10, 20, 40, 60, 120, *[240] * 12)]
"""How long a message rests after each try that failed: two days and some hours in all, then it counts as failed."""
AT_ONCE = 200  # then the other tasks of the worker have their turn
AT_ONCE_FOR = timedelta(minutes=1)
RATE_OVER = timedelta(minutes=1)
FINAL = (Fault.ADDRESS, Fault.REFUSED)
NO_SERVER = (Fault.UNREACHABLE, Fault.SIGN_IN, Fault.SENDER)
CLAIMED_FOR = timedelta(minutes=5)  # far longer than a carrier waits for a server (`delivery.SECONDS`)
SETTLES_IN = timedelta(minutes=2)
"""How long a notice of a change waits for the next one: whoever takes out a day takes out its sittings one by one."""


@dataclass(frozen=True)
class Place:
    """Whose message it is: who answers for this province, and for this institution, sees it. One of neither is seen by
    who runs the whole programme, and by nobody else.
    """

    province_id: int | None = None
    organisation_id: int | None = None


def enqueue(
    occasion: str,
    to_address: str,
    language: str,
    subject: str,
    body: str,
    *,
    place: Place,
    calendar: bytes | None = None,
    calendar_method: str | None = None,
    settles: bool = False,
    not_after: datetime | None = None,
    link: tuple[str, int] | None = None,
    private: bool = False,
) -> None:
    """Put a message into the outbox, once for each occasion (`invite:enrolment:7:v2`). Without an address nothing:
    whoever has something to say sees to it that somebody says it otherwise.

    `settles`: it waits for a moment, for the next may say all it does and take its place (`cancel_waiting`).
    `not_after`: what has not left by then is not sent any more. `link`: the kind and the id of the link that is put in
    the place of `links.LINK` while it is sent (`on_link`). `private`: nobody reads the body later.
    """
    if not to_address:
        log.warning("nobody to write to", occasion=occasion)
        return
    if queries.by_occasion(occasion) is not None:
        return
    row = Message(occasion=occasion, to_address=to_address, language=language, body=body, private=private)
    row.subject = " ".join(subject.split())[:250]  # a line break would begin another header
    row.calendar, row.calendar_method = calendar, calendar_method
    row.not_before, row.not_after = now() + SETTLES_IN if settles else None, not_after
    row.link_kind, row.link_id = link or (None, None)
    row.province_id, row.organisation_id = astuple(place)
    for name, value in _known_invalid(to_address).items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.flush()


def cancel_waiting(prefix: str, *, but: str = "") -> bool:
    """Nothing is sent any more of what still waits under occasions that begin so. Whether anything did."""
    cancelled: Any = db.session.execute(
        sa.update(Message)
        .where(
            begins(prefix),
            Message.occasion != but,
            Message.status == MessageStatus.QUEUED,
        )
        .values(status=MessageStatus.CANCELLED)
    )
    return bool(cancelled.rowcount)


def cancel_about(thing: str) -> None:
    """Nothing is sent any more of what still waits about a thing (`:enrolment:7:`), whatever the occasion."""
    waits = sa.and_(Message.status == MessageStatus.QUEUED, Message.occasion.contains(thing, autoescape=True))
    db.session.execute(sa.update(Message).where(waits).values(status=MessageStatus.CANCELLED))


# --- addresses that are invalid --------------------------------------------------------------------------


def declare_invalid(address: str, answer: str = "") -> None:
    """Nothing is sent to it any more; what waits has failed, so that somebody tells it otherwise."""
    if queries.invalid_address(address) is None:
        db.session.add(InvalidAddress(address=address.lower(), answer=answer))
    db.session.flush()
    waits = sa.and_(sa.func.lower(Message.to_address) == address.lower(), Message.status == MessageStatus.QUEUED)
    db.session.execute(sa.update(Message).where(waits).values(**_known_invalid(address)))


def declare_valid(address: str) -> None:
    """What is written from now on goes out again."""
    db.session.execute(sa.delete(InvalidAddress).where(InvalidAddress.address == address.lower()))


def _known_invalid(address: str) -> dict[str, Any]:
    """What a message to it is, from the beginning: failed, if nothing arrives there."""
    known = queries.invalid_address(address)
    return {} if known is None else {"status": MessageStatus.FAILED, "fault": Fault.INVALID, "answer": known.answer}


# --- delivering -----------------------------------------------------------------------------------------


def deliver_waiting(carrier: Carrier, *, rate: int = 0) -> int:
    """Send what waits, oldest first: how many went out; at most `rate` a minute, if given. For the worker; commits
    after each message. What opens a door goes before all else: somebody stands before it.

    Each attempt is claimed before it is made and marked sent after it, each in a transaction of its own: a crash in
    between sends that one message again, a few minutes later, and no other. A message that fails stays and is tried
    again; others go on, unless there is no server to hand them to: then all of them rest.
    """
    db.session.rollback()
    with reading():  # an idle worker keeps nobody from writing
        nothing = db.session.scalar(sa.select(Message.id).where(sa.or_(_free(), _over())).limit(1)) is None
        db.session.rollback()
    if nothing:
        return 0
    _drop_past()
    in_turn = (Message.private.desc(), Message.not_after.is_(None), Message.id)
    waiting = db.session.scalars(sa.select(Message.id).where(_free()).order_by(*in_turn).limit(_room(rate))).all()
    db.session.rollback()
    sent, until = 0, now() + AT_ONCE_FOR
    for message_id in waiting:
        try:
            sent += _deliver(message_id, carrier)
        except NotHandedOver:
            break
        if now() > until:
            break
    if sent:
        _wake()
    return sent


def _room(rate: int) -> int:
    """How many may go out now."""
    if not rate:
        return AT_ONCE
    lately = sa.select(sa.func.count()).where(Message.tried_at > now() - RATE_OVER)
    return max(0, min(AT_ONCE, rate - (db.session.scalar(lately) or 0)))


def _drop_past() -> None:
    """A reminder whose day is gone helps nobody."""
    db.session.execute(sa.update(Message).where(_over()).values(status=MessageStatus.CANCELLED))
    db.session.commit()


def _over() -> sa.ColumnElement[bool]:
    """Waits, and begins to say what is past."""
    return sa.and_(Message.status == MessageStatus.QUEUED, Message.not_after <= now())


def _free() -> sa.ColumnElement[bool]:
    """Waits, may go, and nobody is sending it: whoever claimed it long ago is gone."""
    gone = sa.or_(Message.claimed_at.is_(None), Message.claimed_at < now() - CLAIMED_FOR)
    due = sa.or_(Message.not_before.is_(None), Message.not_before <= now())
    return sa.and_(Message.status == MessageStatus.QUEUED, due, gone)


def _deliver(message_id: int, carrier: Carrier) -> bool:
    """Whether it left. NotHandedOver where there is no server: no other will."""
    claimed = db.session.execute(
        sa.update(Message)
        .where(Message.id == message_id, _free())
        .values(attempts=Message.attempts + 1, claimed_at=now(), tried_at=now())
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    if not claimed.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        return False
    message = db.session.get_one(Message, message_id)
    # what was read stays readable, and is not written: the carrier begins no transaction by looking at it
    db.session.expunge(message)
    try:
        if not (_written(message) and _linked(message)):
            _mark(message_id, MessageStatus.CANCELLED)
            return False
        db.session.commit()  # no lock is held while the carrier works
        carrier(message)
    except NotHandedOver as error:
        _failed(message, error)
        if error.fault in NO_SERVER:
            raise
        return False
    except Exception as error:  # whatever a carrier meets, the other messages go on
        _failed(message, NotHandedOver(Fault.OTHER, type(error).__name__))
        return False
    _mark(message_id, MessageStatus.SENT)
    return True


def _written(message: Message) -> bool:
    """Say how it stands now, where a room does so. False: there is nothing to say any more."""
    anew = occasions.LEAVING.here.get(occasions.kind_of(message.occasion))
    if anew is None:
        return True
    text = anew(message)
    if text is None:
        return False
    message.subject, message.body = text
    words = sa.update(Message).where(Message.id == message.id)
    db.session.execute(words.values(subject=message.subject, body=message.body))
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
        values |= {"sent_at": now(), "fault": None, "answer": ""}
    db.session.execute(sa.update(Message).where(Message.id == message_id).values(**values))
    db.session.commit()


def _failed(message: Message, error: NotHandedOver) -> None:
    """It rests, or has failed for good; where there is no server, the others that might go now rest as well."""
    db.session.rollback()
    fault = error.fault
    log.warning("mail not sent", message=message.id, fault=fault.value, attempt=message.attempts)
    mine = Message.id == message.id
    _rest(mine, error, {} if fault in FINAL else dict(enumerate(DELAYS, 1)))
    if fault in NO_SERVER:
        _rest(_free(), error, dict(enumerate(DELAYS)), attempts=Message.attempts + 1, tried_at=now())
    if fault is Fault.ADDRESS:
        declare_invalid(message.to_address, error.answer)
    db.session.commit()


def _rest(which: sa.ColumnElement[bool], error: NotHandedOver, delays: Mapping[int, timedelta], **more: Any) -> None:
    """After how many tries how long; after others not at all any more."""
    said = {"fault": error.fault, "answer": error.answer, "claimed_at": None, **more}
    tried = sa.update(Message).where(which).values(**said).execution_options(synchronize_session=False)
    for tries, delay in delays.items():
        db.session.execute(tried.where(Message.attempts == tries).values(not_before=now() + delay))
    db.session.execute(tried.where(Message.attempts.not_in(delays)).values(status=MessageStatus.FAILED))


def _wake() -> None:
    """There is a server again: whatever rested for want of one goes on."""
    rests = sa.and_(Message.status == MessageStatus.QUEUED, Message.fault.in_(NO_SERVER))
    db.session.execute(sa.update(Message).where(rests).values(not_before=None, fault=None))
    db.session.commit()


# --- what is past its time -----------------------------------------------------------------------------


def _past(before: datetime) -> sa.ColumnElement[bool]:
    """Letters that went, or never will, and still say to whom and what."""
    said = Message.body != sa.literal_column("''")  # as in the index of what still says something
    return sa.and_(Message.created_at < before, Message.status != MessageStatus.QUEUED, said)


def old_letters(before: datetime) -> sa.Select[Any]:
    return sa.select(Message.id).where(_past(before))


def forget_letters(before: datetime) -> int:
    """Blank whom they went to and what they said; that one was sent stays, so that nobody is told twice."""
    blank = {"to_address": "", "search_text": "", "subject": "", "body": "", "calendar": None}
    gone: Any = db.session.execute(sa.update(Message).where(_past(before)).values(**blank))
    return int(gone.rowcount)
