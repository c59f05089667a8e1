"""Doors that close for a while after too many failures: one for each account, one for each address.

Kept in the database, so that all workers share it and a restart forgets nothing. A count is a trace:
it is written whatever the answer.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.access.models import Throttle
from app.access.sign_in.queries import throttle
from app.access.sign_in.secrets import digest
from app.core.afterwards import afterwards
from app.core.clock import now
from app.core.db import db
from app.core.errors import TooOften

WINDOW = timedelta(minutes=10)


def key_of(kind: str, value: str) -> str:
    """`account:…` or `address:…`, the value hashed: nobody's address is stored here."""
    return f"{kind}:{digest(value)[:40]}"


def check(*keys: str) -> None:
    """Raise TooOften while any of these doors is closed."""
    moment = now()
    for key in keys:
        found = throttle(key)
        if found is not None and found.closed_until is not None and found.closed_until > moment:
            raise TooOften(int((found.closed_until - moment).total_seconds()) + 1)


def failed(key: str, *, free: int, growing: bool = True) -> None:
    """Count a failure. After `free` of them the door closes: growing from 2 s to 15 min, else for the window."""

    def count() -> None:
        moment = now()
        found = throttle(key)
        if found is None:
            found = Throttle(key=key, failures=0, since=moment)
            db.session.add(found)
        elif found.since < moment - WINDOW and (found.closed_until is None or found.closed_until < moment):
            if growing and found.failures > free:
                # counted again below: whoever was slowed down comes back as slow, not free
                found.failures = max(free, found.failures - 1)
            else:
                found.failures = 0
            found.since = moment
        found.failures += 1
        if found.failures >= free:
            seconds = min(900, 2 ** (found.failures - free + 1)) if growing else int(WINDOW.total_seconds())
            found.closed_until = moment + timedelta(seconds=seconds)

    afterwards(count)


def succeeded(key: str) -> None:
    """The right person came: the count starts anew."""
    db.session.execute(sa.delete(Throttle).where(Throttle.key == key))


def forget_old() -> None:
    """Drop counters nobody needs any more; called by the sweep."""
    db.session.execute(
        sa.delete(Throttle).where(
            Throttle.since < now() - timedelta(days=1),
            sa.or_(Throttle.closed_until.is_(None), Throttle.closed_until < now()),
        )
    )
