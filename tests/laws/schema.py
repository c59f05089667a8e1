"""What a database's schema says and what its rows are, in forms that can be compared."""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import warnings
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from flask import Flask

import config
from app import create_app
from app.core.db import database_problems, db
from app.core.search import is_search_table
from app.core.upgrades.migrations import FOLDER

Schema = dict[str, set[str]]
DAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


# what an inspector does not tell: triggers, views, search tables, indexes on expressions
UNSEEN = {
    "sqlite": (
        "SELECT tbl_name, sql FROM sqlite_master AS thing WHERE sql IS NOT NULL AND (type IN ('trigger', 'view')"
        " OR sql LIKE 'CREATE VIRTUAL%' OR type = 'index' AND EXISTS"
        " (SELECT 1 FROM pragma_index_info(thing.name) AS part WHERE part.name IS NULL))"
    ),
    "postgresql": (
        "SELECT indrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indexprs IS NOT NULL AND indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
        " UNION ALL SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    ),
}


def says(engine: sa.Engine) -> Schema:
    """Each table's columns, constraints, indexes and triggers, one line each; the order of columns says nothing."""
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")  # read below
        inspector = sa.inspect(connection)
        rest = connection.exec_driver_sql(UNSEEN[engine.dialect.name]).all()
        found = {name: set(_lines(inspector, name)) for name in inspector.get_table_names() if _is_a_model_s(name)}
    for table, sql in rest:
        found.setdefault(table, set()).add(_one_line(sql))
    return found


def _is_a_model_s(name: str) -> bool:
    return name != "alembic_version" and not is_search_table(name)


def _lines(inspector: sa.Inspector, table: str) -> Iterator[str]:
    for column in inspector.get_columns(table):
        yield f"column {column['name']} {column['type']}{'' if column['nullable'] else ' NOT NULL'}"
        if column["default"] is not None:
            yield f"default of {column['name']}: {column['default']}"
    primary = inspector.get_pk_constraint(table)
    yield f"primary key {primary['name']} {primary['constrained_columns']}"
    for key in inspector.get_foreign_keys(table):
        yield (
            f"foreign key {key['name']} {key['constrained_columns']} → {key['referred_table']}"
            f" {key['referred_columns']} {key['options'] or ''}"
        )
    for unique in inspector.get_unique_constraints(table):
        yield f"unique {unique['name']} {unique['column_names']}"
    for check in inspector.get_check_constraints(table):
        yield f"check {check['name']}: {_one_line(check['sqltext'])}"
    for index in inspector.get_indexes(table):
        where = {key: str(value) for key, value in index.get("dialect_options", {}).items()}
        yield f"index {index['name']} {index['column_names']}{' unique' * index['unique']} {where or ''}"


def _one_line(sql: str) -> str:
    """Without what PostgreSQL adds by itself, here and there in another place: casts of texts."""
    return " ".join(re.sub(r"::(text|character varying)(\[\])?", "", sql.replace('"', "")).split())


def differences(declared: Schema, made: Schema) -> list[str]:
    """What `made` lacks or has too much, one line each. A default that only rows already there needed is no fault."""
    lines = []
    for table in sorted(declared.keys() | made.keys()):
        wanted, there = declared.get(table, set()), made.get(table, set())
        lines += [f"{table} lacks {line}" for line in sorted(wanted - there)]
        lines += [f"{table} has {line}" for line in sorted(there - wanted) if not line.startswith("default of")]
    return lines


# --- rows ---------------------------------------------------------------------------------------------


def columns(engine: sa.Engine) -> dict[str, list[str]]:
    inspector = sa.inspect(engine)
    return {
        table: sorted(column["name"] for column in inspector.get_columns(table))
        for table in inspector.get_table_names()
        if _is_a_model_s(table)
    }


def rows(engine: sa.Engine, wanted: Mapping[str, list[str]]) -> dict[str, tuple[int, str]]:
    """Of each table: how many rows, and a digest of the wanted columns in order of their key."""
    found = {}
    with engine.connect() as connection:
        for table, names in wanted.items():
            digest, count = hashlib.sha256(), 0
            for row in connection.execute(
                sa.select(*map(sa.column, names)).select_from(sa.table(table)).order_by(sa.text("id"))
            ):
                digest.update(repr(tuple(row)).encode())
                count += 1
            found[table] = (count, digest.hexdigest())
    return found


def shared(
    here: Mapping[str, list[str]], there: Mapping[str, list[str]], but: Collection[str] = ()
) -> dict[str, list[str]]:
    """The columns both have, but not those named `table.column`, nor tables named whole."""
    return {
        table: [name for name in here[table] if name in there[table] and f"{table}.{name}" not in but]
        for table in here.keys() & there.keys()
        if table not in but
    }


def orphans(engine: sa.Engine) -> list[Any]:
    """Rows that point at nothing; PostgreSQL lets none commit."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        return list(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


def search_faults(engine: sa.Engine) -> list[str]:
    """Search tables that do not hold what their table does: never filled, or out of step."""
    faults = []
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").scalars()
        for name in found.all():
            try:
                connection.exec_driver_sql(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 1)")
            except sa.exc.DatabaseError as error:
                faults.append(f"{name}: {error.orig}")
    return faults


# --- an installation to migrate -----------------------------------------------------------------------


class Installation:
    """An application on a database of its own, with Alembic's commands; `scripts` may hold more migrations. The database
    is the file, or on PostgreSQL what stands at `address`.
    """

    def __init__(self, file: Path, scripts: Path | None = None, address: str = "") -> None:
        self.file, self.scripts = file, scripts
        self.address = address or f"sqlite:///{file}"
        settings = config.Testing()
        settings.INSTANCE_PATH = file.parent
        settings.SQLALCHEMY_DATABASE_URI = self.address
        self.app: Flask = create_app(settings)

    def run(self, name: str, *arguments: Any, x: tuple[str, ...] = (), **options: Any) -> Any:
        """`upgrade`, `downgrade`, `revision` … in a fresh context, as a command has it."""
        settings = Config(
            stdout=sys.stdout, cmd_opts=argparse.Namespace(x=list(x), autogenerate=options.get("autogenerate", False))
        )
        settings.set_main_option("script_location", str(FOLDER))
        settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        settings.set_main_option("path_separator", "os")
        if self.scripts:
            settings.set_main_option("version_locations", f"{FOLDER / 'versions'}:{self.scripts}")
        with self.app.app_context():
            try:
                return getattr(command, name)(settings, *arguments, **options)
            finally:
                assert database_problems(db.engine) == [], "a migration leaves its connection as it should not be"
                db.session.remove()
                db.engine.dispose()

    def engine(self) -> sa.Engine:
        """A plain look at the database, without the application's ways."""
        return sa.create_engine(self.address, poolclass=sa.NullPool)


def fill(engine: sa.Engine, metadata: sa.MetaData) -> None:
    """A row in each table that has none, so that a migration cannot get by on emptiness."""
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if not connection.scalar(sa.select(sa.func.count()).select_from(table)):
                connection.execute(table.insert().values({c.name: _something(connection, c) for c in table.c}))


def _something(connection: sa.Connection, column: sa.Column[Any]) -> Any:
    for key in column.foreign_keys:
        return connection.scalar(sa.select(sa.func.min(key.column)))
    if isinstance(column.type, sa.Enum):
        return column.type.enums[0]
    plain = getattr(column.type, "impl_instance", column.type)
    if isinstance(plain, sa.JSON):
        return {}
    if isinstance(plain, sa.String) and plain.length:
        return "text"[: plain.length]
    values = {int: 1, str: "text", bool: True, bytes: b"x", date: DAY.date(), datetime: DAY, Decimal: Decimal(1)}
    return values[plain.python_type]
