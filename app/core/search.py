"""Substring search over a folded text column: the one place that knows how the database does it.

A model with a `search_text` column (folded by `language.turkish.search_key`) is registered once with
`searchable(Model)`. On SQLite that makes an FTS5 trigram table kept current by triggers; elsewhere LIKE
on the column (an index for it belongs to that database's migration).
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from app.core.db import Base, db
from app.language.turkish import search_words

INDEXED: list[str] = []


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
        # DDL takes a single % for a place to be filled in
        event.listen(table, "after_create", sa.DDL(statement.replace("%", "%%")).execute_if(dialect="sqlite"))
    for statement in removal(table.name):
        event.listen(table, "before_drop", sa.DDL(statement).execute_if(dialect="sqlite"))


def matches(model: type[Base], typed: str) -> sa.ColumnElement[bool]:
    """Rows of `model` whose search text contains every typed word, folded and whatever stands between them.

    An empty text matches all, one without a letter or a digit nothing. A word of one or two begins one of the text. A
    number typed together finds the one that is written apart (bk02 BK-02, 1192000 1192-000).
    """
    table: Any = model.__table__
    words, lite = search_words(typed), db.engine.dialect.name == "sqlite"
    if typed.strip() and not words:
        return sa.false()
    # the index is one of three letters: it finds nothing shorter
    long = [_spellings(word) for word in words if len(word) >= 3]
    conditions: list[sa.ColumnElement[bool]] = []
    if long and lite:
        index = sa.table(f"{table.name}_search", sa.column("rowid", sa.Integer))
        query = " AND ".join("(" + " OR ".join(f'"{way}"' for way in ways) + ")" for ways in long)
        found = sa.select(index.c.rowid).where(sa.literal_column(f"{table.name}_search").op("MATCH")(query))
        conditions.append(table.c.id.in_(found))
    else:
        conditions += [sa.or_(*(table.c.search_text.like(f"%{way}%") for way in ways)) for ways in long]
    text = sa.literal(" ") + table.c.search_text
    for word in words:
        if len(word) < 3:
            begins = f"[^a-z0-9]{word}"
            conditions.append(text.op("GLOB")(f"*{begins}*") if lite else text.op("~")(begins))
    return sa.and_(sa.true(), *conditions)


LONGEST_NUMBER = 24


def _spellings(word: str) -> list[str]:
    """The word, and what a number may be written like: apart where letters and digits meet, or at a dash anywhere."""
    parts = re.findall("[0-9]+|[^0-9]+", word)
    if len(parts) > 1 and len(word) <= LONGEST_NUMBER:
        return [word, "-".join(parts), "/".join(parts)]
    if word.isdigit() and 5 <= len(word) <= LONGEST_NUMBER:
        return [word, *(f"{word[:at]}-{word[at:]}" for at in range(1, len(word)))]
    return [word]
