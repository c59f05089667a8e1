from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class FileTaken(Event):
    """The file a job made was handed out. What was in it, and how much, was remembered when it was made."""

    name = "job.file_taken"
    job_id: int
    kind: str
    document_id: int
