"""Who of a finalised session is due which document, and why somebody is not. Questions, like `queries`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.scope import EVERYWHERE, Scope
from app.catalogue.models import Course
from app.certificates.models import Certificate, CertificateStatus
from app.completion.models import DocumentKind, Outcome, Result
from app.core.db import db
from app.enrolment.models import Enrolment, called
from app.jobs.models import Job, JobStatus
from app.people.models import Employee
from app.training.models import CourseSession, RunBy, SessionStatus

ISSUE = "certificates.issue"
"""The kind of job that issues them."""


def about(course_session_id: int) -> str:
    """What the jobs of a session are filed under."""
    return f"course_session:{course_session_id}"


@dataclass(frozen=True)
class Latest:
    """The last certificate somebody was given for a session."""

    id: int
    number: str
    status: CertificateStatus
    revoked_since: bool


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


def outcomes_to_certify(course_session: CourseSession, enrolment_ids: Sequence[int] | None = None) -> Sequence[Outcome]:
    """Outcomes of a session (loaded through a scope), by name, with enrolment, person and account."""
    statement = (
        EVERYWHERE.restrict(sa.select(Outcome), Outcome, Enrolment, Employee)
        .join(Outcome.enrolment)
        .join(Enrolment.employee)
        .where(Enrolment.course_session_id == course_session.id, Enrolment.merged_into_id.is_(None))
        .options(
            contains_eager(Outcome.enrolment).contains_eager(Enrolment.employee).joinedload(Employee.user),
        )
        .order_by(Employee.name_sort, Enrolment.id)
    )
    if enrolment_ids is not None:
        statement = statement.where(Outcome.enrolment_id.in_(enrolment_ids))
    return db.session.scalars(statement).all()


@dataclass(frozen=True)
class Given:
    """A certificate given for a session, in few words: to a participant by enrolment or to a trainer."""

    id: int
    number: str
    status: CertificateStatus
    ended_at: datetime | None
    enrolment_id: int | None
    trainer_id: int | None

    @property
    def valid(self) -> bool:
        return self.status is CertificateStatus.VALID


def given_in(course_session: CourseSession) -> Sequence[Given]:
    """All certificates of a session (loaded through a scope), the latest last."""
    columns = (Certificate.id, Certificate.number, Certificate.status, Certificate.ended_at)
    holders = (Certificate.enrolment_id, Certificate.trainer_id)
    found = db.session.execute(
        EVERYWHERE.restrict(sa.select(*columns, *holders), Certificate)
        .where(Certificate.course_session_id == course_session.id)
        .order_by(Certificate.id)
    )
    return [Given(*row) for row in found]


def candidates(course_session: CourseSession, given: Sequence[Given] | None = None) -> Sequence[Candidate]:
    """Everybody of a session (loaded through a scope) who has an outcome, by name; `given` if it is known already."""
    latest = {row.enrolment_id: row for row in (given_in(course_session) if given is None else given)}
    columns = (
        Outcome.enrolment_id,
        Employee.given_name,
        Employee.family_name,
        called("organisation_tr"),
        called("organisation_en"),
        Outcome.result,
        Outcome.document,
        Outcome.at,
        Job.id,
        Job.user_id,
    )
    at_work = sa.and_(
        Job.kind == ISSUE,
        Job.subject == about(course_session.id),
        Job.status.in_([JobStatus.QUEUED, JobStatus.RUNNING]),
    )
    found = db.session.execute(
        EVERYWHERE.restrict(sa.select(*columns), Outcome, Enrolment, Employee, Job)
        .join(Enrolment, Enrolment.id == Outcome.enrolment_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .outerjoin(Job, at_work)  # one at most
        .where(Enrolment.course_session_id == course_session.id, Enrolment.merged_into_id.is_(None))
        .order_by(Employee.name_sort, Enrolment.id)
    )
    return [
        Candidate(
            enrolment_id=key,
            name=f"{first} {family}",
            organisation_tr=tr,
            organisation_en=en,
            result=result,
            document=document,
            latest=_latest(latest.get(key), at),
            job=OpenJob(job_id, user_id) if job_id else None,
        )
        for key, first, family, tr, en, result, document, at, job_id, user_id in found
    ]


def _latest(row: Given | None, finished: datetime) -> Latest | None:
    if row is None:
        return None
    since = row.status is CertificateStatus.REVOKED and (row.ended_at or finished) >= finished
    return Latest(row.id, row.number, row.status, since)


@dataclass(frozen=True)
class Waiting:
    """A finalised session whose documents are due but not issued."""

    course_session_id: int
    course_code: str
    ordinal: int
    course_tr: str
    course_en: str
    count: int

    @property
    def code(self) -> str:
        return f"{self.course_code}/{self.ordinal}"


def waiting(scope: Scope, limit: int = 10) -> Sequence[Waiting]:
    """Finalised sessions this scope runs where somebody waits for a document, the oldest first."""
    mine = sa.select(Certificate.id).where(Certificate.enrolment_id == Outcome.enrolment_id)
    # the word itself, not a parameter: the index of valid certificates holds for it, and answers for nearly everybody
    valid = mine.where(Certificate.status == sa.literal_column("'valid'")).exists()
    revoked = mine.where(Certificate.status == CertificateStatus.REVOKED, Certificate.ended_at >= Outcome.at).exists()
    columns = (CourseSession.id, Course.code, CourseSession.ordinal, Course.name_tr, Course.name_en)
    statement = (
        scope.trusting(
            scope.restrict(sa.select(*columns, sa.func.count()), CourseSession), Outcome, Enrolment, Certificate
        )
        .join(Course, Course.id == CourseSession.course_id)
        .join(Enrolment, Enrolment.course_session_id == CourseSession.id)
        .join(Outcome, Outcome.enrolment_id == Enrolment.id)
        .where(
            CourseSession.status == SessionStatus.FINALISED,
            Outcome.document.is_not(None),
            Enrolment.merged_into_id.is_(None),
            sa.not_(valid),
            sa.not_(revoked),
        )
        .group_by(*columns)
        .order_by(CourseSession.id)
        .limit(limit)
    )
    if not scope.everything:
        statement = statement.where(RunBy().visible(CourseSession, scope))
    return [Waiting(*row) for row in db.session.execute(statement)]


def outcome_of(enrolment_id: int) -> Outcome | None:
    """The outcome a certificate (loaded through a scope) rests on, as it stands now."""
    return db.session.scalar(
        EVERYWHERE.select(Outcome)
        .where(Outcome.enrolment_id == enrolment_id)
        .options(
            joinedload(Outcome.enrolment).joinedload(Enrolment.employee).joinedload(Employee.user),
        )
    )
