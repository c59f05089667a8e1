"""What `flask db migrate` sees of the schema, and how it writes what changed."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops

from app.core.db import UtcDateTime
from app.core.search import is_search_table

rewriter = Rewriter()


@rewriter.rewrites(ops.AddColumnOp)
def give_rows_the_default(_context: Any, _revision: Any, operation: ops.AddColumnOp) -> ops.AddColumnOp:
    """A new column that may not be empty: the rows that stand take the model's default."""
    column = operation.column
    default: Any = column.default
    if column.nullable or column.server_default is not None or default is None:
        return operation
    value = default.arg
    if default.is_callable:
        value = {"dict": "{}", "list": "[]"}.get(value.__name__)
    if value is not None:
        operation.column = column._copy()
        sa.DefaultClause(str(int(value) if isinstance(value, bool) else value))._set_parent(operation.column)
    return operation


def number(context: Any, revision: Any, scripts: list[Any]) -> None:
    """A new script takes the next number; where nothing changed, `flask db migrate` writes none."""
    rewriter(context, revision, scripts)
    if getattr(context.config.cmd_opts, "autogenerate", False) and scripts[0].upgrade_ops.is_empty():
        scripts.clear()
        context.config.print_stdout("The migrations already make what the models say: there is nothing to write.")
        return
    scripts[0].rev_id = f"{int(context.script.get_current_head() or 0) + 1:04}"


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Search tables are made by triggers' side; they are no model's."""
    return not (kind == "table" and name is not None and is_search_table(name))


def stands_alone(thing: Any, _name: str | None, kind: str, reflected: bool, compared_to: Any) -> bool:
    """The CHECK of a new column's type comes with the column."""
    return not (kind == "check_constraint" and not reflected and compared_to is None and thing._type_bound)


def render_item(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """Custom column types by their module, imported where they are used."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        autogen.imports.add("from app.core.db import UtcDateTime")
        return "UtcDateTime()"
    return False
