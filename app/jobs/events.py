from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class FileTaken(Event):
    """The file a job made was handed out. What was in it, and how much, was remembered when it was made."""

    name = "job.file_taken"
    said = lazy_pgettext("event", "File of a job downloaded")
    words = {"job_id": lazy_pgettext("fact", "Background work"), "document_id": lazy_pgettext("fact", "File")}
    job_id: int
    kind: str
    document_id: int
