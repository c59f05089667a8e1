from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.access.caller import Caller
from app.core.afterwards import afterwards
from app.core.db import db
from app.jobs import queue
from app.jobs.models import Job, JobItem
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
    job_id = job.id
    afterwards(lambda: queue.wake(job_id))
    return job
