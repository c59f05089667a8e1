"""A database as one file: dumped while others write to it, loaded into an empty place, its rows counted.

`store(url)` answers for both kinds. What is dumped is one moment: its rows are counted in the transaction they are
copied in. PostgreSQL's own programs (pg_dump, pg_restore) are looked for on the PATH.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

T = TypeVar("T")
Look = Callable[[sa.Connection], T]
SIDES = ("-wal", "-shm", "-journal")


class StoreFailed(Exception):
    """A database cannot be dumped or loaded: one sentence, without passwords."""


@dataclass(frozen=True)
class Shape:
    """What is in a database at one moment: the revision of its schema, and how many rows each table has."""

    head: str | None
    counts: dict[str, int]


def shape(connection: sa.Connection) -> Shape:
    names = sorted(tables_of(connection))
    counts = {name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0 for name in names}
    versions = sa.table("alembic_version", sa.column("version_num"))
    head = connection.scalar(sa.select(versions.c.version_num)) if "alembic_version" in counts else None
    return Shape(head, counts)


def tables_of(connection: sa.Connection) -> set[str]:
    """All that hold rows of their own: SQLite's search tables, which models of another version may name, do not."""
    names = set(sa.inspect(connection).get_table_names())
    if connection.dialect.name != "sqlite":
        return names
    made = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
    virtual = set(connection.exec_driver_sql(made).scalars())
    return {name for name in names if name not in virtual and not name.startswith(tuple(f"{v}_" for v in virtual))}


class Store(Protocol):
    """`look` reads; `dump` writes the part and gives back what `seen` saw of that very moment; `load` fills an empty
    place, whole or not at all. `aside` is an empty place for a while; `filled` is where `load` goes so that what is
    loaded can still be worked on: it stands in its place once that has ended well.
    """

    kind: str
    url: str

    def engine(self) -> sa.Engine: ...
    def is_empty(self) -> bool: ...
    def look(self, seen: Look[T]) -> T: ...
    def dump(self, part: Path, seen: Look[T]) -> T: ...
    def load(self, part: Path) -> None: ...
    def sound(self) -> bool: ...
    def aside(self, folder: Path) -> Any: ...
    def filled(self, part: Path, folder: Path) -> Any: ...


def store(url: str) -> Store:
    return Sqlite(url) if sa.make_url(url).get_backend_name() == "sqlite" else Postgres(url)


# --- SQLite ---------------------------------------------------------------------------------------------


class Sqlite:
    kind = "sqlite"

    def __init__(self, url: str) -> None:
        self.url = url
        self.file = Path(sa.make_url(url).database or "").resolve()

    def engine(self) -> sa.Engine:
        def connect() -> sqlite3.Connection:  # a file that is missing is not made
            return sqlite3.connect(f"{self.file.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=30)

        return sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)

    def is_empty(self) -> bool:
        """No file, or one without a table."""
        if not self.file.exists() or not self.file.stat().st_size:
            return True
        return not self.look(lambda connection: sa.inspect(connection).get_table_names())

    def look(self, seen: Look[T]) -> T:
        with _plainly(f"{self.file} cannot be read"), self.engine().connect() as connection:
            connection.exec_driver_sql("BEGIN")
            return seen(connection)

    def dump(self, part: Path, seen: Look[T]) -> T:
        """In WAL mode nobody who writes waits for somebody who reads."""

        def copied(connection: sa.Connection) -> T:
            found = seen(connection)
            driver: Any = connection.connection.dbapi_connection
            with closing(sqlite3.connect(part)) as target:
                part.chmod(0o600)
                driver.backup(target)
            return found

        return self.look(copied)

    def load(self, part: Path) -> None:
        with _plainly(f"{self.file} cannot be written"):
            shutil.copyfile(part, self.file)
            self.file.chmod(0o600)

    def sound(self) -> bool:
        """Whether its pages, and what its keys point at, are as they should be."""

        def checked(connection: sa.Connection) -> bool:
            pages = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            return pages == "ok" and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None

        return self.look(checked)

    @contextmanager
    def aside(self, folder: Path) -> Iterator[Sqlite]:
        place = Sqlite(f"sqlite:///{folder / 'aside.db'}")
        try:
            yield place
        finally:
            for side in ("", *SIDES):
                Path(f"{place.file}{side}").unlink(missing_ok=True)

    @contextmanager
    def filled(self, part: Path, folder: Path) -> Iterator[Sqlite]:
        """A file beside the place, which takes it in one step and never that of another file."""
        with self.aside(folder) as place:
            place.load(part)
            yield place
            with _plainly(f"{self.file} cannot be written"), closing(sqlite3.connect(place.file)) as last:
                last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            settle(place.file)
            if not self.is_empty():
                raise StoreFailed(f"{self.file} has been filled meanwhile")
            for side in ("", *SIDES):
                Path(f"{self.file}{side}").unlink(missing_ok=True)
            with _plainly(f"{self.file} cannot be written"):
                os.link(place.file, self.file)
            settle(self.file.parent)


def settle(path: Path) -> None:
    """What was written there outlives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _plainly(what: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, sa.exc.DBAPIError) as error:
        raise StoreFailed(f"{what}: {getattr(error, 'orig', None) or error}") from error


# --- PostgreSQL -----------------------------------------------------------------------------------------


LEFT = """
    SELECT datname FROM pg_database
    WHERE starts_with(datname, 'yetkin_aside_') AND pg_get_userbyid(datdba) = current_user
    AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datname = pg_database.datname)
"""


class Postgres:
    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._url = sa.make_url(url)

    def engine(self, **options: Any) -> sa.Engine:
        return sa.create_engine(self._url, poolclass=NullPool, hide_parameters=True, **options)

    def is_empty(self) -> bool:
        return not self.look(lambda connection: sa.inspect(connection).get_table_names())

    def look(self, seen: Look[T]) -> T:
        with (
            _plainly("the database cannot be read"),
            self.engine(isolation_level="REPEATABLE READ").connect() as connection,
        ):
            return seen(connection)

    def dump(self, part: Path, seen: Look[T]) -> T:
        def copied(connection: sa.Connection) -> T:
            snapshot = connection.scalar(sa.select(sa.func.pg_export_snapshot()))
            part.touch(mode=0o600)
            # what holds the parts packs them
            self._run("pg_dump", "--format=custom", "--compress=0", f"--snapshot={snapshot}", f"--file={part}")
            return seen(connection)

        return self.look(copied)

    def load(self, part: Path) -> None:
        self._run("pg_restore", "--single-transaction", "--exit-on-error", part)

    def sound(self) -> bool:
        """The server checks its own pages, and keys as they are loaded."""
        return True

    @contextmanager
    def aside(self, _: Path) -> Iterator[Postgres]:
        """A database of its own on the same server; whoever makes backups may make one (CREATEDB). Those that others
        left, killed, go with it: nobody is connected to them.
        """
        for left in self.look(lambda connection: connection.exec_driver_sql(LEFT).scalars().all()):
            self._alone(f'DROP DATABASE IF EXISTS "{left}"')
        name = f"yetkin_aside_{secrets.token_hex(4)}"
        self._alone(f'CREATE DATABASE "{name}"')
        place = Postgres(self._url.set(database=name).render_as_string(hide_password=False))
        try:
            with place.engine().connect():
                yield place
        finally:
            self._alone(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def filled(self, part: Path, _: Path) -> Iterator[Postgres]:
        """What the planner knew of the rows is not in a dump."""
        self.load(part)
        self._alone("ANALYZE", "what was restored cannot be looked at")
        yield self

    def _alone(self, statement: str, failed: str = "no database can be made to try a backup in") -> None:
        with _plainly(failed), self.engine(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(statement)

    def _run(self, program: str, *arguments: object) -> None:
        """The password goes by the environment, which others cannot list. (`URL.set` would leave it where it is.)"""
        url, more = self._url, dict(self._url.query)
        password = more.pop("password", url.password)
        address = sa.URL.create("postgresql", url.username, None, url.host, url.port, url.database, more)
        found = shutil.which(program)
        if found is None:
            raise StoreFailed(f"{program} is not on the PATH: install PostgreSQL's client programs")
        done = subprocess.run(  # noqa: S603 a program of PostgreSQL, its arguments ours
            [found, "--no-owner", "--no-privileges", "--no-password", f"--dbname={address}", *map(str, arguments)],
            env=os.environ | ({"PGPASSWORD": str(password)} if password else {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.strip().splitlines()
            raise StoreFailed(f"{program}: {said[-1] if said else f'ended with {done.returncode}'}")
