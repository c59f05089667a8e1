"""Many rows, quickly: each gets its id beforehand, and all are written in the order their foreign keys ask for."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.core.db import Base, db

CHUNK = 5_000


class Ledger:
    """Rows to be written in one transaction that somebody else commits. Only for an empty database."""

    def __init__(self) -> None:
        self._last: dict[str, int] = defaultdict(int)
        self._rows: dict[sa.Table, list[dict[str, Any]]] = defaultdict(list)
        self._blanks: dict[sa.Table, dict[str, Any]] = {}

    def add(self, model: type[Base], **values: Any) -> int:
        """Note a row and return its id. Moments must be given: a default that asks the clock would not repeat."""
        table = cast(sa.Table, model.__table__)
        blank = self._blanks.get(table) or self._blank(table)
        self._last[table.name] = number = self._last[table.name] + 1
        row = {**blank, "id": number, **values}
        if len(row) != len(table.columns):
            wrong = set(row) ^ set(table.columns.keys())
            raise ValueError(f"{table.name}: {', '.join(sorted(wrong))}")
        self._rows[table].append(row)
        return number

    def count(self, model: type[Base]) -> int:
        """How many rows of a model were added so far."""
        return self._last[cast(sa.Table, model.__table__).name]

    def flush(self) -> None:
        """Write what was added since the last time; what it points at must be in this batch or an earlier one."""
        for table in Base.metadata.sorted_tables:
            rows = self._rows.pop(table, [])
            for start in range(0, len(rows), CHUNK):
                db.session.execute(sa.insert(table), rows[start : start + CHUNK])

    def change(self, model: type[Base], key: int, **values: Any) -> None:
        """Change a row already written: for pointers in a circle."""
        table = cast(sa.Table, model.__table__)
        changed = sa.update(table).where(table.c.id == key).values(**values)
        db.session.execute(EVERYWHERE.trusting(changed, model))  # rows of its own, before anybody is there

    def _blank(self, table: sa.Table) -> dict[str, Any]:
        blank: dict[str, Any] = {}
        for column in table.columns:
            if column.default is not None and column.default.is_scalar:
                blank[column.name] = cast(Any, column.default).arg
            elif column.nullable:
                blank[column.name] = None
        self._blanks[table] = blank
        return blank

    def close(self) -> None:
        """Let the database know how large it is now; where ids come from sequences, let them go on behind ours."""
        db.session.execute(sa.DDL("ANALYZE"))
        if db.engine.dialect.name != "postgresql":
            return
        for name, last in self._last.items():
            sequence = sa.func.pg_get_serial_sequence(name, "id")
            db.session.execute(sa.select(sa.func.setval(sequence, last)))


def is_empty() -> bool:
    """Whether no table of the programme holds a row."""
    for mapper in Base.registry.mappers:
        one = sa.select(sa.literal(1)).select_from(mapper.local_table).limit(1)
        if db.session.scalar(EVERYWHERE.trusting(one, mapper.class_)) is not None:  # any row counts
            return False
    return True
