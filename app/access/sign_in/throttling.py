"""Doors that close for a while after too many failures: one for each account, one for each address.

Kept in the database, so that all workers share it and a restart forgets nothing. A count is a trace:
it is written whatever the answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.access.models import Throttle
from app.access.sign_in.queries import throttle
from app.access.sign_in.secrets import digest
from app.core.afterwards import afterwards
from app.core.clock import now
from app.core.db import db, insert_or_update
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
        failures = db.session.scalar(_counted(key, moment, free, growing)) or 1
        if failures >= free:
            seconds = min(900, 2 ** (failures - free + 1)) if growing else int(WINDOW.total_seconds())
            until = moment + timedelta(seconds=seconds)
            db.session.execute(sa.update(Throttle).where(Throttle.key == key).values(closed_until=until))

    afterwards(count)


def _counted(key: str, moment: datetime, free: int, growing: bool) -> Any:
    """One failure more, in one statement: of many at once each counts. It answers how many there are."""
    over = sa.and_(
        Throttle.since < moment - WINDOW, sa.or_(Throttle.closed_until.is_(None), Throttle.closed_until < moment)
    )
    # whoever was slowed down comes back as slow, not free
    again = sa.case((Throttle.failures > free, Throttle.failures), else_=1) if growing else sa.literal(1)
    return (
        insert_or_update(Throttle)
        .values(key=key, failures=1, since=moment)
        .on_conflict_do_update(
            index_elements=[Throttle.key],
            set_={
                "failures": sa.case((over, again), else_=Throttle.failures + 1),
                "since": sa.case((over, moment), else_=Throttle.since),
            },
        )
        .returning(Throttle.failures)
    )


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
