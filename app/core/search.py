"""Substring search over a folded text column: the one place that knows how the database does it.

A model with a `search_text` column (folded by `language.turkish.search_key`) is registered once with
`searchable(Model)`. On SQLite that makes an FTS5 trigram table kept current by triggers; elsewhere LIKE
on the column (an index for it belongs to that database's migration).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from app.core.db import Base, db
from app.language.turkish import search_words

INDEXED: list[str] = []
_CODE = re.compile("([a-z]{2})([0-9]{2})")


def statements(table: str) -> list[str]:
    """The SQL that makes the search table of `table` and keeps it current (SQLite)."""
    new, old = "new.id, new.search_text", "'delete', old.id, old.search_text"
    columns = f"INSERT INTO {table}_search({table}_search, rowid, search_text)"
    return [
        f"CREATE VIRTUAL TABLE {table}_search USING fts5(search_text, content='{table}', content_rowid='id',"
        " tokenize='trigram')",
        f"CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN"
        f" INSERT INTO {table}_search(rowid, search_text) VALUES ({new}); END",
        f"CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN {columns} VALUES ({old}); END",
        f"CREATE TRIGGER {table}_search_update AFTER UPDATE OF search_text ON {table} BEGIN"
        f" {columns} VALUES ({old}); INSERT INTO {table}_search(rowid, search_text) VALUES ({new}); END",
    ]


def removal(table: str) -> list[str]:
    triggers = [f"DROP TRIGGER IF EXISTS {table}_search_{verb}" for verb in ("insert", "delete", "update")]
    return [*triggers, f"DROP TABLE IF EXISTS {table}_search"]


def is_search_table(name: str) -> bool:
    """Whether a table of the database belongs to a search index rather than to a model."""
    return any(name == f"{table}_search" or name.startswith(f"{table}_search_") for table in INDEXED)


def searchable(model: type[Base]) -> None:
    """Register a model (with `id` and `search_text`) for substring search."""
    table: Any = model.__table__
    INDEXED.append(table.name)
    for statement in statements(table.name):
        event.listen(table, "after_create", sa.DDL(statement.replace("%", "%%")).execute_if(dialect="sqlite"))
    for statement in removal(table.name):
        event.listen(table, "before_drop", sa.DDL(statement).execute_if(dialect="sqlite"))


def matches(model: type[Base], typed: str) -> sa.ColumnElement[bool]:
    """Rows of `model` whose search text contains every typed word, folded and whatever stands between them.

    An empty text matches all, one without a letter or a digit nothing. A word of one or two begins one of the text. A
    code may be typed together: bk02 is also found as bk-02.
    """
    words = search_words(typed)
    if typed.strip() and not words:
        return sa.false()
    codes = {word: [*code.groups()] for word in words if (code := _CODE.fullmatch(word))}
    conditions = _contains(model, [word for word in words if word not in codes])
    for word, parts in codes.items():
        conditions.append(sa.or_(*_contains(model, [word]), sa.and_(*_contains(model, parts))))
    return sa.and_(sa.true(), *conditions)


def _contains(model: type[Base], words: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    table: Any = model.__table__
    lite = db.engine.dialect.name == "sqlite"
    long = [word for word in words if len(word) >= 3]
    conditions: list[sa.ColumnElement[bool]] = []
    if long and lite:
        index = sa.table(f"{table.name}_search", sa.column("rowid", sa.Integer))
        query = " AND ".join(f'"{word}"' for word in long)
        found = sa.select(index.c.rowid).where(sa.literal_column(f"{table.name}_search").op("MATCH")(query))
        conditions.append(table.c.id.in_(found))
    else:
        conditions += [table.c.search_text.like(f"%{word}%") for word in long]
    text = sa.literal(" ") + table.c.search_text
    for word in words:
        if len(word) < 3:
            begins = f"[^a-z0-9]{word}"
            conditions.append(text.op("GLOB")(f"*{begins}*") if lite else text.op("~")(begins))
    return conditions
