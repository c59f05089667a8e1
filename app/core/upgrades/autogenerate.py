"""What `flask db migrate` sees of the schema, and how it writes what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import sqlalchemy as sa
from alembic.operations import ops

from app.core.db import UtcDateTime
from app.core.search import is_search_index, is_search_table

BLANK = {str: "", int: "0", bool: "0"}


def number(context: Any, _revision: Any, scripts: list[Any]) -> None:
    """A new script takes the next number; where nothing changed, `flask db migrate` writes none."""
    script = scripts[0]
    if getattr(context.config.cmd_opts, "autogenerate", False) and script.upgrade_ops.is_empty():
        scripts.clear()
        context.config.print_stdout("The migrations already make what the models say: there is nothing to write.")
        return
    for added in columns_added(script.upgrade_ops):
        fill(added, model_default(added.column))
    for added in columns_added(script.downgrade_ops):  # read from the database, which knows no default of a model
        fill(added, BLANK.get(added.column.type.python_type))
    for gone in dropped(script.upgrade_ops):
        context.config.print_stdout(
            "%s goes, and what it holds. If it is only called otherwise, write op.alter_column(…, new_column_name=…)"
            " or op.rename_table in its place; if it moved, move its values first.",
            gone,
        )
    newest = context.script.get_current_head() or "0"
    if newest.isdigit():
        script.rev_id = f"{int(newest) + 1:04}"


def columns_added(container: ops.OpContainer) -> Iterator[ops.AddColumnOp]:
    for operation in container.ops:
        if isinstance(operation, ops.OpContainer):
            yield from columns_added(operation)
        elif isinstance(operation, ops.AddColumnOp):
            yield operation


def fill(added: ops.AddColumnOp, value: str | None) -> None:
    """A column that may not be empty: the rows that stand take this value."""
    if not added.column.nullable and added.column.server_default is None and value is not None:
        added.column = added.column._copy()
        sa.DefaultClause(value)._set_parent(added.column)


def model_default(column: sa.Column[Any]) -> str | None:
    default: Any = column.default
    if default is None:
        return None
    if default.is_callable:
        return {"dict": "{}", "list": "[]"}.get(default.arg.__name__)
    return str(int(default.arg) if isinstance(default.arg, bool) else default.arg)


def dropped(upgrade: ops.UpgradeOps) -> list[str]:
    differences = [each for each in upgrade.as_diffs() if isinstance(each[0], str)]
    columns = [f"{each[2]}.{each[3].name}" for each in differences if each[0] == "remove_column"]
    return columns + [each[1].name for each in differences if each[0] == "remove_table"]


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Search tables and search indexes are made by `searchable`'s side; they are no model's."""
    searched = {"table": is_search_table, "index": is_search_index}.get(kind)
    return not (searched and name is not None and searched(name))


def stands_alone(thing: Any, _name: str | None, kind: str, reflected: bool, compared_to: Any) -> bool:
    """The CHECK of a new column's type comes with the column."""
    return not (kind == "check_constraint" and not reflected and compared_to is None and thing._type_bound)


def render_item(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """Custom column types by their module, imported where they are used."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        autogen.imports.add("from app.core.db import UtcDateTime")
        return "UtcDateTime()"
    return False
