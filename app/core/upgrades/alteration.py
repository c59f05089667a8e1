"""How Alembic alters tables here: a careful dialect each for SQLite and PostgreSQL, in force once this is imported.

SQLite alters most of a table by making it anew: a copy under another name, the rows, away with the old one, the
name back. What reflection does not see goes with the old one, so it is made again here.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.ddl._autogen import ComparisonResult
from alembic.ddl.impl import DefaultImpl
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.ddl.sqlite import SQLiteImpl
from alembic.operations.batch import ApplyBatchImpl

TEMPORARY = "_alembic_tmp_"
NOTHING = frozenset(("", "null"))


class Careful(DefaultImpl):
    """What both dialects do alike.

    `lost` lists what dropped tables and columns held, e.g. "trainer_absences (12 rows)". A downgrade that drops what
    its upgrade computes says so by emptying it first.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lost: list[str] = []

    @property
    def bind(self) -> sa.Connection:
        if self.connection is None:
            raise RuntimeError("migrations are run on a database, never written out as SQL")
        return self.connection

    def drop_table(self, table: sa.Table, **options: Any) -> None:
        self.note_table(table.name)
        super().drop_table(table, **options)

    def drop_column(self, table_name: str, column: sa.Column[Any], **options: Any) -> None:
        self.note_column(table_name, column.name)
        super().drop_column(table_name, column, **options)

    def note_table(self, name: str) -> None:
        self._note(name, sa.select(sa.func.count()).select_from(sa.table(name)))

    def note_column(self, table: str, name: str) -> None:
        """Note a column that holds more than blanks and its default, as far as the schema tells it."""
        found = next(column for column in sa.inspect(self.bind).get_columns(table) if column["name"] == name)
        usual = (
            str(found["default"] or "")
            .split("::")[0]
            .strip("()")
            .removeprefix("'")
            .removesuffix("'")
            .replace("''", "'")
        )
        column: sa.ColumnClause[Any] = sa.column(name, found["type"])
        meant = column.is_not(None) & sa.cast(column, sa.String).not_in(NOTHING | {usual})
        self._note(f"{table}.{name}", sa.select(sa.func.count()).select_from(sa.table(table, column)).where(meant))

    def _note(self, what: str, question: sa.Select[Any]) -> None:
        count = self.bind.scalar(question)
        if count:
            self.lost.append(f"{what} ({rows(count)})")

    def compare_check_constraint(
        self, metadata_constraint: sa.CheckConstraint, reflected_constraint: sa.CheckConstraint
    ) -> ComparisonResult:
        """By what they say, so that `flask db migrate` notices a new state; Alembic itself compares names alone."""
        now = self.essence(self.render_ddl_sql_expr(metadata_constraint.sqltext))
        was = self.essence(str(reflected_constraint.sqltext))
        return ComparisonResult.Equal() if now == was else ComparisonResult.Different([f"{was} is now {now}"])

    def essence(self, condition: str) -> str:
        """What two spellings of one condition have in common."""
        return " ".join(condition.split())


class CarefulPostgreSQL(Careful, PostgresqlImpl):
    __dialect__ = "postgresql"

    def prep_table_for_batch(self, batch_impl: ApplyBatchImpl, table: sa.Table) -> None:
        """Only where a table is made anew, which nothing here needs."""
        raise RuntimeError(
            f'On PostgreSQL {table.name} made anew would lose the sequence of its ids: write recreate="always" for'
            " SQLite alone."
        )

    def essence(self, condition: str) -> str:
        """It rewrites a condition with casts and arrays; what it is about are its constants."""
        return " ".join(sorted(re.findall(r"'[^']*'|\b\d+\b", condition)))


class CarefulSQLite(Careful, SQLiteImpl):
    __dialect__ = "sqlite"
    transactional_ddl = True  # Alembic expects the driver's own, lazy transactions; core.db begins them in earnest

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._unseen: dict[str, list[str]] = {}  # of each table being made anew: what will be made again

    def add_constraint(self, const: sa.Constraint, **_: Any) -> None:
        with op.batch_alter_table(const.table.name, recreate="always") as anew:
            anew.impl.add_constraint(const)

    def drop_constraint(self, const: sa.Constraint, **_: Any) -> None:
        with op.batch_alter_table(const.table.name, recreate="always") as anew:
            anew.impl.drop_constraint(const)

    def drop_column(self, table_name: str, column: sa.Column[Any], **_: Any) -> None:
        with op.batch_alter_table(table_name, recreate="always") as anew:
            anew.drop_column(column.name)

    def prep_table_for_batch(self, batch_impl: ApplyBatchImpl, table: sa.Table) -> None:
        """A dropped column takes along its CHECKs and indexes, as on PostgreSQL; reflection knows only their text."""
        self._unseen[table.name] = list(self.bind.exec_driver_sql(UNSEEN, (table.name,)).scalars())
        gone = [column.name for column in table.c if column.name not in batch_impl.column_transfers]
        for name in gone:
            self.note_column(table.name, name)
            named = re.compile(rf"\b{re.escape(name)}\b(?!\s*\()(?=(?:[^']*'[^']*')*[^']*$)")  # no function, no string
            new = batch_impl.new_table
            checks = [one for one in new.constraints if isinstance(one, sa.CheckConstraint)] if new is not None else []
            for check in checks:
                if named.search(str(check.sqltext)):
                    check.table.constraints.discard(check)
            for key, index in list(batch_impl.indexes.items()):
                if name in index.columns or named.search(str(index.dialect_options["sqlite"]["where"])):
                    del batch_impl.indexes[key]
            self._unseen[table.name] = [one for one in self._unseen[table.name] if not named.search(one)]

    def note_table(self, name: str) -> None:
        """One that is being made anew comes back; a copy that failed holds nothing of its own."""
        if name not in self._unseen and not name.startswith(TEMPORARY):
            super().note_table(name)

    def rename_table(self, old_table_name: str, new_table_name: str, schema: str | None = None) -> None:
        super().rename_table(old_table_name, new_table_name, schema=schema)
        for statement in self._unseen.pop(new_table_name, []):
            self.bind.exec_driver_sql(statement)


# triggers, and indexes on expressions: those have a column without a name
UNSEEN = """
    SELECT sql FROM sqlite_master AS thing
    WHERE tbl_name = ? AND (
        type = 'trigger'
        OR type = 'index' AND EXISTS (SELECT 1 FROM pragma_index_info(thing.name) AS part WHERE part.name IS NULL)
    )
"""


def rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
