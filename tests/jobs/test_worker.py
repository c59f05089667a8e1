from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence

import pytest
from flask import Flask

from app.access.models import User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.core.db import db, set_writing
from app.jobs import answer_resets, deliver_mail, services, worker
from app.jobs.kinds import Done, Kind, register
from app.jobs.models import Job, JobStatus
from tests.cast import Cast


def test_each_job_is_done_once_however_many_look_for_it(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    finished: list[int] = []
    meet = threading.Barrier(2)

    def work(_: Job, items: Sequence[int]) -> dict[int, Done]:
        done.extend(items)
        return {item: Done() for item in items}

    def look_up() -> Sequence[int]:
        found = waiting()
        meet.wait(10)  # both have seen the same jobs before either takes one
        return found

    waiting = worker.queries.to_take_up
    register(app, Kind("tests.counted", work, finish=lambda job: finished.append(job.id)))
    admin = caller_of(EVERYWHERE.get(User, cast.users["admin"]))
    for item in (1, 2, 3):
        services.start("tests.counted", str(item), "Counted", [item], {}, by=admin)
    db.session.commit()
    monkeypatch.setattr(worker.queries, "to_take_up", look_up)

    def look() -> None:
        with app.app_context():
            worker.take_up()

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    jobs = db.session.scalars(EVERYWHERE.select(Job)).all()
    assert sorted(done) == [1, 2, 3]
    assert sorted(finished) == [job.id for job in jobs]
    assert {(job.status, job.attempts) for job in jobs} == {(JobStatus.DONE, 1)}


@pytest.mark.sqlite
def test_who_finds_nothing_to_do_keeps_nobody_from_writing_and_waits_for_nobody(app: Flask) -> None:
    db.session.rollback()
    writer = sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    worker.take_up()
    assert time.monotonic() - began < 2
    writer.close()


def test_a_worker_with_nothing_to_do_asks_for_no_lock(app: Flask, cast: Cast) -> None:
    """Every two seconds it looks for mail and for forgotten passwords: others write meanwhile."""
    db.session.commit()
    file = str(db.engine.url.database)
    other = sqlite3.connect(file)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    for look in (answer_resets, deliver_mail):
        set_writing(True)
        look()
        db.session.rollback()
    assert time.monotonic() - started < 2, "it waited for the lock"
    other.rollback()
    other.close()
