"""Runs migrations inside the application (flask --app wsgi db …)."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from app.core.db import UtcDateTime, set_writing
from app.core.search import is_search_table

database = current_app.extensions["migrate"].db


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Search tables are made by triggers' side; they are no model's."""
    return not (kind == "table" and name is not None and is_search_table(name))


def render_item(kind: str, thing: Any, autogen: Any) -> str | bool:
    """Custom column types by their module, imported where they are used."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        autogen.imports.add("from app.core.db import UtcDateTime")
        return "UtcDateTime()"
    return False


def run() -> None:
    set_writing(True)
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            include_name=include_name,
            render_item=render_item,
            compare_type=True,
            render_as_batch=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
