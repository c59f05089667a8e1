"""The lens: every table says whose its rows are, and a query that does not ask raises."""

from __future__ import annotations

import ast
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import aliased

from app.access.models import Organisation, User
from app.access.scope import EVERYWHERE, NOTHING, Scope, UnscopedQuery, within
from app.core.db import Base, db
from app.people.models import Employee
from tests.cast import Cast
from tests.laws.rooms import APP, floors, python_files, room_of, told

BELOW_THE_LENS = {"core", "language", "calendar", "audit", "files", "paper", "post", "web"}
TEXT_ALLOWED = {
    "core/upgrades/alteration.py",
    "core/db.py",
    "core/upgrades/migrations.py",
    "core/tables/bulk.py",
    "core/upgrades/moving.py",  # all there is, into another database
    "core/upgrades/stores.py",
    "core/search.py",
    "serving.py",
    "web/edge/health.py",
}


def test_every_table_says_whose_its_rows_are(app: Flask) -> None:
    silent = [
        f"{mapper.class_.__module__}.{mapper.class_.__name__}"
        for mapper in Base.registry.mappers
        if room_of(mapper.class_.__module__) not in BELOW_THE_LENS and not hasattr(mapper.class_, "__scope__")
    ]
    assert not silent, told(
        silent,
        "These models do not say whose their rows are. Give each a `__scope__` (the rules stand in"
        " app/access/scope.py): OwnedBy a column, OwnedThrough a parent, Everyone, or Nobody.",
    )


def raises(statement: sa.Executable) -> bool:
    try:
        db.session.execute(statement)
    except UnscopedQuery:
        return True
    return False


def test_an_unscoped_query_raises(app: Flask, cast: Cast) -> None:
    statements = (
        sa.select(Employee),
        sa.select(sa.func.count()).select_from(Employee),
        sa.select(User.email),
        sa.update(Employee).values(phone="1"),
        sa.delete(Employee),
        EVERYWHERE.select(User).join(Employee, Employee.user_id == User.id),
    )
    unseen = [statement for statement in statements if not raises(statement)]
    assert not unseen, told(
        unseen,
        "These ran though no scope restricted them. Either the `__scope__` of Employee or User became Everyone(),"
        " or the alarm has a hole: mend `refuse_unscoped` in app/access/scope.py.",
    )


def test_the_alarm_asks_again_for_a_shape_it_has_let_pass(app: Flask, cast: Cast) -> None:
    """A verdict is kept with the compiled statement: for the same tables and aliases covered, and no others."""
    hole = "The verdict kept for one statement let another pass: mend `_kinds` in app/access/scope.py."
    statement = sa.select(Employee.id)
    db.session.execute(EVERYWHERE.restrict(statement, Employee))
    assert raises(statement), hole
    first, second = aliased(Employee), aliased(Employee)
    pair = sa.select(first.id).join(second, second.id == first.supervisor_id)
    db.session.execute(EVERYWHERE.restrict(pair, first, second))
    assert raises(EVERYWHERE.restrict(pair, first)), hole
    assert raises(EVERYWHERE.restrict(pair, Employee)), hole
    assert raises(pair), hole


def test_within_holds_rows_to_a_loaded_parent(app: Flask, cast: Cast) -> None:
    nizip = EVERYWHERE.get(Organisation, cast.nizip)
    user = EVERYWHERE.get(User, cast.users["staff"])
    mend = "See `Within` in app/access/scope.py."
    staff = {e.given_name for e in db.session.scalars(within(nizip).select(Employee))}
    assert staff == {"Elif", "Işık"}, f"Nizip's own staff came as {sorted(staff)}. {mend}"
    both = [e.given_name for e in db.session.scalars(within(nizip, user).select(Employee))]
    assert both == ["Elif"], f"below two parents came {both}, not the one row below both. {mend}"
    joined = sa.select(User.id).join(Employee, Employee.user_id == User.id)
    assert len(db.session.execute(within(nizip).restrict(joined, User, Employee)).all()) == 1, mend
    assert raises(within(nizip).restrict(joined, Employee)), f"`within` covered User, which was not named. {mend}"
    with pytest.raises(TypeError):  # no row of User points at an organisation: nothing would hold it
        within(nizip).select(User)


def test_a_scope_sees_its_own_and_nothing_else(app: Flask, cast: Cast) -> None:
    nizip = Scope(organisations=frozenset({cast.nizip}))
    names = set(db.session.scalars(nizip.restrict(sa.select(Employee.given_name), Employee)))
    rule = "Employee.__scope__ (app/people/models.py) decides this; tests/cast.py says who works where."
    assert names == {"Elif", "Işık"}, f"the scope of Nizip sees {sorted(names)}, not its own two. {rule}"
    found = db.session.scalars(NOTHING.select(Employee)).all()
    assert found == [], f"a scope over nothing sees {len(found)} people. {rule}"
    own = Scope(own_user=cast.users["staff"])
    found_names = [e.given_name for e in db.session.scalars(own.select(Employee))]
    assert found_names == ["Elif"], f"a staff member sees {found_names}, not herself alone. {rule}"


def test_every_use_of_everywhere_says_why() -> None:
    """Beside it or on the line above: it passes by whoever asks."""
    reason = re.compile(r"(^\s*|  )# (?!type:|noqa)")
    silent = []
    for path in python_files():
        text = path.read_text("utf-8")
        if "app.access.scope" not in text:
            continue
        lines = ["", *text.splitlines()]
        nodes = ast.walk(ast.parse(text))
        uses = {
            n.lineno for n in nodes if isinstance(n, ast.Name) and n.id == "EVERYWHERE" and isinstance(n.ctx, ast.Load)
        }
        for number in sorted(uses):
            if not reason.search(lines[number]) and not lines[number - 1].lstrip().startswith("# "):
                silent.append(f"app/{path.relative_to(APP).as_posix()}:{number}: {lines[number].strip()}")
    assert not silent, told(
        silent,
        "These see everybody's rows and do not say why they may. Below a row that was loaded through a scope, start from"
        " that row: `within(parent)` (app/access/scope.py). For a job, a listener or a rule that must see all of them,"
        " write the reason beside it: `EVERYWHERE.select(Job)  # the worker does everybody's`.",
    )


def test_no_text_sql_and_no_raw_connections() -> None:
    """They would pass the alarm unseen; the few places that may are named."""
    forbidden = re.compile(r"\b(sa\.text\(|exec_driver_sql|db\.engine\.(connect|begin)|raw_connection)")
    of_an_index = re.compile(r"sqlite_where=sa\.text|postgresql_where=sa\.text|sa\.text\(\"coalesce")
    found = {
        path.relative_to(APP).as_posix(): match.group()
        for path in python_files()
        if (match := forbidden.search(of_an_index.sub("", path.read_text("utf-8"))))
    }
    assert {f for f in found if not f.startswith("demo/")} <= TEXT_ALLOWED, told(
        [f"app/{f}: {how}" for f, how in found.items() if not f.startswith("demo/") and f not in TEXT_ALLOWED],
        "The lens cannot read these. Say it as a query in the room's queries.py, restricted by a Scope"
        " (`scope.select(Model)`). Only what works on the database itself and reads nobody's rows may be added to"
        " TEXT_ALLOWED above this test.",
    )


def test_pointers_are_singular_and_go_down(app: Flask) -> None:
    for mapper in Base.registry.mappers:
        for relationship in mapper.relationships:
            assert not relationship.uselist, (
                f"{relationship} is a collection. Take it out and ask for these rows in the room's queries.py, with a"
                " scope: a relationship is many-to-one and points to the same room or a lower one."
            )
            assert relationship.lazy == "raise_on_sql", (
                f'{relationship} loads by itself (lazy="{relationship.lazy}"). Write relationship(lazy="raise_on_sql")'
                " and load it in the query that needs it, with .options(joinedload(…))."
            )


def test_foreign_keys_obey_the_floors(app: Flask) -> None:
    heights = floors()
    room = {mapper.local_table.name: room_of(mapper.class_.__module__) for mapper in Base.registry.mappers}
    climbing = [
        f"{table.name}.{key.parent.name} -> {key.column.table.name}"
        for table in db.metadata.tables.values()
        for key in table.foreign_keys
        if heights[room[key.column.table.name]] > heights[room[table.name]]
    ]
    assert not climbing, told(
        climbing,
        "These keys point from a lower room to a higher one (the floors stand in pyproject.toml, [tool.importlinter])."
        " Turn the pointer round: a table of the upper room points down, or the model moves to the upper room.",
    )


def test_every_foreign_key_is_indexed(app: Flask) -> None:
    bare = []
    for table in db.metadata.tables.values():
        leading = {next(iter(i.columns)).name for i in table.indexes if len(i.columns)} | {
            next(iter(c.columns)).name
            for c in table.constraints
            if isinstance(c, sa.UniqueConstraint) and len(c.columns)
        }
        bare += [f"{table.name}.{k.parent.name}" for k in table.foreign_keys if k.parent.name not in leading]
    assert not bare, told(
        bare,
        "No index begins with these foreign keys. Make the column with `points_to(…)` (app/core/db.py), which adds"
        ' one, then write its migration: `flask --app wsgi db migrate -m "…"`.',
    )
