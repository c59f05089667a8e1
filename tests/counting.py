"""Counting the SQL statements an answer costs, and how SQLite finds what they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.core.db import db


def _on_sqlite() -> None:
    """The other database plans otherwise, by statistics of its own."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("about SQLite's plans")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent while the block runs, BEGIN and COMMIT not counted."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split(maxsplit=1)[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@contextmanager
def plans() -> Iterator[dict[str, list[str]]]:
    """Of each statement that reads while the block runs, filled in after it: the steps SQLite takes."""
    _on_sqlite()
    asked: dict[str, Any] = {}
    found: dict[str, list[str]] = {}

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            asked[statement] = parameters

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    with db.engine.connect() as connection:
        for statement, parameters in asked.items():
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found[statement] = [row[3] for row in steps]


STATISTICS = Path(__file__).parent / "data" / "statistics.txt"
"""Table, index and what SQLite knows of it (rows; rows alike in its first column, its first two, …)."""


def as_if_full() -> None:
    """SQLite plans as it does with 102,000 staff: by the statistics it kept there."""
    _on_sqlite()
    db.session.commit()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        for line in STATISTICS.read_text().splitlines():
            table, index, numbers = line.split(maxsplit=2)
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index, numbers))
        connection.commit()
    db.engine.dispose()  # a connection reads them once


def plans_of(browser: Any, path: str, table: str) -> dict[str, list[str]]:
    """How SQLite answers each question this page asks of a table."""
    with plans() as found:
        assert browser.get(path).status_code == 200
    of_it = {statement: steps for statement, steps in found.items() if f"FROM {table}" in statement}
    assert of_it
    return of_it
