"""What SQLite knows of how many rows are alike, by which it chooses an index; PostgreSQL looks by itself."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app.core.db import db, reading

GROWN = 10
FEW = 1_000
"""Of so few rows any way to them is a short one."""

_known = sa.table("sqlite_stat1", sa.column("tbl"), sa.column("stat"))
_things = sa.table("sqlite_master", sa.column("name"))


def refresh() -> None:
    """Look again at tables with `GROWN` times the rows they had when they were last looked at, or never were."""
    if db.engine.dialect.name != "sqlite":
        return
    with reading():
        tables = _grown()
        db.session.rollback()
    for table in tables:
        db.session.execute(sa.DDL(f"ANALYZE {table}"))
        # only a change of tables makes processes that run read what is known
        db.session.execute(sa.DDL("CREATE VIEW looked_at AS SELECT 1"))
        db.session.execute(sa.DDL("DROP VIEW looked_at"))
        db.session.commit()


def _grown() -> list[str]:
    ever = db.session.scalar(sa.select(sa.exists().where(_things.c.name == _known.name)))
    known: dict[str, int] = {}
    for table, stat in db.session.execute(sa.select(_known)) if ever else ():
        known[table] = max(known.get(table, 0), int((stat or "0").split()[0]))
    tables = {name: sa.table(name, sa.column("rowid")) for name in db.metadata.tables}
    last = _asked({name: sa.func.coalesce(sa.func.max(one.c.rowid), 0) for name, one in tables.items()}, tables)
    least = {name: max(FEW, GROWN * known.get(name, 0)) for name in tables}
    # the last id is found at once; where rows come and go it says nothing, and only then are they counted
    perhaps = [name for name in tables if last[name] >= least[name]]
    number = _asked({name: sa.func.count() for name in perhaps}, tables)
    return [name for name in perhaps if number[name] >= least[name]]


def _asked(what: Mapping[str, sa.ColumnElement[int]], tables: Mapping[str, sa.TableClause]) -> dict[str, int]:
    """A figure of each table, in one statement."""
    each = [
        sa.select(sa.literal(name).label("name"), figure.label("figure")).select_from(tables[name])
        for name, figure in what.items()
    ]
    return {row.name: row.figure for row in db.session.execute(sa.union_all(*each))} if each else {}
