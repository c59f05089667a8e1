"""Many new rows of a table in one go, as the driver takes them: they cost little more than the database needs."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from app.core.db import Base, UtcDateTime, db


class NewRows:
    """Rows of a model with the same `columns`; each is made ready as it is added, before anything is locked."""

    def __init__(self, model: type[Base], columns: Sequence[str]) -> None:
        table: Any = model.__table__
        dialect = db.engine.dialect
        self._values = itemgetter(*columns)
        binders = [(at, _binder(table.c[name].type, dialect)) for at, name in enumerate(columns)]
        self._binders = [(at, bind) for at, bind in binders if bind is not None]
        plain = sa.table(table.name, *(sa.column(name) for name in columns))
        self._statement = str(sa.insert(plain).compile(dialect=dialect))
        self._names = () if dialect.positional else tuple(columns)
        self._rows: list[Any] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: Mapping[str, Any]) -> None:
        values = [*self._values(row)]
        for at, bind in self._binders:
            values[at] = bind(values[at])
        self._rows.append(dict(zip(self._names, values, strict=True)) if self._names else tuple(values))

    def insert(self) -> None:
        if self._rows:
            db.session.connection().exec_driver_sql(self._statement, self._rows)


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
