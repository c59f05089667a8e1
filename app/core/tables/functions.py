"""What both databases can do and each says in its own way, written like functions of SQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class year_of(FunctionElement[int]):  # noqa: N801 it is written like a function of SQL
    """The year of a date. SQLite, which keeps a date as a text, reckons with it three times as long as it cuts it."""

    type = sa.Integer()
    inherit_cache = True


@compiles(year_of, "sqlite")
def _year_on_sqlite(element: year_of, compiler: Any, **options: Any) -> str:
    return f"CAST(substr({compiler.process(element.clauses, **options)}, 1, 4) AS INTEGER)"


@compiles(year_of, "postgresql")
def _year_on_postgresql(element: year_of, compiler: Any, **options: Any) -> str:
    return f"CAST(EXTRACT(year FROM {compiler.process(element.clauses, **options)}) AS INTEGER)"


class over_by(FunctionElement[bool]):  # noqa: N801 it is written like a function of SQL
    """Whether a day and a time on the wall in Türkiye had come by a `UtcDateTime` (see `local_date`)."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(over_by, "sqlite")
def _over_on_sqlite(element: over_by, compiler: Any, **options: Any) -> str:
    day, wall, moment = (compiler.process(each, **options) for each in element.clauses)
    return f"({day} || ' ' || {wall} <= strftime('%Y-%m-%d %H:%M:%f', {moment}, '+3 hours') || '000')"


@compiles(over_by, "postgresql")
def _over_on_postgresql(element: over_by, compiler: Any, **options: Any) -> str:
    day, wall, moment = (compiler.process(each, **options) for each in element.clauses)
    return f"({day} + {wall} <= {moment} + INTERVAL '3 hours')"


class among(FunctionElement[bool]):  # noqa: N801 it is written like a function of SQL
    """Whether a column is one of the few a scalar subquery finds, which names what it is joined to: they are looked up
    by their index. PostgreSQL would try every row there is with an IN, and look up an array.
    """

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> among:
        """It is a condition as it stands: `… = 1` around it would hide it from the index."""
        return self


@compiles(among, "sqlite")
def _among_on_sqlite(element: among, compiler: Any, **options: Any) -> str:
    column, few = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN {few}"


@compiles(among, "postgresql")
def _among_on_postgresql(element: among, compiler: Any, **options: Any) -> str:
    column, few = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY(ARRAY{few})"


class as_object(FunctionElement[str]):  # noqa: N801 it is written like a function of SQL
    """Rows as one object of JSON, as a text: of each a key and a value that is JSON."""

    type = sa.Text()
    inherit_cache = True


@compiles(as_object, "sqlite")
def _object_on_sqlite(element: as_object, compiler: Any, **options: Any) -> str:
    key, value = (compiler.process(each, **options) for each in element.clauses)
    return f"json_group_object({key}, json({value}))"


@compiles(as_object, "postgresql")
def _object_on_postgresql(element: as_object, compiler: Any, **options: Any) -> str:
    return f"CAST(json_object_agg({compiler.process(element.clauses, **options)}) AS TEXT)"
