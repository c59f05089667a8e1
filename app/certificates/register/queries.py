"""The list of certificates, one certificate, and what one in its place would say today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Organisation, Province, User
from app.access.scope import EVERYWHERE, Scope, within
from app.catalogue.models import Course
from app.certificates import snapshot
from app.certificates.models import Certificate, CertificateCounter, CertificateStatus
from app.certificates.queries import shared_of, trainers_of
from app.completion.models import DocumentKind, Outcome
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import Lines, ListQuery, Rows, in_order, narrowed
from app.core.search import matches
from app.core.tables.written import written_once
from app.enrolment.models import Enrolment
from app.files.models import Document
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training import queries as training
from app.training.models import CourseSession

CERTIFICATE_SORTS: dict[str, tuple[Any, ...]] = {
    "issued": (Certificate.issued_on, Certificate.id),
    "number": (Certificate.number, Certificate.id),
    "name": (Certificate.name_sort, Certificate.id),
}


@dataclass(frozen=True)
class CertificateRow:
    """A line of the list, out of the certificate alone."""

    id: int
    number: str
    code: str
    printed_name: str
    kind: DocumentKind
    status: CertificateStatus
    issued_on: date
    snapshot: dict[str, Any]

    @property
    def organisation_tr(self) -> str:
        return str(self.snapshot.get("organisation_tr", ""))

    @property
    def organisation_en(self) -> str:
        return str(self.snapshot.get("organisation_en", ""))

    @property
    def course_tr(self) -> str:
        return str(self.snapshot["course_tr"])

    @property
    def course_en(self) -> str:
        return str(self.snapshot["course_en"])

    @property
    def hours_minutes(self) -> int:
        return int(self.snapshot["hours_minutes"])

    @property
    def first_date(self) -> date:
        return date.fromisoformat(self.snapshot["first_date"])

    @property
    def last_date(self) -> date:
        return date.fromisoformat(self.snapshot["last_date"])


_ROW = (
    Certificate.id,
    Certificate.number,
    Certificate.code,
    Certificate.printed_name,
    Certificate.kind,
    Certificate.status,
    Certificate.issued_on,
    Certificate.snapshot,
)


def certificates(scope: Scope, query: ListQuery) -> Rows[CertificateRow]:
    """Certificates this scope sees. Filters: province, course, organisation (ids), kind, status, year of issue."""
    ids, order = _ids(scope, query, _seen(scope, query)), CERTIFICATE_SORTS[query.sort]
    return Rows(ids, order, query, _rows, long=not scope.everything)


def _ids(scope: Scope, query: ListQuery, seen: sa.Select[Any]) -> sa.Select[Any]:
    """Of those the scope sees, what is asked for."""
    ids = seen.where(matches(Certificate, query.q))
    ids = narrowed(ids, query, {"kind": Certificate.kind, "status": Certificate.status})
    year = query.filter_id("year")
    if year is not None:
        inside = 2000 <= year <= 2100
        first, last = (date(year, 1, 1), date(year, 12, 31)) if inside else (date.max, date.min)
        ids = ids.where(Certificate.issued_on.between(first, last))
    if query.filter("province") or query.filter("course"):
        ids = scope.trusting(ids.where(Certificate.course_session_id.in_(_given(query))), CourseSession)
    organisation_id = query.filter_id("organisation")
    if organisation_id is not None:
        holders = sa.select(Enrolment.id).where(Enrolment.organisation_id == organisation_id)
        ids = scope.trusting(ids.where(Certificate.enrolment_id.in_(holders)), Enrolment)
    return ids


def _seen(scope: Scope, query: ListQuery) -> sa.Select[Any]:
    """What the scope sees; of a province it does not run there is hardly a page, so that what it sees is gathered."""
    ids, province_id = sa.select(Certificate.id), query.filter_id("province")
    if query.q or not scope.provinces or province_id is None or scope.covers_province(province_id):
        return scope.restrict(ids, Certificate)
    return _trusted(scope, ids.where(Certificate.__scope__.held_elsewhere(scope, _given(query))))


@written_once
def _each(scope: Scope) -> sa.Select[Any]:
    """The same, each certificate asked by itself."""
    seen = sa.true() if scope.everything else Certificate.__scope__.each(Certificate, scope)
    return _trusted(scope, sa.select(Certificate.id).where(seen))


def _trusted(scope: Scope, statement: sa.Select[Any]) -> sa.Select[Any]:
    """A statement that says by itself whose certificates it reads."""
    return cast("sa.Select[Any]", scope.trusting(statement, Certificate, Enrolment, Employee, CourseSession, Trainer))


def _given(query: ListQuery) -> sa.Select[Any]:
    """Sessions of the province and the course asked for."""
    return narrowed(
        sa.select(CourseSession.id),
        query,
        {"province": CourseSession.province_id, "course": CourseSession.course_id},
    )


def _rows(keys: Sequence[int]) -> Sequence[CertificateRow]:
    """The lines of certificates whose ids came through a scope, in that order."""
    found = db.session.execute(
        within(Certificate).trusting(sa.select(*_ROW), Certificate).where(Certificate.id.in_(keys))
    )
    return in_order(keys, [CertificateRow(*row) for row in found], lambda row: row.id)


@dataclass(frozen=True)
class Choice:
    value: str
    name_tr: str
    name_en: str


def choices(scope: Scope) -> dict[str, list[Choice]]:
    """What the list can be filtered by, in one statement: provinces, courses, institutions in scope, years."""
    organisations = sa.select(
        sa.literal("organisation").label("kind"),
        sa.cast(Organisation.id, sa.String).label("value"),
        Organisation.name_tr,
        Organisation.name_en,
        Organisation.name_sort.label("name_sort"),
    )
    if not scope.everything:
        organisations = organisations.where(Organisation.id.in_(sorted(scope.organisations)))
    provinces = sa.select(
        sa.literal("province"),
        sa.cast(Province.id, sa.String),
        Province.name_tr,
        Province.name_en,
        Province.name_sort,
    )
    courses = sa.select(
        sa.literal("course"), sa.cast(Course.id, sa.String), Course.name_tr, Course.name_en, Course.name_sort
    )
    year = sa.cast(CertificateCounter.year, sa.String)
    years = sa.select(sa.literal("year"), year, year, year, year).distinct()
    found: dict[str, list[Choice]] = {"organisation": [], "province": [], "course": [], "year": []}
    for kind, value, name_tr, name_en, _ in db.session.execute(
        sa.union_all(organisations, provinces, courses, years).order_by("kind", "name_sort")
    ):
        found[kind].append(Choice(value, name_tr, name_en))
    return found


def certificate(scope: Scope, certificate_id: int) -> Certificate:
    """One certificate with its session, course and province, or Missing."""
    # it alone is asked whose it is: whoever sees one institution would gather all its certificates first
    this = _each(scope).with_only_columns(Certificate).where(Certificate.id == certificate_id)
    found: Certificate | None = db.session.scalar(this.options(*_whole()))
    if found is None:
        raise Missing
    return found


def _whole() -> tuple[Any, ...]:
    session = joinedload(Certificate.course_session)
    return session.joinedload(CourseSession.course), session.joinedload(CourseSession.province)


def certificate_to_change(scope: Scope, certificate_id: int) -> Certificate:
    """One certificate for whoever runs its session; to see its holder is not enough."""
    found = certificate(scope, certificate_id)
    if not may_change(scope, found):
        raise Missing
    return found


def may_change(scope: Scope, certificate: Certificate) -> bool:
    """Whether this scope could change a certificate already loaded through another, with its session."""
    return training.runs(scope, certificate.course_session)


def document(certificate: Certificate) -> tuple[str, bytes]:
    """File name and bytes of a certificate already loaded through a scope, exactly as stored at issue.

    Missing where the file was blanked because its holder was erased.
    """
    row = db.session.execute(
        sa.select(Document.filename, Document.content).where(Document.id == certificate.document_id)
    ).one()
    if not row.content:
        raise Missing
    return row.filename, row.content


def names_of(user_ids: Sequence[int | None]) -> dict[int, str]:
    """Names of colleagues who issued or ended a certificate, for those who may do the same."""
    wanted = {key for key in user_ids if key is not None}
    rows = db.session.execute(
        # colleagues of whoever may do the same
        EVERYWHERE.restrict(sa.select(User.id, User.given_name, User.family_name), User).where(User.id.in_(wanted))
    )
    return {key: f"{given} {family}" for key, given, family in rows}


def of_person(scope: Scope, employee: Employee) -> Sequence[CertificateRow]:
    """A person's certificates, also those of records merged into theirs, latest first."""
    merged = sa.select(Employee.id).where(Employee.merged_into_id == employee.id)
    records = sa.union_all(sa.select(sa.literal(employee.id)), merged)  # joined by "or" they read the whole staff
    holders = sa.select(Enrolment.id).where(Enrolment.employee_id.in_(records))
    # each of theirs is asked by itself: whoever sees one institution would gather all its certificates first
    rows = _each(scope).with_only_columns(*_ROW).where(Certificate.enrolment_id.in_(holders))
    latest = rows.order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    return [CertificateRow(*row) for row in db.session.execute(latest)]


def found_certificates(scope: Scope, typed: str, limit: int) -> Sequence[CertificateRow]:
    """The latest certificates a typed name, number or code finds; one more than `limit` says there are others.

    Latest by their ids, which follow the day of issue: they are asked from the last on until there are enough, where by
    day all that are found would be read first.
    """
    query = ListQuery(q=typed, descending=True, size=limit + 1)
    order = (Certificate.id,)
    ids = _ids(scope, query, _each(scope))
    # held to ids that come through the scope, which is not asked twice
    return Lines(ids, order, query, _trusted(scope, sa.select(*_ROW)), lambda row: CertificateRow(*row)).first()


def facts_now(certificate: Certificate) -> dict[str, Any] | None:
    """What one in its place (with its session, course and province) would say today; None where nothing is due."""
    course_session = certificate.course_session
    shared = shared_of(course_session, to_draw=False)
    if shared.obstacle is not None:
        return None
    if certificate.enrolment_id is None:
        given = {trainer.id: trainer for trainer, _ in trainers_of(course_session)}
        trainer = given.get(certificate.trainer_id or 0)
        return snapshot.of_trainer(shared, course_session, trainer) if trainer else None
    outcome = outcome_of(certificate.enrolment_id)
    if outcome is None or outcome.document is None:
        return None
    return snapshot.of_participant(shared, outcome.enrolment, outcome.document)


def outcome_of(enrolment_id: int) -> Outcome | None:
    """The outcome a certificate (loaded through a scope) rests on, as it stands now."""
    return db.session.scalar(
        within(Enrolment)
        .select(Outcome)
        .where(Outcome.enrolment_id == enrolment_id)
        .options(
            joinedload(Outcome.enrolment).joinedload(Enrolment.employee).joinedload(Employee.user),
        )
    )
