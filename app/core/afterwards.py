"""What must be remembered whatever the answer: done in one short transaction after the request's own.

The edge (`web.edge.transaction`) opens a list for each request and settles it; outside a request there is no
list and a task runs at once, in the transaction that is open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

Task = Callable[[], None]


@dataclass(frozen=True)
class Afterwards:
    task: Task
    required: bool


_pending: ContextVar[list[Afterwards] | None] = ContextVar("afterwards", default=None)


def afterwards(task: Task, *, required: bool = False) -> None:
    """Do `task` once the request's transaction is settled. `required`: without it the answer may not leave."""
    pending = _pending.get()
    if pending is None:
        task()
    else:
        pending.append(Afterwards(task, required))


def opened(pending: Sequence[Afterwards] = ()) -> None:
    """A request begins, nothing is pending; or it begins anew from where only this was."""
    _pending.set(list(pending))


def waiting() -> tuple[Afterwards, ...]:
    """What is pending so far."""
    return tuple(_pending.get() or ())


def taken() -> list[Afterwards]:
    """Everything that is pending, which is then no longer pending."""
    pending = _pending.get() or []
    _pending.set(None)
    return pending
