"""One or two letters begin a word of what is found, and an index answers them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.models import User
from app.access.scope import EVERYWHERE
from app.catalogue.models import Course
from app.certificates.models import Certificate
from app.core.db import Base, db
from app.core.search import matches
from app.people.models import Employee
from app.post.models import Message
from app.trainers.models import Trainer
from tests.conftest import Stage
from tests.factories import employee


@pytest.fixture
def somebody(stage: Stage) -> Employee:
    return employee("Işıl Meryem", "Öztürk-Çelik", "AB/77-012", 1, email="i.ozturk@xyz-belediye.example")


def found(typed: str) -> list[int]:
    ids = EVERYWHERE.restrict(sa.select(Employee.id), Employee).where(matches(Employee, typed))
    return list(db.session.scalars(ids))


@pytest.mark.parametrize("typed", ["ış", "IS", "m", "me", "Öz", "çe", "ab", "77", "01", "oz xy", "ıs öztürk", "be"])
def test_a_word_that_begins_so_is_found(somebody: Employee, typed: str) -> None:
    assert somebody.id in found(typed)


@pytest.mark.parametrize("typed", ["sı", "ry", "12", "7 9", "le", "öz qx"])
def test_what_stands_inside_a_word_is_not(somebody: Employee, typed: str) -> None:
    assert somebody.id not in found(typed)


def test_a_new_name_is_found_and_the_old_one_no_more(somebody: Employee) -> None:
    somebody.set_identity("Xezal", "Yıldız", somebody.registry_no, somebody.email)
    db.session.flush()
    assert found("xe") == [somebody.id]
    assert somebody.id not in found("me")
    db.session.delete(somebody)
    db.session.flush()
    assert not found("xe")


def steps(typed: str) -> list[str]:
    """How the first page of the staff list is found."""
    ids = EVERYWHERE.restrict(sa.select(Employee.id), Employee).where(
        matches(Employee, typed), Employee.active == sa.true()
    )
    first = ids.order_by(Employee.name_sort, Employee.id).limit(50)
    asked = first.compile(db.engine, compile_kwargs={"literal_binds": True})
    return [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]


@pytest.mark.sqlite
@pytest.mark.parametrize("typed", ["a", "me", "me a", "me öztürk"])
def test_an_index_answers_short_words(somebody: Employee, typed: str) -> None:
    plan = steps(typed)
    assert any("employees_search_words VIRTUAL TABLE INDEX" in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN employees ")], plan


@pytest.mark.postgresql
@pytest.mark.parametrize("model", [Employee, User, Trainer, Course, Certificate, Message])
@pytest.mark.parametrize("typed", ["a", "me", "öztürk", "bk02", "me öztürk"])
def test_an_index_answers_on_postgresql(app: Flask, model: type[Base], typed: str) -> None:
    """Whatever is typed: few rows are read through faster, so the server is told not to."""
    for way in ("enable_seqscan", "enable_indexscan"):
        db.session.execute(sa.text(f"SET LOCAL {way} = off"))
    asked = sa.select(model.id).where(matches(model, typed)).compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN {asked}").scalars().all()
    assert any(f"Bitmap Index Scan on ix_{model.__tablename__}_search" in step for step in plan), plan


@pytest.mark.sqlite
def test_one_letter_is_looked_for_in_the_order_of_the_list(somebody: Employee) -> None:
    assert steps("a")[0].startswith("SEARCH employees USING COVERING INDEX ix_employees_active_name")
