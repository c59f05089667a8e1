from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.scope import EVERYWHERE
from app.core.clock import now
from app.core.db import db
from app.files.models import Document
from app.jobs.models import FILE_FOR, JOB_FOR, Job, JobItem
from app.jobs.queries import held, open_job


def start(kind: str, subject: str, title: str, items: Sequence[int], arguments: dict[str, Any], *, by: Caller) -> Job:
    """Ask for a job over some items (ids). One about the same subject that is still open is given back instead."""
    already = open_job(kind, subject)
    if already is not None:
        return already
    about = arguments | {"held": held(by)}
    job = Job(kind=kind, subject=subject, title=title, arguments=about, total=len(items), user_id=by.id)
    db.session.add(job)
    db.session.flush()
    db.session.add_all([JobItem(job_id=job.id, item_id=item) for item in items])
    return job


def forget_old() -> None:
    """Drop files nobody came for, and what has been over for a season."""
    with_file = (Job.finished_at < now() - FILE_FOR, Job.document_id.is_not(None))
    # what is over goes, whosever it was
    found = db.session.execute(EVERYWHERE.restrict(sa.select(Job.id, Job.document_id).where(*with_file), Job)).all()
    over = sa.select(Job.id).where(Job.finished_at < now() - JOB_FOR)
    for statement in (
        sa.update(Job).where(Job.id.in_([row.id for row in found])).values(document_id=None),
        sa.delete(Document).where(Document.id.in_([row.document_id for row in found])),
        sa.delete(JobItem).where(JobItem.job_id.in_(over)),
        sa.delete(Job).where(Job.finished_at < now() - JOB_FOR),
    ):
        trusted = EVERYWHERE.trusting(statement, Job, JobItem)  # what is over goes, whosever it was
        db.session.execute(trusted, execution_options={"synchronize_session": False})
