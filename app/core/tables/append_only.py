"""Tables that are only ever added to: the database itself refuses to change or delete a row of theirs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from app.core.db import Base

POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"
)


def statements(table: str, dialect: str) -> list[str]:
    """The SQL that has a database watch over a table."""
    if dialect == "postgresql":
        events = "UPDATE OR DELETE OR TRUNCATE"
        watch = f"CREATE TRIGGER {table}_kept BEFORE {events} ON {table} EXECUTE FUNCTION only_added_to()"
        return [POSTGRESQL_FUNCTION, watch]
    return [
        f"CREATE TRIGGER {table}_kept_{verb.lower()} BEFORE {verb} ON {table} BEGIN"
        f" SELECT RAISE(ABORT, '{table} is only added to'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def append_only(model: type[Base]) -> None:
    """Register a model whose rows stay as they were written."""
    table: Any = model.__table__
    table.info["append_only"] = True
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(table.name, dialect):
            # DDL takes a single % for a place to be filled in
            made = sa.DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
            event.listen(table, "after_create", made)


def tables() -> set[str]:
    """The names of all that were registered."""
    return {name for name, table in Base.metadata.tables.items() if table.info.get("append_only")}
