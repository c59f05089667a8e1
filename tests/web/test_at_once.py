"""Two requests at the same moment, on PostgreSQL; what it says no with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.test import TestResponse

from app.access.scope import EVERYWHERE
from app.core.db import WEB, WORK, db, limit
from app.jobs.models import Job
from app.people.leaving import services
from app.people.models import Employee
from app.venues.models import Venue
from tests.certificates.stage import arrange
from tests.conftest import Stage

pytestmark = pytest.mark.postgresql


def test_a_row_somebody_changed_meanwhile_is_looked_at_again_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and writing another one is faster: the view runs again, and sees what that one changed."""
    key, hold, runs = stage.cast.employees["elif"], services.hold, list[int]()

    def overtaken(*employees: Employee) -> None:
        runs.append(employees[0].version)
        if len(runs) == 1:
            with db.engine.begin() as other:
                changed = sa.update(Employee).where(Employee.id == key).values(version=Employee.version + 1)
                other.execute(EVERYWHERE.trusting(changed, Employee))
            employees[0].phone = "1"  # written with the version that was read
        hold(*employees)

    monkeypatch.setattr(services, "hold", overtaken)
    assert stage.coordinator.post(f"/people/{key}/deactivate").status_code == 303
    assert runs == [1, 2]
    assert not EVERYWHERE.get(Employee, key).active


def test_a_row_that_is_changed_each_time_is_a_conflict(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    def outrun(*_: Employee) -> None:
        runs.append(1)
        raise StaleDataError("UPDATE statement on table 'employees' expected to update 1 row(s); 0 were matched.")

    monkeypatch.setattr(services, "hold", outrun)
    answer = stage.coordinator.post(f"/people/{stage.cast.employees['elif']}/deactivate")
    assert (answer.status_code, len(runs)) == (409, 2)


def test_a_locked_table_is_said_in_time(app: Flask, stage: Stage) -> None:
    """A page answers within five seconds, and the next one is well."""
    admin = stage.admin
    db.session.remove()
    limit(db.engine, {**WEB, "lock_timeout": "300ms"})
    with db.engine.connect() as other:
        other.execute(sa.text("LOCK TABLE users"))
        assert admin.get("/people").status_code == 503
    db.session.remove()
    limit(db.engine, WORK)
    assert admin.get("/people").status_code == 200


def test_a_database_that_only_reads_is_unavailable(stage: Stage) -> None:
    admin = stage.admin
    with db.engine.connect() as other:
        name = other.scalar(sa.text("SELECT current_database()"))
        other.execute(sa.text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        other.commit()
    db.engine.dispose()
    try:
        answer = admin.post("/devices/end-all")
        assert answer.status_code == 503
    finally:
        with db.engine.connect() as other:
            other.execute(sa.text("SET TRANSACTION READ WRITE"))
            other.execute(sa.text(f"ALTER DATABASE {name} RESET default_transaction_read_only"))
            other.commit()
        db.session.remove()
        db.engine.dispose()
    assert admin.post("/devices/end-all").status_code == 303


def test_a_server_that_went_and_came_back_is_not_noticed(stage: Stage) -> None:
    """Connections that lie in the pool are dead: they are tried before they are used."""
    admin = stage.admin
    assert admin.get("/people").status_code == 200
    db.session.remove()
    with db.engine.connect() as other:
        other.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert admin.get("/people").status_code == 200


def at_once(*posts: Callable[[], TestResponse]) -> list[TestResponse]:
    """Sent at the same moment, as over several hosts."""
    db.session.commit()
    db.session.remove()
    start = threading.Barrier(len(posts))

    def sent(post: Callable[[], TestResponse]) -> TestResponse:
        start.wait()
        return post()

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(sent, posts))


@pytest.mark.parametrize("_", range(3))
def test_a_form_sent_over_several_hosts_leads_to_the_first_ones_place(stage: Stage, _: int) -> None:
    typed = {"name_tr": "Halk Eğitim", "name_en": "Centre", "province_id": "1", "address": "", "request_key": "one"}
    with stage.coordinator.session_transaction() as cookie:
        signed_in = dict(cookie)
    browsers = [stage.app.test_client() for _ in range(4)]
    for each in browsers:
        with each.session_transaction() as cookie:
            cookie.update(signed_in)
    answers = at_once(*(lambda one=one: one.post("/venues/new", data=typed) for one in browsers))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.location for answer in answers}) == 1
    assert db.session.scalar(sa.select(sa.func.count(Venue.id))) == 1


@pytest.mark.parametrize("_", range(3))
def test_two_who_issue_for_one_session_both_arrive(stage: Stage, _: int) -> None:
    path = f"/sessions/{arrange(stage.cast).session}/certificates/issue"
    mine, again, other = at_once(*(lambda one=one: one.post(path) for one in (stage.coordinator,) * 2 + (stage.admin,)))
    assert other.status_code == 303
    assert {mine.status_code, again.status_code} in ({303}, {422}), "or somebody else's: a sentence"
    assert db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(Job.id)), Job)) == 1
