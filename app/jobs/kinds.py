"""What can be done in the background. A room registers its kinds in `init_app`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask

from app.core.hooks import Hook
from app.jobs.models import Job, JobItemStatus


@dataclass(frozen=True)
class Done:
    """How one item ended: done, skipped (with why) or failed (with why)."""

    status: JobItemStatus = JobItemStatus.DONE
    message: str = ""


Work = Callable[[Job, Sequence[int]], Mapping[int, Done]]
Finish = Callable[[Job], None]


@dataclass(frozen=True)
class Kind:
    """A kind of job. `work` does a chunk of items (ids) in one write transaction it does not commit; it must be
    idempotent per item. `finish` runs once, in the last transaction; it may set `message`, `result_url`,
    `document_id` on the job.
    """

    name: str
    work: Work
    chunk: int = 10
    finish: Finish | None = field(default=None)


KINDS: Hook[dict[str, Kind]] = Hook("kinds of jobs", dict)


def register(app: Flask, kind: Kind) -> None:
    KINDS.on(app)[kind.name] = kind


def kind(name: str) -> Kind:
    return KINDS.here[name]
