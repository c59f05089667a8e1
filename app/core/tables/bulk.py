"""Many new rows of a table in one go, as the driver takes them: they cost little more than the database needs."""

from __future__ import annotations

import gc
import marshal
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from app.core.db import Base, UtcDateTime, db

PACKED = 1_000


class NewRows:
    """Rows of a model with the same `columns`; each is made ready as it is added, before anything is locked.

    `common`: what all of them have alike. The rows of a `long` list, of texts and numbers alone, are held packed, in
    less than half the memory; they are gone once they are inserted.
    """

    def __init__(
        self, model: type[Base], columns: Sequence[str], common: Mapping[str, Any] | None = None, *, long: bool = False
    ) -> None:
        table: Any = model.__table__
        dialect = db.engine.dialect
        binds = {name: _binder(table.c[name].type, dialect) for name in (*columns, *(common or ()))}
        self._values = itemgetter(*columns)
        self._binders = [(at, bind) for at, name in enumerate(columns) if (bind := binds[name]) is not None]
        alike = {name: bind(value) if (bind := binds[name]) else value for name, value in (common or {}).items()}
        plain = sa.table(table.name, *map(sa.column, binds))
        self._statement = str(sa.insert(plain).compile(dialect=dialect))
        self._names = None if dialect.positional else tuple(binds)
        self._common, self._long, self._number = tuple(alike.values()), long, 0
        self._packed: deque[bytes] = deque()
        self._rows: list[tuple[Any, ...]] = []

    def __len__(self) -> int:
        return self._number

    def add(self, row: Mapping[str, Any]) -> None:
        values = [*self._values(row)]
        for at, bind in self._binders:
            values[at] = bind(values[at])
        self._rows.append(tuple(values))
        self._number += 1
        if self._long and len(self._rows) == PACKED:
            self._packed.append(marshal.dumps(self._rows))
            self._rows = []

    def insert(self) -> None:
        run = db.session.connection().exec_driver_sql
        for some in self._taken():
            rows = [values + self._common for values in some] if self._common else some
            run(self._statement, [dict(zip(self._names, row, strict=True)) for row in rows] if self._names else rows)

    def _taken(self) -> Iterator[list[tuple[Any, ...]]]:
        """All there are, part by part; each is no longer held."""
        while self._packed:
            yield marshal.loads(self._packed.popleft())  # noqa: S302  # of this process, written above
        rows, self._rows = self._rows, []
        if rows:
            yield rows


def _binder(kind: Any, dialect: Any) -> Callable[[Any], Any] | None:
    """Makes of a value what the driver takes; None where it takes it as it is."""
    bind: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    few = isinstance(kind, sa.Enum | sa.Boolean | UtcDateTime)  # many rows have one value of these in common
    return lru_cache(64)(bind) if bind is not None and few else bind


@contextmanager
def uncollected() -> Iterator[None]:
    """Rows hold no circles: looking for some while a hundred thousand are made takes a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
