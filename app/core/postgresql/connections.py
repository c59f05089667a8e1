"""Connections that wait no longer than they are told.

A server that is frozen ends no statement, whatever its own limits say, and its kernel goes on acknowledging what is
sent. So whoever waits for it looks at the clock, too, and shuts the connection.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.abc import PQGen

from app.core.postgresql import in_vain

T = TypeVar("T")
SLACK = 0.3
"""Seconds over the server's own limit: what it says itself says more."""
AGAIN = 0.5
"""Seconds a request that waited in vain once waits for anything else, the page that says so included."""
TOOK_TOO_LONG = (errors.QueryCanceled, errors.LockNotAvailable, errors.ConnectionTimeout)


def noticed(error: BaseException | None) -> None:
    """What went wrong: that something took too long is remembered until the request has its answer."""
    if in_vain.get() is False and isinstance(error, TOOK_TOO_LONG):
        in_vain.set(True)


class Connection(psycopg.Connection[Any]):
    """`patience`: seconds until a statement must have been answered, None for ever; `usual`: what a transaction begins
    with.
    """

    usual: float | None = None
    patience: float | None = 3.0  # until `core.db.limit` says

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        patience = self.patience if timeout is None else timeout
        if in_vain.get():
            patience = AGAIN
        try:
            return super().wait(gen, interval, patience)
        except errors._WaitTimeout:
            self.pgconn.finish()  # nothing that comes after this is an answer to what is asked next
            gone = errors.ConnectionTimeout("the server does not answer")
            noticed(gone)
            raise gone from None


def connect(_dialect: Any, _record: Any, words: Any, settings: Any) -> Connection:
    """A connection, unless this request has waited in vain already."""
    if in_vain.get():
        raise errors.ConnectionTimeout("the server did not answer a moment ago")
    return Connection.connect(*words, **settings)
