from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Role
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE, Scope, within
from app.access.sign_in.secrets import digest
from app.core.clock import now
from app.core.db import db
from app.core.errors import Missing, Refused
from app.core.paging import ListQuery, Page, Rows, in_order
from app.files.models import Document
from app.jobs.models import Job, JobItem, JobItemStatus, JobStatus
from app.jobs.owners import has_ended
from app.language import lazy_gettext

STALE = timedelta(seconds=60)  # a chunk takes seconds, and its worker gives a sign of life after each


def own_job(caller: Caller, job_id: int) -> Job:
    """A job is its starter's as long as they hold the roles they started it with: what it made was made with them.

    Administrators see all.
    """
    everything = caller.is_a(Role.ADMINISTRATOR)
    found = Scope(everything=everything, own_user=caller.id).get(Job, job_id)
    if not everything and found.arguments.get("held", held(caller)) != held(caller):
        raise Missing
    return found


def own_jobs(caller: Caller, query: ListQuery) -> Page[Job]:
    """What a caller started with the roles they hold now, newest first."""
    ids = Scope(own_user=caller.id).select(Job).with_only_columns(Job.id)
    mark = Job.arguments["held"].as_string()
    ids = ids.where(sa.or_(mark.is_(None), mark == held(caller)))

    def load(keys: Sequence[int]) -> Sequence[Job]:
        rows = within(Job).trusting(sa.select(Job).where(Job.id.in_(keys)), Job)
        return in_order(keys, db.session.scalars(rows).all(), lambda job: job.id)

    return Rows(ids, (Job.id,), query, load).page()


def owner(job: Job) -> Caller:
    """Whoever asked for it, with the roles they hold now; refused once their account has ended."""
    user = within(job).get(User, job.user_id) if job.user_id is not None else None
    if user is None or not user.active:
        raise Refused(lazy_gettext("The account of whoever started this is no longer active: it was not carried on."))
    return caller_of(user)


def held(caller: Caller) -> str:
    """A short mark of all their grants, the same as long as none is given or taken."""
    grants = sorted((g.role.value, g.province_id or 0, g.organisation_id or 0) for g in caller.grants)
    return digest(repr(grants))[:16]


def open_job(kind: str, subject: str) -> Job | None:
    """The job of this kind about this subject that is waiting or running, whoever asked for it."""
    return db.session.scalar(
        EVERYWHERE.select(Job).where(  # whoever asked for it
            Job.kind == kind, Job.subject == subject, Job.status.in_([JobStatus.QUEUED, JobStatus.RUNNING])
        )
    )


def to_take_up() -> Sequence[int]:
    """Jobs that wait, and those nobody does any more."""
    going = EVERYWHERE.select(Job).where(Job.status.in_([JobStatus.QUEUED, JobStatus.RUNNING]))  # everybody's
    return [job.id for job in db.session.scalars(going.order_by(Job.id)) if is_free(job)]


def is_free(job: Job) -> bool:
    """Whether it waits, its worker has ended, or nothing has been heard of it for a minute."""
    if job.status is JobStatus.RUNNING:
        return has_ended(job.owner) or job.beat_at is None or job.beat_at < now() - STALE
    return job.status is JobStatus.QUEUED


def waiting_items(job_id: int, most: int) -> Sequence[int]:
    return db.session.scalars(
        within(Job)
        .restrict(sa.select(JobItem.item_id), JobItem)
        .where(JobItem.job_id == job_id, JobItem.status == JobItemStatus.WAITING)
        .order_by(JobItem.id)
        .limit(most)
    ).all()


def remarks(job: Job) -> Sequence[JobItem]:
    """Items of a job (loaded through a scope) that were left out or failed, the first 200 of them."""
    return db.session.scalars(_remarks(job, JobItem).order_by(JobItem.id).limit(200)).all()


def left_out(job: Job) -> int:
    """How many these are in all."""
    return db.session.scalar(_remarks(job, sa.func.count(JobItem.id))) or 0


def _remarks(job: Job, column: Any) -> Any:
    without = JobItem.status.in_([JobItemStatus.SKIPPED, JobItemStatus.FAILED])
    return within(job).restrict(sa.select(column), JobItem).where(without)


def made_file(job: Job) -> Document:
    """The file a job (loaded through a scope) made, or Missing."""
    found = (
        db.session.get(Document, job.document_id, options=[sa.orm.undefer(Document.content)])
        if job.document_id
        else None
    )
    if found is None:
        raise Missing
    return found
