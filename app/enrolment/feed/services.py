"""A person's own calendar address: made, renewed, taken back."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.models import User
from app.access.scope import within
from app.access.sign_in import secrets
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.enrolment.events import CalendarFeedMade, CalendarFeedRevoked
from app.enrolment.feed.queries import feed_of
from app.enrolment.models import CalendarFeed


def make(user_id: int, *, by: Actor) -> str:
    """A new address' token, shown once; an earlier address of theirs stops working."""
    _drop(user_id)
    token = secrets.token()
    db.session.add(CalendarFeed(user_id=user_id, token_hash=secrets.digest(token)))
    journal.record(CalendarFeedMade(user_id), by=by)
    return token


def revoke(user_id: int, *, by: Actor) -> None:
    """Their address stops working."""
    if feed_of(user_id) is not None:
        _drop(user_id)
        journal.record(CalendarFeedRevoked(user_id), by=by)


def _drop(user_id: int) -> None:
    db.session.execute(
        within(User).trusting(sa.delete(CalendarFeed).where(CalendarFeed.user_id == user_id), CalendarFeed)
    )
