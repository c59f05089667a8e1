"""The database: one base class, one metadata, one session, and how a transaction begins."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, MappedColumn, Mapper, RelationshipDirection, mapped_column, registry
from sqlalchemy.sql import functions
from sqlalchemy.sql.functions import FunctionElement


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware in Python, naive UTC in the database; a naive value is refused."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        return None if value is None else cast(datetime, value).replace(tzinfo=UTC)


class local_date(FunctionElement[date]):  # noqa: N801 it is written like a function of SQL
    """The day a `UtcDateTime` falls on in Türkiye, three hours ahead in summer and winter since 2016."""

    type = sa.Date()
    inherit_cache = True


@compiles(local_date, "sqlite")
def _on_sqlite(element: local_date, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '+3 hours')"


@compiles(local_date, "postgresql")
def _on_postgresql(element: local_date, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} + INTERVAL '3 hours' AS DATE)"


@compiles(functions.sum, "postgresql")
def _whole(element: functions.sum[Any], compiler: Any, **options: Any) -> str:
    """A sum of whole numbers is one: left to itself PostgreSQL makes a `numeric` of a sum of sums, Python a Decimal."""
    summed = compiler.visit_function(element, **options)
    return f"CAST({summed} AS BIGINT)" if isinstance(element.type, sa.Integer) else str(summed)


def by_bytes(length: int) -> sa.String:
    """A text that is no word: an address, a key. Whatever the letters of the database are (in Turkish a small I is ı),
    those that begin alike stand together, and `lower` is that of ASCII; SQLite knows no other.
    """
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: UtcDateTime,
            Decimal: sa.Numeric(10, 4),
            dict[str, Any]: sa.JSON,
            list[Any]: sa.JSON,
            StrEnum: sa.Enum(
                StrEnum,
                native_enum=False,
                create_constraint=True,
                length=32,
                values_callable=lambda kind: [member.value for member in kind],
            ),
        },
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def points_to(target: str, **options: Any) -> MappedColumn[Any]:
    """A foreign key column; every one is indexed. `stays`: where what it points at becomes part of another thing, it
    goes on saying how things were (`reference.services.merge`).
    """
    use_alter = options.pop("use_alter", False)
    name = options.pop("constraint", None)
    info = {"stays": options.pop("stays", False)}
    options.setdefault("index", True)
    return mapped_column(sa.ForeignKey(target, use_alter=use_alter, name=name), info=info, **options)


def insert_or_update(model: type[Base]) -> Any:
    """An INSERT that goes on with `on_conflict_do_update`: one statement, so two at once lose nothing."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return insert(model)


def index_where_set(name: str, column: str, *, unique: bool = False) -> sa.Index:
    """An index of a key that nearly no row has: with the empty ones in it SQLite's statistics would say that the key
    tells nothing apart, and whoever looks for one row by it would walk the table.
    """
    where_set = f"{column} IS NOT NULL"
    where = sa.text(where_set)
    return sa.Index(name, column, unique=unique, sqlite_where=where, postgresql_where=where)


def any_row(rows: sa.Select[Any]) -> sa.ColumnElement[bool]:
    """Whether there is one of these (of one column, never NULL), asked for each row of the statement around by itself.

    An EXISTS says the same; where PostgreSQL expects many calls, it answers that by a whole table at once.
    """
    return rows.limit(1).scalar_subquery().is_not(None)


def typed_id(text: str) -> int | None:
    """The id somebody typed or an address carries, or None: no id is longer, and no column takes just any number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def set_changed(thing: Any, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Set what differs: the names of what changed."""
    changed = tuple(name for name, value in values.items() if getattr(thing, name) != value)
    for name in changed:
        setattr(thing, name, values[name])
    return changed


@event.listens_for(Mapper, "mapper_configured")
def _watch_keys(mapper: Mapper[Any], _: Any) -> None:
    """A key that is given another value takes the loaded object of the old one with it: what is read next is read
    anew (or raises, where nobody loads it), never what was there before.
    """
    many_to_one = (one for one in mapper.relationships if one.direction is RelationshipDirection.MANYTOONE)
    for relation, (here, there) in ((one, pair) for one in many_to_one for pair in one.local_remote_pairs or ()):
        key, name = mapper.get_property_by_column(here).key, relation.key
        remote = relation.mapper.get_property_by_column(there).key

        def forget(target: Any, value: Any, *_: Any, name: str = name, remote: str = remote) -> None:
            state, nothing = sa.inspect(target), object()
            loaded = state.dict.get(name, nothing)
            # a flush writes the key of the very object that is loaded
            if loaded is not nothing and (loaded and sa.inspect(loaded).dict.get(remote)) != value:
                state.dict.pop(name)
                state.committed_state.pop(name, None)

        event.listen(mapper.class_manager[key], "set", forget)


# --- how a transaction begins -----------------------------------------------------------------
# SQLite's deferred BEGIN takes a read snapshot with the first SELECT and fails at once when it must
# be upgraded to a write. So whoever may write says so before the transaction begins.

_writing: ContextVar[bool] = ContextVar("writing", default=True)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read (SQLite: plain BEGIN)."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def set_writing(value: bool) -> None:
    """For the edge, which learns the intent from the request's method."""
    _writing.set(value)


def may_write() -> bool:
    """False while a request that must change nothing is being answered."""
    return _writing.get()


PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",  # with WAL anything less may lose the last commits in a power cut
    "foreign_keys": "ON",
    "busy_timeout": "10000",
    "cache_size": "-32000",  # KiB, when negative
    "mmap_size": "268435456",
    "temp_store": "MEMORY",
}


def _connected(connection: Any, _: Any) -> None:
    # the driver begins no transaction of its own accord; `Writers.begun` does
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()


# SQLite's own queue is a series of growing naps, unfair to whoever waits longest. The threads of one process
# queue here instead, so that only processes compete for the file; after WAIT_SECONDS SQLite decides as before.
WAIT_SECONDS = 10.0


class Writers:
    """The queue of one database's writers in this process."""

    def __init__(self) -> None:
        self._turn = Lock()

    def begun(self, connection: Connection) -> None:
        if not _writing.get():
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get("writer"):  # it keeps its turn over several transactions
            connection.info["writer"] = self._turn.acquire(timeout=WAIT_SECONDS)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def returned(self, _: Any, record: Any) -> None:
        """The connection goes back to the pool, its transaction over: the next writer of this process may begin."""
        if record.info.pop("writer", False):
            self._turn.release()


# --- PostgreSQL: how long anything may take ------------------------------------------------------

WEB = {"statement_timeout": "4s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "60s", "jit": "off"}
"""Somebody waits for the page. What is computed between two statements (a PDF, a password) takes no minute. Nor is a
statement compiled: of the overview's that took 280 ms, and running it one.
"""
WORK = {"statement_timeout": "5min", "lock_timeout": "30s", "idle_in_transaction_session_timeout": "15min"}
"""Jobs and commands: nobody looks on, but nothing hangs for ever."""
CONNECT_SECONDS = 2  # for each address: an old and a new one of one host, or two servers; psycopg knows nothing shorter
REPEATABLE_READ = 3  # psycopg.IsolationLevel


def limit(engine: Engine, within: Mapping[str, str]) -> None:
    """How long things may take in connections made from now on. SQLite has its `busy_timeout` instead."""
    if engine.dialect.name != "postgresql":
        return
    settings = "; ".join(f"SET {name} = '{value}'" for name, value in within.items())

    def connected(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(settings)
            cursor.execute("SELECT extract(epoch FROM current_setting('statement_timeout')::interval)::float")
            connection.usual = connections().SLACK + cursor.fetchone()[0]
        connection.commit()

    event.listen(engine, "connect", connected)  # after those before it: the last word counts
    engine.dispose()


def connections() -> Any:
    """`core.postgresql.connections`, which needs a driver that SQLite does not."""
    from app.core.postgresql import connections as found

    return found


def _begun(connection: Connection) -> None:
    """What only reads sees one moment throughout, and cannot write by mistake."""
    driver: Any = connection.connection.dbapi_connection
    driver.patience = driver.usual
    driver.read_only = None if _writing.get() else True  # None: as the database has it
    driver.isolation_level = None if _writing.get() else REPEATABLE_READ


def _failed(context: ExceptionContext) -> None:
    connections().noticed(context.original_exception)


def prepare_engine(engine: Engine) -> None:
    """Give an engine the project's ways."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "do_connect", connections().Servers().connect)
        connections().ask_when_idle(engine.dialect)
        event.listen(engine, "begin", _begun)
        event.listen(engine, "handle_error", _failed)
        limit(engine, WEB)
    if engine.dialect.name == "sqlite":
        writers = Writers()
        event.listen(engine, "connect", _connected)
        event.listen(engine, "begin", writers.begun)
        event.listen(engine, "checkin", writers.returned)


def database_problems(engine: Engine) -> list[str]:
    """What is wrong with the database or the connection's settings; empty when all is well. Checked at start."""
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1} if engine.dialect.name == "sqlite" else {}
    try:
        with reading(), engine.connect() as connection:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}
    except sa.exc.DBAPIError as error:
        return [f"the database that DATABASE_URL names does not answer ({said(error)})"]
    return [f"{name} is {found[name]}" for name, value in expected.items() if found[name] != value]


def said(error: sa.exc.DBAPIError) -> str:
    """What the driver says, on one line. It repeats address and user of the database, never the password."""
    return " ".join(str(error.orig).split())


def _pooled(app: Flask) -> dict[str, Any]:
    """PostgreSQL: how connections are made and kept."""
    return {
        "pool_pre_ping": True,  # one that went with its server is replaced before somebody's page fails on it
        "pool_size": app.config["DATABASE_POOL"],
        "max_overflow": 2,
        "pool_timeout": CONNECT_SECONDS,
        "connect_args": {"connect_timeout": CONNECT_SECONDS, "application_name": "yetkin"},
    }


def init_app(app: Flask) -> None:
    sqlite3.register_adapter(Decimal, float)
    if sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name() == "postgresql":
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _pooled(app) | app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare_engine(engine)
