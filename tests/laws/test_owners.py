"""The lens: every table says whose its rows are, and a query that does not ask raises."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.models import User
from app.access.scope import EVERYWHERE, NOTHING, Scope, UnscopedQuery
from app.core.db import Base, db
from app.people.models import Employee
from tests.cast import Cast
from tests.laws.rooms import APP, floors, python_files, room_of

BELOW_THE_LENS = {"core", "language", "calendar", "audit", "files", "paper", "post", "web"}
TEXT_ALLOWED = {"core/search.py", "core/db.py", "core/migrations.py", "web/health.py", "serving.py"}


def test_every_table_says_whose_its_rows_are(app: Flask) -> None:
    silent = [
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if room_of(mapper.class_.__module__) not in BELOW_THE_LENS and not hasattr(mapper.class_, "__scope__")
    ]
    assert not silent


def test_an_unscoped_query_raises(app: Flask, cast: Cast) -> None:
    for statement in (
        sa.select(Employee),
        sa.select(sa.func.count()).select_from(Employee),
        sa.select(User.email),
        sa.update(Employee).values(phone="1"),
        sa.delete(Employee),
        EVERYWHERE.select(User).join(Employee, Employee.user_id == User.id),
    ):
        with pytest.raises(UnscopedQuery):
            db.session.execute(statement)


def test_a_scope_sees_its_own_and_nothing_else(app: Flask, cast: Cast) -> None:
    nizip = Scope(organisations=frozenset({cast.nizip}))
    names = set(db.session.scalars(nizip.restrict(sa.select(Employee.given_name), Employee)))
    assert names == {"Elif", "Işık"}
    assert db.session.scalars(NOTHING.select(Employee)).all() == []
    own = Scope(own_user=cast.users["staff"])
    assert [e.given_name for e in db.session.scalars(own.select(Employee))] == ["Elif"]


def test_no_text_sql_and_no_raw_connections() -> None:
    """They would pass the alarm unseen; the few places that may are named."""
    forbidden = re.compile(r"\b(sa\.text\(|exec_driver_sql|db\.engine\.(connect|begin)|raw_connection)")
    found = {
        path.relative_to(APP).as_posix()
        for path in python_files()
        if forbidden.search(
            re.sub(r"sqlite_where=sa\.text|postgresql_where=sa\.text|sa\.text\(\"coalesce", "", path.read_text("utf-8"))
        )
    }
    assert {f for f in found if not f.startswith("demo/")} <= TEXT_ALLOWED


def test_pointers_are_singular_and_go_down(app: Flask) -> None:
    for mapper in Base.registry.mappers:
        for relationship in mapper.relationships:
            assert not relationship.uselist, relationship
            assert relationship.lazy == "raise_on_sql", relationship


def test_foreign_keys_obey_the_floors(app: Flask) -> None:
    heights = floors()
    room = {mapper.local_table.name: room_of(mapper.class_.__module__) for mapper in Base.registry.mappers}
    climbing = [
        f"{table.name}.{key.parent.name} -> {key.column.table.name}"
        for table in db.metadata.tables.values()
        for key in table.foreign_keys
        if heights[room[key.column.table.name]] > heights[room[table.name]]
    ]
    assert not climbing


def test_every_foreign_key_is_indexed(app: Flask) -> None:
    bare = []
    for table in db.metadata.tables.values():
        leading = {next(iter(i.columns)).name for i in table.indexes if len(i.columns)} | {
            next(iter(c.columns)).name
            for c in table.constraints
            if isinstance(c, sa.UniqueConstraint) and len(c.columns)
        }
        bare += [f"{table.name}.{k.parent.name}" for k in table.foreign_keys if k.parent.name not in leading]
    assert not bare
