"""Where the schema stands, and bringing it to where the code is."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationInfo
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask, current_app
from flask_migrate import Migrate, upgrade

from app.core.clock import now
from app.core.db import PRAGMAS, database_problems, db, reading, said, set_writing
from app.core.upgrades import autogenerate
from app.core.upgrades.alteration import TEMPORARY, Careful, rows
from app.core.upgrades.stores import Sqlite, Store, StoreFailed, store

FOLDER = Path(__file__).resolve().parents[3] / "migrations"
COPIES = "before-upgrades"  # the folder of the copies, beside the database
COPIES_KEPT = 3
LOCK = 0x5965746B  # PostgreSQL: who holds it migrates
WAIT_MS = 5 * 60 * 1000  # for somebody else's upgrade to end
LOOKS = object()


@cache
def head() -> str | None:
    """The newest revision the code knows."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config).get_current_head()


def current() -> str | None:
    """The revision the database stands at; None for an empty one."""
    with reading(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def at_head() -> bool:
    return current() == head()


def bring_up_to_date() -> bool:
    """Upgrade if need be; True if anything was done. Where it cannot be done: one sentence, and exit status 1."""
    make_folder(db.engine)
    if problems := database_problems(db.engine):
        raise SystemExit(f"Error: {'; '.join(problems)}.")
    if at_head():
        return False
    upgrade(str(FOLDER))
    return True


def make_folder(engine: sa.Engine) -> None:
    """SQLite makes a file, but no folder for it."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def run(environment: EnvironmentContext) -> None:
    """Carry out what a command asked for (`migrations/env.py`): all its steps in one transaction, or none.

    CommandError, and the database as it was, where rows would point at nothing, do not fit their new table, or hold
    what an older schema has no place for; where no copy can be made, the database is newer than the program or does
    not do what a step asks.
    """
    if environment.is_offline_mode():
        raise CommandError("Migrations look at the rows there are; they cannot be written out as SQL.")
    set_writing(_destination(environment, LOOKS) is not LOOKS)
    try:
        _run(environment)
    except sa.exc.IntegrityError as error:
        refused = str(error.orig).replace(TEMPORARY, "")
        raise CommandError(
            f"Rows do not fit the schema they are to get: {refused}. Nothing was changed."
            " Change them first, in the migration or by hand."
        ) from error
    except sa.exc.DBAPIError as error:
        first = _first(error)
        asked = f" [{' '.join(first.statement.split())}]" if first.statement else ""
        raise CommandError(f"The database does not do it: {said(first)}{asked}. Nothing was changed.") from error


def _first(error: sa.exc.DBAPIError) -> sa.exc.DBAPIError:
    """What went wrong before tidying up went wrong, too."""
    first, earlier = error, error.__context__
    while earlier is not None:
        first = earlier if isinstance(earlier, sa.exc.DBAPIError) else first
        earlier = earlier.__context__
    return first


def _run(environment: EnvironmentContext) -> None:
    database = current_app.extensions["migrate"].db
    make_folder(database.engine)
    with database.engine.connect() as connection, loosened(connection), warnings.catch_warnings():
        # alteration makes them again, and the schema law compares them
        warnings.filterwarnings("ignore", "(Skipped unsupported|autogenerate skipping).* expression-based index")
        environment.configure(
            connection=connection,
            target_metadata=database.metadata,
            include_name=autogenerate.is_ours,
            include_object=autogenerate.stands_alone,
            render_item=autogenerate.render_item,
            process_revision_directives=autogenerate.number,
            autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
            compare_type=True,
            render_as_batch=True,
            on_version_apply=_applied,
        )
        with environment.begin_transaction():
            if connection.dialect.name == "postgresql":
                _take_time(connection)
            _recognise(environment)
            stood = environment.get_context().get_current_heads()
            with _copied(environment, connection):
                environment.run_migrations()
                _check(environment, connection)
                if environment.get_context().get_current_heads() != stood:
                    # with a table or an index goes what the planner knew of its rows
                    connection.exec_driver_sql("ANALYZE")


@contextmanager
def loosened(connection: sa.Connection) -> Iterator[None]:
    """SQLite: a table may go and come back under its name while others point at it; a second upgrade waits.

    Foreign keys can be switched before a transaction begins and not in it, so this talks to the driver.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    driver.execute(f"PRAGMA busy_timeout={WAIT_MS}")
    try:
        yield
    finally:
        with suppress(sqlite3.ProgrammingError):  # interrupted, it was closed
            connection.rollback()
            for name in ("foreign_keys", "busy_timeout"):
                driver.execute(f"PRAGMA {name}={PRAGMAS[name]}")


def _take_time(connection: sa.Connection) -> None:
    """PostgreSQL: who holds the lock migrates, and a second waits as long as on SQLite; a step takes what it takes."""
    limits = {"statement_timeout": "0", "lock_timeout": str(WAIT_MS), "idle_in_transaction_session_timeout": "0"}
    for name, value in limits.items():
        connection.execute(sa.select(sa.func.set_config(name, value, True)))  # for this transaction
    driver: Any = connection.connection.dbapi_connection
    driver.patience = None
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def _recognise(environment: EnvironmentContext) -> None:
    stands = environment.get_context().get_current_revision()
    if stands not in {None, *(script.revision for script in environment.script.walk_revisions())}:
        raise CommandError(
            f"The database is at revision {stands}, which this program does not know: a newer one has upgraded it. "
            "Start that one, or bring the database back with it (flask --app wsgi db downgrade)."
        )


def _applied(ctx: MigrationContext, step: MigrationInfo, heads: Any, run_args: Any) -> None:
    """What an upgrade drops it has put elsewhere; only what a downgrade drops is gone."""
    if step.is_upgrade and isinstance(ctx.impl, Careful):
        ctx.impl.lost.clear()


def _check(environment: EnvironmentContext, connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            pairs = ", ".join(sorted({f"{row[0]} at {row[2]}" for row in orphans}))
            raise CommandError(f"{rows(len(orphans))} would point at nothing ({pairs}). Nothing was changed.")
    impl = environment.get_context().impl
    if (
        isinstance(impl, Careful)
        and impl.lost
        and environment.get_x_argument(as_dictionary=True).get("discard") != "yes"
    ):
        raise CommandError(
            f"The older schema has no place for {', '.join(impl.lost)}. Nothing was changed. "
            "Who wants to lose that writes: flask --app wsgi db -x discard=yes downgrade …"
        )


@contextmanager
def _copied(environment: EnvironmentContext, connection: sa.Connection) -> Iterator[None]:
    """A copy of a filled database before it is altered, beside it or (PostgreSQL) in the instance's folder; the newest
    few are kept. Who has made one by other means writes `-x copy=no`.
    """
    stands = environment.get_context().get_current_revision()
    living = store(connection.engine.url.render_as_string(hide_password=False))
    unasked = environment.get_x_argument(as_dictionary=True).get("copy") == "no"
    name = Path(connection.engine.url.database or "").stem
    if unasked or not name or stands in (None, _destination(environment, stands)):
        yield
        return
    home = living.file.parent if isinstance(living, Sqlite) else Path(current_app.instance_path)
    folder, ending = home / COPIES, "db" if isinstance(living, Sqlite) else "dump"
    copy = folder / f"{name}-{now():%Y%m%dT%H%M%S%f}-{stands}.{ending}"
    try:
        _copy(living, copy, name)
    except (OSError, StoreFailed) as error:
        raise CommandError(f"No copy could be made in {folder}: {error}. Nothing was changed.") from error
    driver: Any = connection.connection.dbapi_connection
    transaction = connection.get_transaction()
    try:
        yield
    except BaseException:
        begun = getattr(driver, "in_transaction", True)
        if begun and connection.get_transaction() is transaction:  # nothing was changed
            copy.unlink(missing_ok=True)
        raise
    for old in sorted(folder.glob(f"{name}-[0-9]*.{ending}"))[:-COPIES_KEPT]:
        old.unlink()
    environment.config.print_stdout("The database as it was before: %s", copy)


def _copy(living: Store, copy: Path, name: str) -> None:
    """Under another name until it is whole, so that a copy cut short is never taken for one."""
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = copy.with_suffix(".part")
    for left in copy.parent.glob(f"{name}-[0-9]*.part*"):
        left.unlink()
    try:
        living.dump(part, lambda _: None)
        part.rename(copy)
    finally:
        for left in copy.parent.glob(f"{part.name}*"):
            left.unlink()


def _destination(environment: EnvironmentContext, nowhere: Any) -> Any:
    """The revision a command leads to; `nowhere` where it only looks (`db current`, `db check`, `db migrate`)."""
    try:
        return environment.get_revision_argument()
    except KeyError:
        return nowhere


def init_app(app: Flask) -> None:
    Migrate(app, db, directory=str(FOLDER), compare_type=True, render_as_batch=True)
