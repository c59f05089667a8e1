"""Whether anything has changed since something was counted: every change leaves an entry in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.audit.models import AuditEntry
from app.core.db import db

K = TypeVar("K")
T = TypeVar("T")
MOST = 32
"""So many of each kind: what an analysis says of a group takes some 70 kilobytes."""


class settled(FunctionElement[bool]):  # noqa: N801 it is written like a function of SQL
    """Whether nobody writes meanwhile. PostgreSQL gives numbers before what has them is committed: while anybody
    writes, a lower one than the newest may still come, and what was counted until then is not to be kept.
    """

    type = sa.Boolean()
    inherit_cache = True


@compiles(settled, "sqlite")
def _on_sqlite(element: settled, compiler: Any, **options: Any) -> str:
    return "1"  # whoever reads sees all that was written, or nothing of it


@compiles(settled, "postgresql")
def _on_postgresql(element: settled, compiler: Any, **options: Any) -> str:
    return "pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot())"


def newest(*events: str) -> tuple[sa.ScalarSelect[Any], sa.ScalarSelect[Any]]:
    """Number and time of the newest entry, or of the newest of these events: the number alone may be given twice, after
    one that came to nothing and in a database that was restored.
    """
    if events:  # the newest of each stands at the end of an index, the newest of several does not
        of_each = (sa.select(sa.func.max(AuditEntry.id).label("id")).where(AuditEntry.event == name) for name in events)
        number = sa.select(sa.func.max(sa.union_all(*of_each).subquery().c.id)).scalar_subquery()
    else:
        number = sa.select(sa.func.max(AuditEntry.id)).scalar_subquery()
    return number, sa.select(AuditEntry.at).where(AuditEntry.id == number).scalar_subquery()


def state(*events: str, models: Iterable[Any] = ()) -> sa.Subquery:
    """One row: whether it is `settled`, and numbers of which one is another after any of these events (none named: any
    at all) and after a row was added to one of these tables.
    """
    added = (sa.select(sa.func.max(model.id)).scalar_subquery() for model in models)
    return sa.select(settled().label("settled"), *newest(*events), *added).subquery()


class Kept(WeakKeyDictionary[Any, dict[K, tuple[Any, T]]], Generic[K, T]):
    """What this process counted last, of `MOST` keys, by the pool of connections, which is made anew with
    every other database.
    """

    def counted(self, key: K, log: Iterable[Any], count: Callable[[], T]) -> T:
        """What was counted when the `log` (a row of `state`) was the same; else what `count` says now, kept where that
        is settled.
        """
        settled, *state = log
        memory = self.setdefault(db.engine.pool, {})
        known = memory.get(key)
        if known is None or known[0] != state:
            known = (state, count())
            memory.pop(key, None)
            if settled:
                memory[key] = known
            for oldest in list(memory)[:-MOST]:
                memory.pop(oldest, None)
        return known[1]
