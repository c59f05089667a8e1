"""Every list has the same order on both databases, whatever it is sorted by."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

import config
from app import create_app
from app.access.models import User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.core.db import db, reading
from app.core.errors import Missing
from app.core.paging import ListQuery, directed
from app.lists.known import LISTS
from tests import databases, factories
from tests.laws.rooms import told


def test_what_may_be_empty_says_where_it_stands(app: Flask) -> None:
    """SQLite puts it first, PostgreSQL last."""
    unsaid = [
        f"{each.name}, sorted by {sort}: {column}"
        for each in LISTS.on(app).values()
        for sort, columns in each.sorts.items()
        for column in columns
        if getattr(column, "nullable", False) or getattr(getattr(column, "expression", None), "nullable", False)
    ]
    assert not unsaid, "Write `sa.nulls_first(…)`:\n" + "\n".join(unsaid)


def on(address: str, folder: Path) -> Flask:
    chosen = config.Testing()
    chosen.INSTANCE_PATH, chosen.SQLALCHEMY_DATABASE_URI = folder, address
    return create_app(chosen)


@pytest.fixture
def both(tmp_path: Path, crawl_template: Path) -> Iterator[tuple[Flask, Flask]]:
    """The example programme on either database."""
    lite, address = on(f"sqlite:///{crawl_template}", tmp_path / "lite"), databases.made()
    large = on(address, tmp_path / "large")
    with large.app_context():
        db.create_all()
    databases.copy(sa.create_engine(f"sqlite:///{crawl_template}", poolclass=sa.NullPool), address)
    yield lite, large
    for app in (lite, large):
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    databases.dropped(address)


def orders(app: Flask) -> dict[str, list[int]]:
    """The ids of each list in each of its orders."""
    found: dict[str, list[int]] = {}
    with app.app_context(), app.test_request_context(), reading():
        by = caller_of(db.session.scalars(EVERYWHERE.select(User).where(User.email.like("admin@%"))).one())
        for each in LISTS.on(app).values():
            for key, whole in wholes(each.of, by):
                for sort in each.sorts:
                    for falling in (False, True):
                        asked = ListQuery(sort=sort, descending=falling)
                        rows = each.rows(by.scope_for(each.access), asked, *whole)
                        ids = db.session.scalars(rows.ids.order_by(*directed(rows.order, falling)))
                        found[f"{each.name}, {sort}{' falling' * falling}, of {key}"] = list(ids)
        db.session.remove()
    return found


def wholes(of: Any, by: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    if of is None:
        yield 0, ()
        return
    for key in range(1, 4):
        with contextlib.suppress(Missing):
            yield key, (of(by, key),)


@pytest.mark.postgresql
def test_each_list_has_one_order(both: tuple[Flask, Flask]) -> None:
    lite, large = (contextvars.Context().run(orders, app) for app in both)
    compared = [name for name in lite if len(lite[name]) > 1]
    assert len(compared) > 20, told(compared, "These lists alone have rows to be put in an order: see `orders` above.")
    other = [name for name in {**lite, **large} if lite.get(name) != large.get(name)]
    assert not other, told(other, "Their order differs on PostgreSQL: write `sa.nulls_first(…)` in the list's sorts.")


@pytest.mark.postgresql
def test_rows_of_a_test_lie_in_the_order_they_came(app: Flask) -> None:
    """Not between those of the tests before it, now here, now there: what says no order is always red, or never."""
    factories.theme()
    db.session.commit()
    databases.empty()
    factories.theme()
    db.session.commit()
    assert db.session.scalar(sa.text("SELECT ctid::text FROM themes")) == "(0,1)", "the first place of the first page"
