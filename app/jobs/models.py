from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.scope import Nobody, OwnedBy
from app.core.clock import local, now
from app.core.db import Model, points_to
from app.core.status import Status

FILE_FOR = timedelta(days=7)
JOB_FOR = timedelta(days=90)


class JobStatus(Status):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"

    @property
    def tone(self) -> str:
        return {"done": "ok", "failed": "cancel", "running": "full"}.get(self.value, "plain")

    @property
    def icon(self) -> str:
        return {"queued": "hourglass", "running": "activity"}.get(self.value, super().icon)

    @property
    def is_open(self) -> bool:
        return self.value in ("queued", "running")


class Job(Model):
    """Long work. The worker looks for rows that wait, every second.

    `kind` names a registered handler, `subject` what it is about (one open job per kind and subject),
    `result_url` where its result is seen. A running one belongs to its `owner` (`owners`), last heard of at `beat_at`.
    """

    __tablename__ = "jobs"
    __scope__ = OwnedBy("user_id", "own_user")
    __table_args__ = (
        sa.Index(
            "uq_jobs_open_subject",
            "kind",
            "subject",
            unique=True,
            sqlite_where=sa.text("status IN ('queued', 'running')"),
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.String(64))
    arguments: Mapped[dict[str, Any]]
    title: Mapped[str] = mapped_column(sa.String(250))
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.QUEUED, index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    failed_items: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(sa.String(500), default="")
    result_url: Mapped[str] = mapped_column(sa.String(250), default="")
    document_id: Mapped[int | None] = points_to("documents.id")
    user_id: Mapped[int | None] = points_to("users.id")
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(sa.String(120), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def file_until(self) -> date | None:
        """The last day on which the file it made can be fetched."""
        return local(self.finished_at + FILE_FOR).date() if self.document_id and self.finished_at else None


class JobItemStatus(Status):
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Left out"
    FAILED = "failed", "Failed"


class JobItem(Model):
    """One piece of a bulk job, with its own state: a job taken up again goes on where it stopped."""

    __tablename__ = "job_items"
    __scope__ = Nobody()
    __table_args__ = (sa.UniqueConstraint("job_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = points_to("jobs.id")
    item_id: Mapped[int]
    status: Mapped[JobItemStatus] = mapped_column(default=JobItemStatus.WAITING)
    message: Mapped[str] = mapped_column(sa.String(300), default="")
    job: Mapped[Job] = relationship(lazy="raise_on_sql")
