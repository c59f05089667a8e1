"""The queue only wakes the worker; the rows in `jobs` and `messages` are the truth.

Huey on SQLite by default. It is at-most-once: a task lost with its worker is found again by the sweep.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import structlog
from flask import Flask, current_app
from huey.api import SqliteHuey

from app.core.clock import now
from app.core.db import db, set_writing
from app.jobs import queries, runner

log = structlog.get_logger()
SWEEPS: list[Callable[[], None]] = []
_every: dict[Callable[[], None], timedelta] = {}
_last: dict[Callable[[], None], datetime] = {}


@cache
def _huey(url: str) -> SqliteHuey:
    return SqliteHuey("yetkin", filename=url.removeprefix("sqlite:///"), fsync=True, results=False)


def wake(job_id: int) -> None:
    """Tell the worker. Where that fails nothing is lost: the sweep finds the row."""
    if current_app.config["TESTING"]:
        return
    try:
        _task(_huey(current_app.config["QUEUE_URL"]), _elsewhere)(job_id)
    except Exception as error:  # the queue is a convenience; a user's action never fails for it
        log.warning("queue not reached", error=type(error).__name__)


def _elsewhere(job_id: int) -> None:
    """Stands for the task in processes that only ask for it."""


@cache
def _task(huey: SqliteHuey, work: Callable[[int], None]) -> Callable[[int], object]:
    made: Callable[[int], object] = huey.task(name="run_job")(work)
    return made


def on_sweep(task: Callable[[], None], *, every: timedelta = timedelta(0)) -> None:
    """Do this every few seconds in the worker (deliver mail, …), or `every` so often: inside an app context,
    committing by itself.
    """
    if task not in SWEEPS:
        SWEEPS.append(task)
        _every[task] = every


def sweep() -> None:
    """Take up what waits or was dropped, then whatever else is done regularly."""
    set_writing(True)
    for job_id in queries.to_take_up():
        runner.run(job_id)
    db.session.rollback()
    for task in SWEEPS:
        if (last := _last.get(task)) is not None and now() - last < _every[task]:
            continue
        _last[task] = now()
        try:
            task()
        except Exception as error:  # one bad task must not stop the others
            db.session.rollback()
            log.exception("sweep", task=task.__name__, error=type(error).__name__)


def worker(app: Flask) -> SqliteHuey:
    """The queue as the worker process runs it, with its task registered."""

    def work(job_id: int) -> None:
        with app.app_context():
            runner.run(job_id)

    huey = _huey(app.config["QUEUE_URL"])
    _task(huey, work)
    return huey
