"""What the certificates page of a session shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.certificates import bulk, due, snapshot, sources
from app.certificates.due import Candidate
from app.core.errors import Refused, Text
from app.jobs.models import Job
from app.jobs.queries import open_job
from app.settings import queries as settings
from app.settings.models import Signatory
from app.training.models import CourseSession, SessionStatus


@dataclass(frozen=True)
class ThanksRow:
    trainer_id: int
    name: str
    letter_id: int | None
    number: str


@dataclass(frozen=True)
class Board:
    """`obstacle`: why nothing can be issued. `print_directly`: few enough to be drawn on the spot."""

    finalised: bool
    candidates: Sequence[Candidate]
    trainers: Sequence[ThanksRow]
    signatories: Sequence[Signatory]
    issuer: str
    obstacle: Text | None
    job: Job | None
    print_directly: bool

    @property
    def due(self) -> int:
        return sum(row.due for row in self.candidates)

    @property
    def held(self) -> int:
        return sum(row.holds for row in self.candidates)

    @property
    def without(self) -> int:
        """How many get no document."""
        return sum(row.document is None for row in self.candidates)

    @property
    def valid(self) -> int:
        return self.held + sum(row.letter_id is not None for row in self.trainers)


def of(course_session: CourseSession) -> Board:
    """For a session loaded through a scope with course and province."""
    finalised = course_session.status is SessionStatus.FINALISED
    rows = due.candidates(course_session) if finalised else []
    letters = due.letters_of_thanks(course_session) if finalised else {}
    trainers = []
    for trainer, _ in sources.trainers_of(course_session) if finalised else []:
        letter_id, number = letters.get(trainer.id, (None, ""))
        trainers.append(ThanksRow(trainer.id, snapshot.trainer_name(trainer), letter_id, number))
    job = open_job(bulk.ISSUE, f"course_session:{course_session.id}")
    held = sum(row.holds for row in rows) + len(letters)
    return Board(
        finalised=finalised,
        candidates=rows,
        trainers=trainers,
        signatories=settings.signatories(course_session.province_id)[: snapshot.MOST_SIGNATORIES],
        issuer=settings.institution(),
        obstacle=_obstacle(course_session) if finalised else None,
        job=job,
        print_directly=held <= bulk.DIRECT_PAGES,
    )


def _obstacle(course_session: CourseSession) -> Text | None:
    try:
        snapshot.shared_of(course_session)
    except Refused as refusal:
        return refusal.message
    return None
