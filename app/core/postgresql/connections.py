"""Connections that wait no longer than they are told.

A server that is frozen ends no statement, whatever its own limits say, and its kernel goes on acknowledging what is
sent. So whoever waits for it looks at the clock, too, and shuts the connection.
"""

from __future__ import annotations

import select
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.abc import PQGen
from sqlalchemy.engine import Dialect

from app.core.postgresql import in_vain

T = TypeVar("T")
SLACK = 0.3
"""Seconds over the server's own limit: what it says itself says more."""
AGAIN = 0.5
"""Seconds a request that waited in vain once waits for anything else, the page that says so included."""
FRESH = 1.0
"""Seconds for which a connection that answered is taken to be there, where nothing says otherwise."""
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
    _heard = 0.0

    @property
    def fresh(self) -> bool:
        """Whether the server answered a moment ago and has said nothing since: its end makes the socket readable."""
        if monotonic() - self._heard > FRESH or self.closed:
            return False
        said = select.poll()
        said.register(self.fileno(), select.POLLIN)
        return not said.poll(0)

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        patience = self.patience if timeout is None else timeout
        if in_vain.get():
            patience = AGAIN
        try:
            answer = super().wait(gen, interval, patience)
        except errors._WaitTimeout:
            self.pgconn.finish()  # nothing that comes after this is an answer to what is asked next
            gone = errors.ConnectionTimeout("the server does not answer")
            noticed(gone)
            raise gone from None
        self._heard = monotonic()
        return answer


def ask_when_idle(dialect: Dialect) -> None:
    """The pool's question before each use, a round trip, is left out for a connection that is fresh: under load."""
    asked = dialect.do_ping
    setattr(dialect, "do_ping", lambda connection: connection.fresh or asked(connection))  # noqa: B010 a method of one object


class Servers:
    """Those one engine's address names: one as a rule, or one and its standby."""

    def __init__(self) -> None:
        self._answered = "", ""
        """Host and port of the one that did so last."""

    def connect(self, _dialect: Any, _record: Any, words: Any, settings: Any) -> Connection:
        """A connection, unless this request has waited in vain already."""
        if in_vain.get():
            raise errors.ConnectionTimeout("the server did not answer a moment ago")
        made = Connection.connect(*words, **self._in_turn(settings))
        self._answered = made.info.host, str(made.info.port)
        return made

    def _in_turn(self, settings: dict[str, Any]) -> dict[str, Any]:
        """First the one that answered last: another may be gone for hours, and every connection would wait for it."""
        hosts, ports = (str(settings.get(name) or "").split(",") for name in ("host", "port"))
        ports = ports * len(hosts) if len(ports) == 1 else ports
        if len(hosts) == 1 or len(ports) != len(hosts):
            return settings
        places = list(zip(hosts, ports, strict=True))
        places.sort(key=lambda place: (place[0], place[1] or "5432") != self._answered)
        return settings | {"host": ",".join(host for host, _ in places), "port": ",".join(port for _, port in places)}
