"""The databases of a test run: SQLite files, or on PostgreSQL where YETKIN_TEST_DATABASE names a server.

    make test-postgres
    YETKIN_TEST_DATABASE=postgresql://postgres@127.0.0.1/postgres .venv/bin/python -m pytest tests/enrolment

What is named is where others are made and dropped; its own tables are not touched.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from app.core.db import WORK, Base, db, limit

SERVER = os.environ.get("YETKIN_TEST_DATABASE", "")
PATIENCE_SECONDS = 60

EMPTIED = """
    CREATE FUNCTION emptied() RETURNS SETOF text LANGUAGE plpgsql AS $$
    DECLARE one record; filled boolean;
    BEGIN
        DROP TABLE IF EXISTS alembic_version;  -- a test may have migrated
        SET LOCAL session_replication_role = replica;  -- no order among the tables, no triggers
        FOR one IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one.relname) INTO filled;
            IF filled THEN
                EXECUTE format('DELETE FROM %I', one.relname);
                RETURN NEXT format('%I', one.relname);
            END IF;
        END LOOP;
        FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
            PERFORM setval(one.sequencename::regclass, 1, false);
        END LOOP;
    END $$
"""
"""A few tables of a hundred have rows after a test: 4 ms, where TRUNCATE of all takes 100 and a new database 60."""

LET_GO = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


def postgresql() -> bool:
    return bool(SERVER)


def until_kept(read: Callable[[], Any], kept: Callable[[Any], Any]) -> Any:
    """What `read` finds, once it is kept. On PostgreSQL that takes a moment in which nobody on the server writes, also
    in the databases of other tests (`app.audit.latest.settled`).
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while not kept(found := read()):
        assert time.monotonic() < until, "never kept"
        time.sleep(0.01)
    return found


def outside(statement: str) -> None:
    engine = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


def made(template: str = "template1") -> str:
    """The address of a new database, the same as the one named."""
    name = f"yetkin_{uuid4().hex[:12]}"
    outside(f'CREATE DATABASE {name} TEMPLATE "{template}"')
    return sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)


def prepare() -> None:
    """All tables, and the function that empties them; nobody loses patience with a busy machine."""
    limit(db.engine, WORK)
    db.create_all()
    with db.engine.begin() as connection:
        connection.execute(sa.text(EMPTIED))


def empty() -> None:
    """As it was after `prepare`, also where a thread of the test before has not let go yet. Rows of the next test lie in
    the order they come in: between those that went they would lie as it happens, and a list in no order be red at times.
    """
    with db.engine.begin() as connection:
        connection.exec_driver_sql(LET_GO)
        tables = connection.exec_driver_sql("SELECT emptied()").scalars().all()
    if tables:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM {', '.join(tables)}")


def dropped(address: str) -> None:
    outside(f"DROP DATABASE IF EXISTS {sa.make_url(address).database} WITH (FORCE)")


def copy(engine: sa.Engine, address: str) -> None:
    """All rows of the models' tables into a database that has these tables, empty; sequences go on behind them."""
    target = sa.create_engine(address, poolclass=sa.NullPool)
    with engine.connect() as source, target.begin() as here:
        here.exec_driver_sql("SET LOCAL session_replication_role = replica")  # pointers in a circle
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in source.execute(sa.select(table)).mappings()]
            if rows:
                here.execute(table.insert(), rows)
                sequence = sa.func.pg_get_serial_sequence(table.name, "id")
                here.execute(sa.select(sa.func.setval(sequence, max(row["id"] for row in rows))))
