"""Many new rows of a table in one go, as the driver takes them: they cost little more than the database needs."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from app.core.db import Base, db


class NewRows:
    """Rows of a model with the same `columns`; each is made ready as it is added, before anything is locked."""

    def __init__(self, model: type[Base], columns: Sequence[str]) -> None:
        table: Any = model.__table__
        dialect = db.engine.dialect
        self._ready = [(name, _binder(table.c[name].type, dialect)) for name in columns]
        plain = sa.table(table.name, *(sa.column(name) for name in columns))
        self._statement = str(sa.insert(plain).compile(dialect=dialect))
        self._shape: Callable[[list[tuple[str, Any]]], Any] = _values if dialect.positional else dict
        self._rows: list[Any] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: Mapping[str, Any]) -> None:
        self._rows.append(self._shape([(name, bind(row[name])) for name, bind in self._ready]))

    def insert(self) -> None:
        if self._rows:
            db.session.connection().exec_driver_sql(self._statement, self._rows)


def _binder(kind: Any, dialect: Any) -> Callable[[Any], Any]:
    """Makes of a value what the driver takes."""
    return kind.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _values(pairs: list[tuple[str, Any]]) -> tuple[Any, ...]:
    return tuple([value for _, value in pairs])


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
