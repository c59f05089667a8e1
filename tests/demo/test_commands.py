"""The commands: what they refuse, and what a real installation begins with."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.sign_in.secrets import digest
from app.audit.journal import SYSTEM
from app.catalogue.models import CourseTitle
from app.core.db import db
from app.demo.services import load_demo
from app.people.models import Title
from app.reference import services
from app.reference.models import KINDS
from app.setup.services import NotEmpty, set_up
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.xdist_group("demo")
OPERATOR = ("--email", "Ilk.Yonetici@ornek.example", "--given", "İlk", "--family", "Yönetici")


@pytest.fixture
def ready(empty_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The template has all tables; there is nothing to migrate."""
    monkeypatch.setattr("app.cli.bring_up_to_date", lambda: False)
    return empty_app


def table(app: Flask, statement: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(Path(app.config["INSTANCE_PATH"]) / "demo.db") as connection:
        return connection.execute(statement).fetchall()


def test_setup_loads_reference_data_and_makes_the_first_administrator(ready: Flask) -> None:
    answer = ready.test_cli_runner().invoke(args=["setup", *OPERATOR])
    assert answer.exit_code == 0, answer.output
    assert table(ready, "SELECT count(*) FROM organisations WHERE kind IN ('metropolitan', 'district')") == [(63,)]
    assert table(ready, "SELECT count(*) FROM courses") == [(29,)]
    for empty in ("employees", "trainers", "course_sessions", "enrolments", "certificates"):
        assert table(ready, f"SELECT count(*) FROM {empty}") == [(0,)]
    assert table(ready, "SELECT value FROM settings WHERE key = 'sample_data'") == [('{"value": false}',)]
    assert table(ready, "SELECT email, password_hash, role FROM users JOIN grants ON user_id = users.id") == [
        ("ilk.yonetici@ornek.example", None, "administrator")
    ]
    link = re.search(r"https://yetkin\.example/welcome/(\S+)", answer.output)
    assert link is not None
    assert table(ready, "SELECT token_hash FROM one_time_links") == [(digest(link[1]),)]


def test_a_second_setup_is_refused_and_changes_nothing(ready: Flask) -> None:
    runner = ready.test_cli_runner()
    runner.invoke(args=["setup", *OPERATOR])
    answer = runner.invoke(args=["setup", *OPERATOR])
    assert answer.exit_code == 1
    assert "not empty" in answer.output
    assert table(ready, "SELECT count(*) FROM users") == [(1,)]


def test_setup_neither_overwrites_nor_brings_back_what_was_edited(ready: Flask) -> None:
    """Nor does a start, which brings the schema up to date and nothing else."""
    runner = ready.test_cli_runner()
    runner.invoke(args=["setup", *OPERATOR])
    lists = "SELECT slug, name_tr, former, active FROM {} ORDER BY id"
    with ready.app_context():
        first, second, third = db.session.scalars(sa.select(Title).order_by(Title.id).limit(3))
        db.session.execute(sa.delete(CourseTitle).where(CourseTitle.title_id == second.id))
        services.remove(KINDS["titles"], second, by=SYSTEM)
        services.set_active(KINDS["titles"], third, False, by=SYSTEM)
        name = {"name_tr": "Başka ad", "name_en": "", "level": first.level}
        services.change(KINDS["titles"], first, name, by=SYSTEM)
        db.session.commit()
    edited = {kind: table(ready, lists.format(kind)) for kind in KINDS}
    assert runner.invoke(args=["setup", *OPERATOR]).exit_code == 1
    assert {kind: table(ready, lists.format(kind)) for kind in KINDS} == edited
    assert ("Başka ad", 1) in {(name, active) for _, name, _, active in edited["titles"]}


def test_setup_refuses_what_is_no_address(ready: Flask) -> None:
    answer = ready.test_cli_runner().invoke(args=["setup", "--email", "yok", "--given", "A", "--family", "B"])
    assert answer.exit_code == 1
    assert table(ready, "SELECT count(*) FROM provinces") == [(0,)]


def test_the_demo_is_refused_where_there_is_anything(ready: Flask) -> None:
    with ready.app_context():
        set_up(email="a@ornek.example", given="A", family="B")
        db.session.commit()
        with pytest.raises(NotEmpty):
            load_demo(today=TODAY, public_url="https://yetkin.example")
        db.session.rollback()
    answer = ready.test_cli_runner().invoke(args=["demo", "load", "--today", "2026-11-22"])
    assert answer.exit_code == 1
    assert "not empty" in answer.output
    assert table(ready, "SELECT count(*) FROM employees") == [(0,)]


def test_the_demo_is_refused_in_production(ready: Flask) -> None:
    ready.config["ENV_NAME"] = "production"
    answer = ready.test_cli_runner().invoke(args=["demo", "load"])
    assert answer.exit_code == 1
    assert "production" in answer.output
    assert table(ready, "SELECT count(*) FROM provinces") == [(0,)]
