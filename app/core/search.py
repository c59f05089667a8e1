"""Substring search over a folded text column: the one place that knows how the database does it.

A model with a `search_text` column (folded by `language.turkish.search_key`) is registered once with
`searchable(Model)`. On SQLite that makes two FTS5 tables kept current by triggers, one of trigrams and one of the
beginnings of words (of one or two letters); on PostgreSQL one index of trigrams (`pg_trgm`), of the text with a blank
before it, so that its first word begins like the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import MappedColumn, Mapper, mapped_column

from app.core.db import Base, db
from app.language.turkish import search_key, search_words

INDEXED: list[str] = []


def _indexes(table: str) -> dict[str, str]:
    """The search tables of `table`, and how each takes a text apart."""
    return {
        f"{table}_search": "tokenize='trigram'",
        f"{table}_search_words": "detail='none', columnsize=0, prefix='1 2', tokenize='unicode61'",
    }


def statements(table: str) -> list[str]:
    """The SQL that makes the search tables of `table` and keeps them current (SQLite)."""
    return [line for name, options in _indexes(table).items() for line in _index(table, name, options)]


def _index(table: str, name: str, options: str) -> list[str]:
    new, old = "new.id, new.search_text", "'delete', old.id, old.search_text"
    columns = f"INSERT INTO {name}({name}, rowid, search_text)"
    return [
        f"CREATE VIRTUAL TABLE {name} USING fts5(search_text, content='{table}', content_rowid='id', {options})",
        f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN"
        f" INSERT INTO {name}(rowid, search_text) VALUES ({new}); END",
        f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {columns} VALUES ({old}); END",
        f"CREATE TRIGGER {name}_update AFTER UPDATE OF search_text ON {table} BEGIN"
        f" {columns} VALUES ({old}); INSERT INTO {name}(rowid, search_text) VALUES ({new}); END",
    ]


EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
"""The owner of a database may ask for it; Debian's `postgresql` brings it along."""


def trigrams(table: str) -> str:
    """The SQL that makes the search index of `table` (PostgreSQL)."""
    return f"CREATE INDEX {_trigrams(table)} ON {table} USING gin ((' ' || search_text) gin_trgm_ops)"


def _trigrams(table: str) -> str:
    return f"ix_{table}_search"


def removal(table: str) -> list[str]:
    return [line for name in _indexes(table) for line in _removed(name)]


def _removed(name: str) -> list[str]:
    return [
        *(f"DROP TRIGGER IF EXISTS {name}_{verb}" for verb in ("insert", "delete", "update")),
        f"DROP TABLE IF EXISTS {name}",
    ]


def is_search_table(name: str) -> bool:
    """Whether a table of the database belongs to a search index rather than to a model."""
    return any(name == f"{table}_search" or name.startswith(f"{table}_search_") for table in INDEXED)


def is_search_index(name: str) -> bool:
    """Whether an index of the database is one for searches, which no model declares."""
    return any(name == _trigrams(table) for table in INDEXED)


def searchable(model: type[Base]) -> None:
    """Register a model (with `id` and `search_text`) for substring search."""
    table: Any = model.__table__
    INDEXED.append(table.name)
    for statement in statements(table.name):
        # DDL takes a single % for a place to be filled in
        event.listen(table, "after_create", sa.DDL(statement.replace("%", "%%")).execute_if(dialect="sqlite"))
    for statement in (EXTENSION, trigrams(table.name)):
        event.listen(table, "after_create", sa.DDL(statement).execute_if(dialect="postgresql"))
    for statement in removal(table.name):
        event.listen(table, "before_drop", sa.DDL(statement).execute_if(dialect="sqlite"))


def folded(most: int, *names: str) -> MappedColumn[str]:
    """The column `search_text` of a model: what these columns of it say, folded, as rows are added and changed."""

    def added(context: DefaultExecutionContext) -> str:
        return _fold(context.get_current_parameters().get, names, most)  # type: ignore[no-untyped-call]  # has no types

    return mapped_column(sa.String(most), default=added, info={"folded": names})


def _fold(said: Callable[[str], Any], names: Sequence[str], most: int) -> str:
    return search_key(" ".join(said(name) or "" for name in names))[:most]


@event.listens_for(Mapper, "mapper_configured")
def _keep_folded(mapper: Mapper[Any], model: Any) -> None:
    column: Any = mapper.columns.get("search_text")
    if column is None or "folded" not in column.info:
        return

    @event.listens_for(model, "before_update")
    def changed(_: Mapper[Any], __: Any, row: Any) -> None:
        row.search_text = _fold(partial(getattr, row), column.info["folded"], column.type.length)


@contextmanager
def in_bulk(model: type[Base], changed: Sequence[int] = ()) -> Iterator[None]:
    """Many rows are added, and those of these ids given another text, in the transaction that is open: the index takes
    them all in one statement. Row by row, as the triggers do it, that is fifteen times the work.
    """
    table: Any = model.__table__
    if db.engine.dialect.name != "sqlite" or table.name not in INDEXED:
        yield
        return
    run = db.session.connection().exec_driver_sql
    indexes = list(_indexes(table.name))
    triggers = [f"{index}_{verb}" for index in indexes for verb in ("insert", "update")]
    last = run(f"SELECT coalesce(max(id), 0) FROM {table.name}").scalar()
    for trigger in triggers:
        run(f"DROP TRIGGER {trigger}")
    for index in indexes:
        _feed(run, table.name, index, f"{index}, rowid", "'delete', id", changed)
    yield
    for index in indexes:
        _feed(run, table.name, index, "rowid", "id", changed)
        new = f"SELECT id, search_text FROM {table.name} WHERE id > {last}"
        run(f"INSERT INTO {index}(rowid, search_text) {new}")
    for statement in statements(table.name):
        if any(f"{trigger} " in statement for trigger in triggers):
            run(statement)


def _feed(run: Any, table: str, index: str, into: str, chosen: str, keys: Sequence[int]) -> None:
    """Put these rows into the index, or ('delete') take them out as they are."""
    for start in range(0, len(keys), 5_000):
        among = ", ".join(str(int(key)) for key in keys[start : start + 5_000])
        those = f"SELECT {chosen}, search_text FROM {table} WHERE id IN ({among})"
        run(f"INSERT INTO {index}({into}, search_text) {those}")


def matches(model: type[Base], typed: str, *, among_few: bool = False) -> sa.ColumnElement[bool]:
    """Rows of `model` whose search text contains every typed word, folded and whatever stands between them.

    An empty text matches all, one without a letter or a digit nothing. A word of one or two begins one of the text. A
    number typed together finds the one that is written apart (bk02 BK-02, 1192000 1192-000). `among_few`: other
    conditions leave so few rows that each is looked up among those found, instead of all found being read.
    """
    table: Any = model.__table__
    words = search_words(typed)
    if typed.strip() and not words:
        return sa.false()
    if db.engine.dialect.name == "sqlite":
        # one letter finds a share of all there are: looked up while the list's own index is read, not gathered first
        key = table.c.id + 0 if among_few or all(len(word) == 1 for word in words) else table.c.id
        return sa.and_(sa.true(), *(key.in_(found) for found in _indexed(table.name, words)))
    long, short = _apart(words)
    text = sa.literal_column("' '", sa.Text) + table.c.search_text  # as the index has it
    conditions = [sa.or_(*(text.like(f"%{way}%") for way in ways)) for ways in long]
    conditions += [text.op("~")(f"[{BREAKS}]{word}") for word in short]
    return sa.and_(sa.true(), *conditions)


def matching(model: type[Base], typed: str) -> sa.Select[Any]:
    """The ids of the same rows, to be put together with what is found elsewhere: where one index knows them all, from
    that alone.
    """
    table: Any = model.__table__
    words = search_words(typed) if db.engine.dialect.name == "sqlite" else []
    known = _indexed(table.name, words)
    return known[0] if len(known) == 1 else sa.select(table.c.id).where(matches(model, typed))


def _apart(words: Sequence[str]) -> tuple[list[list[str]], list[str]]:
    """Each long word as it may be written; and the short ones: trigrams find nothing shorter than three letters."""
    return [_spellings(word) for word in words if len(word) >= 3], [word for word in words if len(word) < 3]


def _indexed(table: str, words: Sequence[str]) -> list[sa.Select[Any]]:
    """What each search table (of SQLite) that is asked finds of these words."""
    long, short = _apart(words)
    each = ["(" + " OR ".join(f'"{way}"' for way in ways) + ")" for ways in long]
    asked = {f"{table}_search": each, f"{table}_search_words": [f'"{word}" *' for word in short]}
    return [_found(name, " AND ".join(parts)) for name, parts in asked.items() if parts]


def holds(column: Any, typed: str) -> sa.ColumnElement[bool]:
    """The same of a folded column without an index, of a table with hundreds of rows."""
    words = search_words(typed)
    return sa.and_(sa.true() if words else sa.false(), *(column.contains(one, autoescape=True) for one in words))


BREAKS = re.escape("".join(sign for sign in map(chr, range(0x20, 0xC0)) if not sign.isalnum()))
"""What may stand before a word, sign by sign: from "anything but these", and from signs beyond Latin 1 (which texts
rarely keep, see `turkish.normalise`), the index of trigrams learns nothing, and every row would be read.
"""


def _found(name: str, query: str) -> sa.Select[Any]:
    index = sa.table(name, sa.column("rowid", sa.Integer))
    return sa.select(index.c.rowid).where(sa.literal_column(name).op("MATCH")(query))


LONGEST_NUMBER = 24


def _spellings(word: str) -> list[str]:
    """The word, and what a number may be written like: apart where letters and digits meet, or at a dash anywhere."""
    parts = re.findall("[0-9]+|[^0-9]+", word)
    if len(parts) > 1 and len(word) <= LONGEST_NUMBER:
        return [word, "-".join(parts), "/".join(parts)]
    if word.isdigit() and 5 <= len(word) <= LONGEST_NUMBER:
        return [word, *(f"{word[:at]}-{word[at:]}" for at in range(1, len(word)))]
    return [word]
