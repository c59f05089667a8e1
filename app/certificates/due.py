"""Who of a finalised session is due which document, and why somebody is not. Questions, like `queries`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.scope import EVERYWHERE, Scope
from app.catalogue.models import Course
from app.certificates.models import Certificate, CertificateStatus
from app.completion.models import DocumentKind, Outcome, Result
from app.core.db import db
from app.enrolment.models import Enrolment
from app.people.models import Employee
from app.training.models import CourseSession, RunBy, SessionStatus


@dataclass(frozen=True)
class Latest:
    """The last certificate somebody was given for a session."""

    id: int
    number: str
    status: CertificateStatus
    revoked_since: bool


@dataclass(frozen=True)
class Candidate:
    """Somebody with an outcome: what she is due, and what she holds."""

    enrolment_id: int
    name: str
    organisation_tr: str
    organisation_en: str
    result: Result
    document: DocumentKind | None
    latest: Latest | None

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
    """Outcomes of a session (loaded through a scope), by name, with enrolment, person, institution and account."""
    statement = (
        EVERYWHERE.restrict(sa.select(Outcome), Outcome, Enrolment, Employee)
        .join(Outcome.enrolment)
        .join(Enrolment.employee)
        .where(Enrolment.course_session_id == course_session.id, Enrolment.merged_into_id.is_(None))
        .options(
            contains_eager(Outcome.enrolment).contains_eager(Enrolment.employee).joinedload(Employee.organisation),
            contains_eager(Outcome.enrolment).contains_eager(Enrolment.employee).joinedload(Employee.user),
        )
        .order_by(Employee.name_sort, Enrolment.id)
    )
    if enrolment_ids is not None:
        statement = statement.where(Outcome.enrolment_id.in_(enrolment_ids))
    return db.session.scalars(statement).all()


def candidates(course_session: CourseSession) -> Sequence[Candidate]:
    """Everybody of a session (loaded through a scope) who has an outcome, by name."""
    outcomes = outcomes_to_certify(course_session)
    latest: dict[int, tuple[Certificate, bool]] = {}
    finished = {outcome.enrolment_id: outcome.at for outcome in outcomes}
    for row in db.session.scalars(
        EVERYWHERE.select(Certificate)
        .where(Certificate.course_session_id == course_session.id, Certificate.enrolment_id.is_not(None))
        .order_by(Certificate.id)
    ):
        at = finished.get(row.enrolment_id or 0)
        since = row.status is CertificateStatus.REVOKED and at is not None and (row.ended_at or at) >= at
        latest[row.enrolment_id or 0] = (row, since)
    return [_candidate(outcome, latest.get(outcome.enrolment_id)) for outcome in outcomes]


def _candidate(outcome: Outcome, held: tuple[Certificate, bool] | None) -> Candidate:
    person = outcome.enrolment.employee
    return Candidate(
        enrolment_id=outcome.enrolment_id,
        name=person.name,
        organisation_tr=person.organisation.name_tr,
        organisation_en=person.organisation.name_en,
        result=outcome.result,
        document=outcome.document,
        latest=Latest(held[0].id, held[0].number, held[0].status, held[1]) if held else None,
    )


def letters_of_thanks(course_session: CourseSession) -> dict[int, tuple[int, str]]:
    """Trainer → id and number of the valid letter she holds for a session loaded through a scope."""
    rows = db.session.execute(
        EVERYWHERE.restrict(sa.select(Certificate.trainer_id, Certificate.id, Certificate.number), Certificate).where(
            Certificate.course_session_id == course_session.id,
            Certificate.trainer_id.is_not(None),
            Certificate.status == CertificateStatus.VALID,
        )
    )
    return {trainer_id: (key, number) for trainer_id, key, number in rows if trainer_id is not None}


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
    answered = (
        sa.select(Certificate.id)
        .where(
            Certificate.enrolment_id == Outcome.enrolment_id,
            sa.or_(
                Certificate.status == CertificateStatus.VALID,
                sa.and_(Certificate.status == CertificateStatus.REVOKED, Certificate.ended_at >= Outcome.at),
            ),
        )
        .exists()
    )
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
            sa.not_(answered),
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
            joinedload(Outcome.enrolment).joinedload(Enrolment.employee).joinedload(Employee.organisation),
            joinedload(Outcome.enrolment).joinedload(Enrolment.employee).joinedload(Employee.user),
        )
    )
