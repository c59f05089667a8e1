"""All rows of one database into another, empty one, of whichever kind; each table counted and compared.

Nobody else may be at work in the first meanwhile. The second has all rows or none: they are one transaction, which
ends well only where each table reads as it was read from the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.db import Base, said
from app.core.upgrades.migrations import head, loosened
from app.core.upgrades.stores import Store, shape, store, tables_of

CHUNK = 2_000
CHUNK_OF_FILES = 20
REVISION = "alembic_version"


class NotMoved(Exception):
    """It cannot be moved, or what arrived is not what left: one sentence."""


@dataclass
class Sum:
    """How many rows, and a digest of their values, whatever order they come in."""

    rows: int = 0
    digest: int = 0

    def add(self, rows: Sequence[sa.Row[Any]]) -> None:
        self.rows += len(rows)
        for row in rows:
            self.digest += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest())
        self.digest %= 1 << 256


def check_place(place: Store) -> None:
    """NotMoved where there is anything: only a database without tables, or a new one of this version, is filled."""
    if place.is_empty():
        return
    found = place.look(shape)
    if found.head != head():
        raise NotMoved(f"the other database is not empty, and its schema is at {found.head}, not {head()}")
    filled = [name for name, count in found.counts.items() if count and name != REVISION]
    if filled:
        raise NotMoved(f"the other database is not empty: there are rows in {', '.join(filled[:3])}")


# --- the first, held ------------------------------------------------------------------------------------


@contextmanager
def held(url: str) -> Iterator[sa.Connection]:
    """One moment of the first database; NotMoved where a service, or somebody by hand, has it open."""
    place = store(url)
    with place.engine().connect() as connection:
        (_alone_on_sqlite if place.kind == "sqlite" else _alone_on_postgresql)(connection)
        yield connection


def _alone_on_sqlite(connection: sa.Connection) -> None:
    """The file is locked for this connection alone, which fails as long as another one has it open."""
    try:
        for step in ("PRAGMA busy_timeout=3000", "PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE"):
            connection.exec_driver_sql(step)
    except sa.exc.OperationalError as error:
        raise NotMoved(f"somebody is at work in the database ({said(error)}): stop web and worker first") from error


def _alone_on_postgresql(connection: sa.Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    if connection.exec_driver_sql(others).scalar():
        raise NotMoved("somebody is at work in the database: stop web and worker first")


# --- the second, filled ---------------------------------------------------------------------------------


def move(source: sa.Connection, place: Store) -> dict[str, Sum]:
    """What each table came to. NotMoved, and no row in the second database, where anything differs."""
    tables = Base.metadata.sorted_tables
    unknown = tables_of(source) - {REVISION, *(table.name for table in tables)}
    if unknown:
        raise NotMoved(f"there are tables this program does not know: {', '.join(sorted(unknown))}")
    moved: dict[str, Sum] = {}
    with place.engine().connect() as target, loosened(target):
        if place.kind == "sqlite":
            target.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            with _keys_away(target):
                for table in tables:
                    moved[table.name] = _copied(table, source, target)
            for table in tables:
                _go_on(table, target)
                _compare(table, target, moved[table.name])
        except sa.exc.DBAPIError as error:
            raise NotMoved(f"{_last(moved, tables)} does not fit there: {said(error).split(' DETAIL')[0]}") from error
        target.commit()
        with target.begin():  # what the planner knows of the rows is not moved with them
            target.exec_driver_sql("ANALYZE")
    return moved


def _last(moved: dict[str, Sum], tables: Sequence[sa.Table]) -> str:
    return next((table.name for table in tables if table.name not in moved), "what the rows point at")


def _columns(table: sa.Table) -> list[sa.ColumnElement[Any]]:
    """JSON as the text it is: to Python, nothing and the `null` of JSON are the same."""
    return [sa.cast(c, sa.Text).label(c.name) if isinstance(c.type, sa.JSON) else c for c in table.columns]


def _chunks(table: sa.Table, connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    heavy = any(isinstance(column.type, sa.LargeBinary) for column in table.columns)
    asked = sa.select(*_columns(table)).order_by(*table.primary_key)
    with connection.execute(asked, execution_options={"yield_per": CHUNK_OF_FILES if heavy else CHUNK}) as found:
        yield from found.partitions()


def _copied(table: sa.Table, source: sa.Connection, target: sa.Connection) -> Sum:
    carried = [sa.column(c.name, None if isinstance(c.type, sa.JSON) else c.type) for c in table.columns]
    into, came = sa.insert(sa.table(table.name, *carried)), Sum()
    for rows in _chunks(table, source):
        came.add(rows)
        target.execute(into, [row._asdict() for row in rows])
    return came


def _compare(table: sa.Table, target: sa.Connection, left: Sum) -> None:
    arrived = Sum()
    for rows in _chunks(table, target):
        arrived.add(rows)
    if arrived.rows != left.rows:
        raise NotMoved(f"of {left.rows} rows of {table.name} {arrived.rows} arrived")
    if arrived != left:
        raise NotMoved(f"rows of {table.name} did not arrive as they left")


def _go_on(table: sa.Table, target: sa.Connection) -> None:
    """The next row of a table gets a number no row has."""
    key = table.autoincrement_column
    if key is None or target.dialect.name != "postgresql":
        return
    highest = target.scalar(sa.select(sa.func.max(key)))
    if highest is not None:
        target.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, key.name), highest)))


@contextmanager
def _keys_away(target: sa.Connection) -> Iterator[None]:
    """Rows may point at some that come later, and in circles: all are looked at once, at the end."""
    run: Callable[[str], Any] = target.exec_driver_sql
    if target.dialect.name == "sqlite":
        yield
        if orphan := run("PRAGMA foreign_key_check").first():
            raise NotMoved(f"rows of {orphan[0]} point at rows of {orphan[2]} that are not there")
        return
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        run(f"SET LOCAL {name} = 0")
    quoted = target.dialect.identifier_preparer.quote
    keys = run(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    ).all()
    for table, name, _ in keys:
        run(f"ALTER TABLE {table} DROP CONSTRAINT {quoted(name)}")
    yield
    for table, name, definition in keys:
        run(f"ALTER TABLE {table} ADD CONSTRAINT {quoted(name)} {definition}")
