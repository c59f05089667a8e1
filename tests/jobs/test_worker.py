from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.models import User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.core.clock import now
from app.core.db import db, set_writing
from app.jobs import answer_resets, deliver_mail, owners, services, worker
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
    assert sorted(finished) == sorted(job.id for job in jobs)
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


@pytest.mark.sqlite
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


def test_a_second_worker_repeats_nothing(app: Flask, cast: Cast) -> None:
    """It begins in the middle of the job, for the first has been silent for long: it holds the job's row."""
    done, started, go_on = list[int](), threading.Event(), threading.Event()

    def work(_: Job, items: Sequence[int]) -> dict[int, Done]:
        done.extend(items)
        started.set()
        go_on.wait(10)
        return {item: Done() for item in items}

    register(app, Kind("tests.slow", work, chunk=20))
    admin = caller_of(EVERYWHERE.get(User, cast.users["admin"]))
    job_id = services.start("tests.slow", "1", "Slow", range(40), {}, by=admin).id
    db.session.commit()

    def first() -> None:
        with app.app_context():
            worker.runner.run(job_id)

    thread = threading.Thread(target=first)
    thread.start()
    assert started.wait(10)
    threading.Timer(0.5, go_on.set).start()  # SQLite has one writer: there the second waits for it
    silent(job_id, only_if_free=True)
    worker.take_up()
    go_on.set()
    thread.join(30)
    db.session.rollback()
    assert sorted(done) == list(range(40))
    assert EVERYWHERE.get(Job, job_id).status is JobStatus.DONE


def silent(job_id: int, *, only_if_free: bool = False) -> None:
    """Nothing was heard of its worker for long; whoever works on it holds the row."""
    db.session.rollback()
    row = sa.select(Job.id).where(Job.id == job_id).with_for_update(skip_locked=only_if_free)
    if db.session.scalar(EVERYWHERE.restrict(row, Job)):
        EVERYWHERE.get(Job, job_id).beat_at = now() - timedelta(minutes=2)
    db.session.commit()


def test_who_was_taken_for_dead_stores_nothing_any_more(app: Flask, cast: Cast) -> None:
    """Between two chunks somebody else went on with it."""
    done: list[int] = []

    def work(_: Job, items: Sequence[int]) -> dict[int, Done]:
        done.extend(items)
        if len(done) == 1:
            handed_over()
        return {item: Done() for item in items}

    def handed_over() -> None:
        """The row is another worker's as soon as this chunk is kept."""
        EVERYWHERE.get(Job, job_id).owner = "another-host:1:0"

    register(app, Kind("tests.lost", work, chunk=1))
    admin = caller_of(EVERYWHERE.get(User, cast.users["admin"]))
    job_id = services.start("tests.lost", "1", "Lost", [1, 2, 3], {}, by=admin).id
    db.session.commit()
    worker.runner.run(job_id)
    job = EVERYWHERE.get(Job, job_id)
    assert done == [1]
    assert (job.status, job.owner, job.done) == (JobStatus.RUNNING, "another-host:1:0", 1)
    assert job_id not in worker.queries.to_take_up()
    silent(job_id)
    worker.take_up()
    assert done == [1, 2, 3]


def test_what_a_process_that_is_gone_left_is_taken_up_at_once(app: Flask) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    host = socket.gethostname()
    assert owners.has_ended(f"{host}:{gone.pid}:0")
    assert not owners.has_ended(f"{host}:{os.getppid()}:0")
    assert not owners.has_ended("another-host:1:0") and not owners.has_ended("")
    with owners.claiming() as owner:
        assert not owners.has_ended(owner)
    assert owners.has_ended(owner)
