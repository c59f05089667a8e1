"""Does a job: claims it, works through its items chunk by chunk, each chunk one transaction.

Killed anywhere, it goes on from the items still waiting: what was committed is done, what was not is undone.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import structlog

from app.access.scope import EVERYWHERE, within
from app.core.clock import now
from app.core.db import db, set_writing
from app.core.errors import Refused
from app.jobs import queries
from app.jobs.kinds import Done, Kind, kind
from app.jobs.models import Job, JobItem, JobItemStatus, JobStatus
from app.jobs.owners import claiming
from app.language import force_locale

log = structlog.get_logger()
MOST_ATTEMPTS = 5


class Taken(Exception):
    """Nothing was heard of us for too long, and another worker goes on with it."""


def run(job_id: int) -> None:
    """Do this job to its end; nothing happens if somebody else is doing it. Call inside an app context."""
    set_writing(True)
    with claiming() as owner:
        if _claim(job_id, owner):
            try:
                _do(job_id, owner)
            except Taken:
                db.session.rollback()
                log.warning("job taken over", job=job_id)


def _do(job_id: int, owner: str) -> None:
    job = _job(job_id)
    with force_locale(str(job.arguments.get("language", "tr"))):  # also where a lazy refusal is written down
        try:
            while _chunk(job_id, owner, kind(job.kind)):
                pass
            _finish(job_id, owner)
        except Taken:
            raise
        except Refused as refusal:
            db.session.rollback()
            _fail(job_id, owner, str(refusal.message))
        except Exception as error:  # whatever a handler raises, the row must say so
            db.session.rollback()
            log.exception("job failed", job=job_id, error=type(error).__name__)
            _fail(job_id, owner)


def _job(job_id: int) -> Job:
    return EVERYWHERE.get(Job, job_id)  # the worker does everybody's


def _claim(job_id: int, owner: str) -> bool:
    """Take the job if nobody does it. Whoever is at it holds its row, which is then passed over, not waited for."""
    db.session.rollback()
    found = db.session.scalar(_row(job_id).with_for_update(skip_locked=True))
    if found is None or not queries.is_free(found):
        db.session.rollback()
        return False
    found.status, found.owner, found.beat_at = JobStatus.RUNNING, owner, now()
    found.attempts += 1
    db.session.commit()
    return True


def _held(job_id: int, owner: str) -> Job:
    """The job, its row held to the end of the transaction: as long, no other worker takes it."""
    job: Job = db.session.scalars(_row(job_id).with_for_update()).one()
    if (job.owner, job.status) != (owner, JobStatus.RUNNING):
        raise Taken
    return job


def _row(job_id: int) -> sa.Select[Any]:
    fresh: sa.Select[Any] = EVERYWHERE.select(Job).where(Job.id == job_id)  # the worker does everybody's
    return fresh.execution_options(populate_existing=True)


def _chunk(job_id: int, owner: str, this: Kind) -> bool:
    """One chunk in one transaction; False when nothing is left."""
    db.session.rollback()
    job = _held(job_id, owner)
    items = queries.waiting_items(job_id, this.chunk)
    if not items:
        return False
    queries.owner(job)  # a kind asks for more: the scope of what it touches
    outcomes = dict(this.work(job, items))
    rows = db.session.scalars(within(job).select(JobItem).where(JobItem.item_id.in_(items))).all()
    for row in rows:
        # what a kind says nothing of it has not done
        outcome = outcomes.get(row.item_id, Done(JobItemStatus.FAILED))
        row.status, row.message = outcome.status, outcome.message[:300]
        job.failed_items += outcome.status is JobItemStatus.FAILED
    job.done += len(items)
    job.beat_at = now()
    db.session.commit()
    return True


def _finish(job_id: int, owner: str) -> None:
    job = _held(job_id, owner)
    finish = kind(job.kind).finish
    if finish is not None:
        finish(job)
    nothing = job.total > 0 and job.failed_items == job.total
    job.status, job.finished_at = JobStatus.FAILED if nothing else JobStatus.DONE, now()
    db.session.commit()


def _fail(job_id: int, owner: str, why: str = "") -> None:
    """Try again later, a few times; then say that it failed. What was refused is refused again: say why at once."""
    job = _held(job_id, owner)
    last = bool(why) or job.attempts >= MOST_ATTEMPTS
    job.message = why[:500]
    job.status = JobStatus.FAILED if last else JobStatus.QUEUED
    job.finished_at = now() if last else None
    db.session.commit()
