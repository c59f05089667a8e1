"""What the worker process does again and again: take up jobs, and do what rooms ask for regularly.

There is no queue beside the database: the rows in `jobs` and `messages` say what is to be done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from flask import Flask

from app.core.clock import now
from app.core.db import db, reading, set_writing
from app.core.hooks import Hook
from app.jobs import queries, runner

log = structlog.get_logger()


@dataclass
class Sweep:
    """Something done regularly: how often, and when it was last."""

    task: Callable[[], None]
    every: timedelta
    last: datetime | None = None


SWEEPS: Hook[list[Sweep]] = Hook("sweeps", list)


def take_up() -> None:
    """Do what waits or was dropped. Several threads may: each job is its who claims it first."""
    with reading():  # an idle worker keeps nobody from writing
        waiting = queries.to_take_up()
        db.session.rollback()
    for job_id in waiting:
        runner.run(job_id)


def on_sweep(app: Flask, task: Callable[[], None], *, every: timedelta = timedelta(0)) -> None:
    """Do this every few seconds in the worker (deliver mail, …), or `every` so often: inside an app context,
    committing by itself.
    """
    SWEEPS.on(app).append(Sweep(task, every))


def sweep() -> None:
    """Do what is done regularly, as far as it is time; OperationalError where the database does not answer at all."""
    with reading():
        db.session.execute(sa.select(1))
        db.session.rollback()
    set_writing(True)
    for each in SWEEPS.here:
        if each.last is not None and now() - each.last < each.every:
            continue
        # before it is done: one that fails is not tried again at once
        each.last = now()
        try:
            each.task()
        except Exception as error:  # one bad task must not stop the others
            db.session.rollback()
            log.exception("sweep", task=each.task.__name__, error=type(error).__name__)
