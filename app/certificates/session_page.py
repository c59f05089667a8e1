"""What the certificates page of a session shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.certificates import bulk, due, snapshot, sources
from app.certificates.due import Candidate
from app.core.errors import Text
from app.settings import queries as settings
from app.settings.models import Signatory
from app.trainers.models import Trainer
from app.training.models import CourseSession, SessionStatus, Sitting


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
    job: due.OpenJob | None
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
    def revoked(self) -> int:
        """How many lost theirs to a revocation and are not issued another with all the others."""
        return sum(row.may_be_issued and not row.due for row in self.candidates)

    @property
    def valid(self) -> int:
        return self.held + sum(row.letter_id is not None for row in self.trainers)


BEFORE_THE_END = Board(False, (), (), (), "", None, None, True)
"""Of a session that is not finalised."""


def of(course_session: CourseSession, sittings: Sequence[Sitting]) -> Board:
    """For a session loaded through a scope with course and province; `sittings` as `sources.dated_sittings`."""
    if course_session.status is not SessionStatus.FINALISED:
        return BEFORE_THE_END
    given = due.given_in(course_session)
    rows = due.candidates(course_session, given)
    signatories = snapshot.signatories_of(course_session)
    trainers = [_thanks_row(trainer, given) for trainer, _ in sources.trainers_of(course_session)]
    return Board(
        finalised=True,
        candidates=rows,
        trainers=trainers,
        signatories=signatories,
        issuer=settings.institution(),
        obstacle=snapshot.obstacle(sources.held(sittings), signatories),
        job=next((row.job for row in rows), None),
        print_directly=sum(row.holds for row in rows) + sum(row.letter_id is not None for row in trainers)
        <= bulk.DIRECT_PAGES,
    )


def _thanks_row(trainer: Trainer, given: Sequence[due.Given]) -> ThanksRow:
    letter = next((row for row in given if row.trainer_id == trainer.id and row.valid), None)
    name = snapshot.trainer_name(trainer)
    return ThanksRow(trainer.id, name, letter.id if letter else None, letter.number if letter else "")
