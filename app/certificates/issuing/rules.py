"""Who is due a document and who holds one, of facts read beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.certificates.models import CertificateStatus
from app.completion.models import DocumentKind, Result
from app.core.errors import Text
from app.settings.models import Signatory
from app.trainers.models import Trainer

#: The kind of job that issues them.
ISSUE = "certificates.issue"
#: A print file of more pages than this is made in the background.
DIRECT_PAGES = 50


@dataclass(frozen=True)
class Given:
    """A certificate given for a session, in few words: to a participant by enrolment or to a trainer."""

    id: int
    number: str
    status: CertificateStatus
    ended_at: datetime | None
    enrolment_id: int | None
    trainer_id: int | None
    issued_at: datetime

    @property
    def valid(self) -> bool:
        return self.status is CertificateStatus.VALID


@dataclass(frozen=True)
class Latest:
    """The last certificate somebody was given for a session."""

    id: int
    number: str
    status: CertificateStatus
    revoked_since: bool


def latest_of(row: Given | None, finished: datetime) -> Latest | None:
    """`finished`: when the outcome it rests on was found."""
    if row is None:
        return None
    since = row.status is CertificateStatus.REVOKED and (row.ended_at or finished) >= finished
    return Latest(row.id, row.number, row.status, since)


@dataclass(frozen=True)
class OpenJob:
    """The job that is issuing the certificates of a session just now, and whose it is."""

    id: int
    user_id: int | None


@dataclass(frozen=True)
class Candidate:
    """Somebody with an outcome: what they are due, what they hold, and the job at work on their session."""

    enrolment_id: int
    name: str
    organisation_tr: str
    organisation_en: str
    result: Result
    document: DocumentKind | None
    latest: Latest | None
    job: OpenJob | None = None

    @property
    def holds(self) -> bool:
        return self.latest is not None and self.latest.status is CertificateStatus.VALID

    @property
    def due(self) -> bool:
        """Issued with all the others; one revoked since the session was finalised is only issued anew by hand."""
        return self.document is not None and not self.holds and not (self.latest and self.latest.revoked_since)

    @property
    def may_be_issued(self) -> bool:
        return self.document is not None and not self.holds


@dataclass(frozen=True)
class ThanksRow:
    """A trainer who gave a sitting, and the letter of thanks they hold; `letter_id` None without one."""

    trainer_id: int
    name: str
    letter_id: int | None
    number: str


def thanks_row(trainer: Trainer, given: Sequence[Given]) -> ThanksRow:
    letter = next((row for row in given if row.trainer_id == trainer.id and row.valid), None)
    return ThanksRow(trainer.id, trainer.printed_name, letter.id if letter else None, letter.number if letter else "")


@dataclass(frozen=True)
class Board:
    """What the certificates page of a session shows. `obstacle`: why nothing can be issued."""

    finalised: bool
    candidates: Sequence[Candidate]
    trainers: Sequence[ThanksRow]
    signatories: Sequence[Signatory]
    issuer: str
    obstacle: Text | None
    job: OpenJob | None
    earlier: bool = False
    """Whether a valid one was issued before the session was finalised the last time."""
    standing: int = 0
    """How many are valid while the session is open for corrections."""

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

    @property
    def print_directly(self) -> bool:
        """Whether their print file is small enough to be drawn on the spot."""
        return self.valid <= DIRECT_PAGES


def before_the_end(given: Sequence[Given]) -> Board:
    """Of a session that is not finalised, or that is open for corrections."""
    return Board(False, (), (), (), "", None, None, standing=sum(row.valid for row in given))
