"""Who of a finalised session is due which document, why somebody is not, and who holds one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from app.access.scope import Scope, within
from app.catalogue.models import Course
from app.certificates import queries as certificates
from app.certificates import rules
from app.certificates.issuing.rules import (
    ISSUE,
    Board,
    Candidate,
    Given,
    OpenJob,
    before_the_end,
    latest_of,
    thanks_row,
)
from app.certificates.models import Certificate, CertificateStatus
from app.completion.models import Outcome
from app.core.db import db
from app.core.tables.written import written_once
from app.enrolment.models import Enrolment, called
from app.jobs.models import Job, JobStatus
from app.people.models import Employee
from app.settings import queries as settings
from app.training.models import CourseSession, RunBy, SessionStatus, Sitting


def outcomes_to_certify(course_session: CourseSession, enrolment_ids: Sequence[int] | None = None) -> Sequence[Outcome]:
    """Outcomes of a session (loaded through a scope), by name, with enrolment, person and account."""
    statement = (
        within(course_session)
        .restrict(sa.select(Outcome), Enrolment, Outcome, Employee)
        .join(Outcome.enrolment)
        .join(Enrolment.employee)
        .where(Enrolment.merged_into_id.is_(None))
        .options(
            contains_eager(Outcome.enrolment).contains_eager(Enrolment.employee).joinedload(Employee.user),
        )
        .order_by(Employee.name_sort, Enrolment.id)
    )
    if enrolment_ids is not None:
        statement = statement.where(Outcome.enrolment_id.in_(enrolment_ids))
    return db.session.scalars(statement).all()


def given_in(course_session: CourseSession) -> Sequence[Given]:
    """All certificates of a session (loaded through a scope), the latest last."""
    columns = (Certificate.id, Certificate.number, Certificate.status, Certificate.ended_at)
    holders = (Certificate.enrolment_id, Certificate.trainer_id, Certificate.issued_at)
    found = db.session.execute(
        within(course_session).restrict(sa.select(*columns, *holders), Certificate).order_by(Certificate.id)
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
    found = db.session.execute(
        within(course_session)
        .restrict(sa.select(*columns), Enrolment, Outcome, Employee, Job)
        .join(Enrolment, Enrolment.id == Outcome.enrolment_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .outerjoin(Job, _at_work(course_session))  # one at most
        .where(Enrolment.merged_into_id.is_(None))
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
            latest=latest_of(latest.get(key), at),
            job=OpenJob(job_id, user_id) if job_id else None,
        )
        for key, first, family, tr, en, result, document, at, job_id, user_id in found
    ]


def _at_work(course_session: CourseSession) -> sa.ColumnElement[bool]:
    return sa.and_(
        Job.kind == ISSUE,
        Job.subject == rules.subject(course_session.id),
        Job.status.in_([JobStatus.QUEUED, JobStatus.RUNNING]),
    )


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


_due = aliased(Outcome)
"""Those that wait, beside all there are: few, asked for as a set, so that a statement begins with them."""


def waiting(scope: Scope, limit: int = 10) -> Sequence[Waiting]:
    """Finalised sessions this scope runs where somebody waits for a document, the oldest first."""
    return [Waiting(*row) for row in db.session.execute(_waiting(scope, limit))]


@written_once
def _waiting(scope: Scope, limit: int) -> sa.Select[Any]:
    mine = sa.select(Certificate.id).where(Certificate.enrolment_id == Outcome.enrolment_id)
    # the word itself, not a parameter: the index of valid certificates holds for it, and answers for nearly everybody
    valid = mine.where(Certificate.status == sa.literal_column("'valid'")).exists()
    revoked = mine.where(Certificate.status == CertificateStatus.REVOKED, Certificate.ended_at >= Outcome.at).exists()
    columns = (CourseSession.id, Course.code, CourseSession.ordinal, Course.name_tr, Course.name_en)
    statement: sa.Select[Any] = (
        scope.trusting(
            scope.restrict(sa.select(*columns, sa.func.count()), CourseSession), Outcome, _due, Enrolment, Certificate
        )
        .join(Course, Course.id == CourseSession.course_id)
        .join(Enrolment, Enrolment.course_session_id == CourseSession.id)
        .join(Outcome, Outcome.enrolment_id == Enrolment.id)
        .where(
            CourseSession.status == SessionStatus.FINALISED,
            Outcome.id.in_(sa.select(_due.id).where(_due.due_since.is_not(None))),
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
    return statement


def board(course_session: CourseSession, sittings: Sequence[Sitting]) -> Board:
    """For a session loaded through a scope with course and province; `sittings` as `dated_sittings` of the room."""
    given = given_in(course_session)
    if course_session.status is not SessionStatus.FINALISED:
        return before_the_end(given)
    rows = candidates(course_session, given)
    signatories = certificates.signatories_of(course_session)
    trainers = [thanks_row(trainer, given) for trainer, _ in certificates.trainers_of(course_session)]
    return Board(
        finalised=True,
        candidates=rows,
        trainers=trainers,
        signatories=signatories,
        issuer=settings.institution(),
        obstacle=rules.obstacle(rules.held(sittings), signatories),
        job=next((row.job for row in rows), None),
        earlier=any(row.valid and row.issued_at < (course_session.finalised_at or row.issued_at) for row in given),
    )
