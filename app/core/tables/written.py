"""Statements that are written once: it takes longer to write them than to answer them.

What such a statement asks of the clock (or of the settings) is read each time it is carried out: `NOW`, `TODAY`,
`WALL`, `in_days`, `read_late`. While it is written clock and settings refuse to be read, so that nothing of the moment
can be kept in it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa

from app.core import clock
from app.core.db import UtcDateTime
from app.core.hooks import Hook

P = ParamSpec("P")
T = TypeVar("T")
KEPT = 32
"""So many of each kind: a handful of scopes are at work at once, and the long ones take some hundred kilobytes."""
_WRITTEN: Hook[dict[Any, Any]] = Hook("written", dict)


def written_once(write: Callable[P, T]) -> Callable[P, T]:
    """What `write` says of the same (hashable) arguments, kept on the application: it asks nothing else, neither the
    clock nor the caller, their language or the settings.
    """

    @wraps(write)
    def still(*args: P.args, **named: P.kwargs) -> T:
        with clock.standing_still():
            return write(*args, **named)

    @wraps(write)
    def kept(*args: P.args, **named: P.kwargs) -> T:
        here = _WRITTEN.here
        if write not in here:
            here[write] = lru_cache(maxsize=KEPT)(still)
        found: T = here[write](*args, **named)
        return found

    return kept


def read_late(name: str, read: Callable[[], Any], kind: Any) -> sa.BindParameter[Any]:
    """A value that is read when the statement is carried out; the same name always reads the same."""
    return sa.bindparam(name, callable_=read, type_=kind)


def _wall() -> time:
    return clock.local(clock.now()).time().replace(microsecond=0)


NOW: sa.BindParameter[datetime] = read_late("now", clock.now, UtcDateTime())
TODAY: sa.BindParameter[date] = read_late("today", clock.today, sa.Date())
WALL: sa.BindParameter[time] = read_late("wall", _wall, sa.Time())
"""The time of day, in whole seconds."""


@cache
def in_days(number: int) -> sa.BindParameter[date]:
    """The date so many days from today."""
    name = f"in_{number}_days".replace("-", "minus_")
    return read_late(name, lambda: clock.today() + timedelta(days=number), sa.Date())
