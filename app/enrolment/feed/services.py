"""A person's own calendar addresses: made, taken back."""

from __future__ import annotations

from app.access.sign_in import secrets
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.events import CalendarFeedMade, CalendarFeedRevoked
from app.enrolment.feed.queries import feeds_of
from app.enrolment.models import CalendarFeed
from app.language import lazy_gettext

MOST = 10
"""Addresses of one person: a phone, a computer, and those of before."""


def make(user_id: int, name: str, *, by: Actor) -> str:
    """A new address' token, shown once; earlier ones go on working."""
    if len(feeds_of(user_id)) >= MOST:
        raise Refused(lazy_gettext("You have %(num)s calendar addresses. Switch off one you no longer use.", num=MOST))
    token = secrets.token()
    db.session.add(CalendarFeed(user_id=user_id, name=name, token_hash=secrets.digest(token)))
    journal.record(CalendarFeedMade(user_id), by=by)
    return token


def revoke(feed: CalendarFeed, *, by: Actor) -> None:
    """It stops working; the others go on."""
    db.session.delete(feed)
    journal.record(CalendarFeedRevoked(feed.user_id), by=by)
