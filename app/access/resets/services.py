"""A request only stores what was typed: whether there is such an account is asked by the worker, so that neither the
answer nor how long it takes tells.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.access.events import ResetMailed
from app.access.models import ResetRequest, User
from app.access.queries import place_of
from app.access.rules import plain_email
from app.access.scope import EVERYWHERE
from app.access.sign_in import throttling
from app.access.sign_in.queries import user_by_email
from app.access.sign_in.services import make_link
from app.audit import journal
from app.core.clock import now
from app.core.db import db
from app.language import force_locale
from app.post import letters, links
from app.post.addresses import public_address
from app.post.models import Message
from app.post.queries import begins
from app.post.services import enqueue

LINK_KIND = "reset"
LINK_FOR = timedelta(minutes=30)
MOST_MAILS, IN = 3, timedelta(hours=1)


def ask(typed: str, address: str) -> None:
    """Somebody asks, from this address: as often as a whole town hall may, then for a while not."""
    key = throttling.key_of("reset", address)
    throttling.check(key)
    throttling.failed(key, free=50, growing=False)
    db.session.add(ResetRequest(email=plain_email(typed)))


def somebody_waits() -> bool:
    return db.session.scalar(EVERYWHERE.select(ResetRequest).limit(1)) is not None  # nobody's yet


def answer_waiting() -> None:
    """Put a letter into the outbox for each account that was asked for. For the worker; the caller commits."""
    waiting = db.session.scalars(EVERYWHERE.select(ResetRequest).limit(200)).all()  # nobody's yet
    for email in sorted({each.email for each in waiting}):
        user = user_by_email(email) if email else None
        if user is not None and user.active:
            _write_to(user)
    gone = sa.delete(ResetRequest).where(ResetRequest.id.in_([each.id for each in waiting]))
    db.session.execute(EVERYWHERE.trusting(gone, ResetRequest))  # those just answered


def _write_to(user: User) -> None:
    occasion, moment = f"reset:user:{user.id}:", now()
    earlier = sa.select(sa.func.count(Message.id)).where(begins(occasion), Message.created_at > moment - IN)
    if (db.session.scalar(earlier) or 0) >= MOST_MAILS:
        return
    with force_locale(user.language):
        subject, body = letters.write("access/resets/mail/reset.txt", name=user.name, link=links.LINK)
    enqueue(
        occasion + moment.isoformat(),
        user.email,
        user.language,
        subject,
        body,
        place=place_of(user),
        link=(LINK_KIND, user.id),
        private=True,
        not_after=moment + IN,
    )
    journal.trace(ResetMailed(user.id), by=journal.SYSTEM)


def link_for(user_id: int) -> str:
    """The address of a fresh link, made while its letter leaves; "" for whoever may not sign in any more."""
    user = EVERYWHERE.get(User, user_id)  # the letter is to them
    if not user.active:
        return ""
    return public_address("sign_in.show_welcome", token=make_link(user, lasts=LINK_FOR))
