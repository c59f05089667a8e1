"""Does a job: claims it, works through its items chunk by chunk, each chunk one transaction.

Killed anywhere, it goes on from the items still waiting: what was committed is done, what was not is undone.
"""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from app.access.scope import EVERYWHERE, within
from app.core.clock import now
from app.core.db import db, set_writing
from app.core.errors import Refused
from app.jobs import queries
from app.jobs.kinds import Done, Kind, kind
from app.jobs.models import Job, JobItem, JobItemStatus, JobStatus
from app.language import force_locale

log = structlog.get_logger()
MOST_ATTEMPTS = 5


def run(job_id: int) -> None:
    """Do this job to its end; nothing happens if somebody else is doing it. Call inside an app context."""
    set_writing(True)
    if not _claim(job_id):
        return
    job = _job(job_id)
    with force_locale(str(job.arguments.get("language", "tr"))):  # also where a lazy refusal is written down
        try:
            while _chunk(job_id, kind(job.kind)):
                pass
            _finish(job_id)
        except Refused as refusal:
            db.session.rollback()
            _fail(job_id, str(refusal.message))
        except Exception as error:  # whatever a handler raises, the row must say so
            db.session.rollback()
            log.exception("job failed", job=job_id, error=type(error).__name__)
            _fail(job_id)


def _job(job_id: int) -> Job:
    return EVERYWHERE.get(Job, job_id)  # the worker does everybody's


def resume_cut_short() -> None:
    """The worker begins. There is one to a service, so what is marked as running was cut short: it waits again."""
    set_writing(True)
    running = sa.update(Job).where(Job.status == JobStatus.RUNNING).values(status=JobStatus.QUEUED)
    db.session.execute(EVERYWHERE.trusting(running, Job))  # the worker does everybody's
    db.session.commit()


def _claim(job_id: int) -> bool:
    """Take the job if it waits or its worker is silent. One statement, so that only one worker wins."""
    db.session.rollback()
    claimed = db.session.execute(
        EVERYWHERE.trusting(  # the worker does everybody's
            sa.update(Job)
            .where(
                Job.id == job_id,
                sa.or_(
                    Job.status == JobStatus.QUEUED,
                    sa.and_(Job.status == JobStatus.RUNNING, Job.beat_at < now() - queries.STALE),
                ),
            )
            .values(status=JobStatus.RUNNING, beat_at=now(), attempts=Job.attempts + 1),
            Job,
        )
    )
    db.session.commit()
    return bool(claimed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has one


def _chunk(job_id: int, this: Kind) -> bool:
    """One chunk in one transaction; False when nothing is left."""
    db.session.rollback()
    items = queries.waiting_items(job_id, this.chunk)
    if not items:
        return False
    job = _job(job_id)
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


def _finish(job_id: int) -> None:
    job = _job(job_id)
    finish = kind(job.kind).finish
    if finish is not None:
        finish(job)
    nothing = job.total > 0 and job.failed_items == job.total
    job.status, job.finished_at = JobStatus.FAILED if nothing else JobStatus.DONE, now()
    db.session.commit()


def _fail(job_id: int, why: str = "") -> None:
    """Try again later, a few times; then say that it failed. What was refused is refused again: say why at once."""
    job = _job(job_id)
    last = bool(why) or job.attempts >= MOST_ATTEMPTS
    job.message = why[:500]
    job.status = JobStatus.FAILED if last else JobStatus.QUEUED
    job.finished_at = now() if last else None
    db.session.commit()
