"""Issue, revoke, replace. Number, row and file come into being in one transaction, or none of them does."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.journal import Actor
from app.certificates import codes, due, letters, numbers, queries, snapshot, sources
from app.certificates.events import CertificateIssued, CertificateRevoked, CertificateSuperseded
from app.certificates.models import Certificate, CertificateStatus, EndReason
from app.certificates.snapshot import Shared
from app.completion.models import DocumentKind, Outcome
from app.core.clock import local, now
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.events import EnrolmentsMerged
from app.enrolment.steps import wait_to_be_told
from app.files.models import Document
from app.language import lazy_gettext, ngettext
from app.language.turkish import search_key
from app.paper.certificate import draw_certificate
from app.paper.typeface import UnprintableText
from app.people.events import EmployeesMerged
from app.trainers.models import Trainer
from app.training import services as training
from app.training.assignments import untold
from app.training.models import CourseSession, SessionStatus

PDF = "application/pdf"


class AlreadyHeld(Refused):
    """A valid certificate is there: whoever asked twice has what they asked for."""

    def __init__(self, number: str) -> None:
        super().__init__(lazy_gettext("A valid certificate is held already: %(number)s.", number=number))
        self.number = number


def issue(
    course_session: CourseSession,
    outcome: Outcome,
    *,
    by: Actor,
    shared: Shared | None = None,
    at: datetime | None = None,
    tell: bool = True,
) -> Certificate:
    """Issue the document an outcome is due. `course_session` with course and province, `outcome` as
    `due.outcomes_to_certify` loads it. For many of one session pass `shared`; `at` (now) decides date and year.

    Refused where nothing is due, a valid one is held, or a text cannot be printed.
    """
    _lock(course_session)
    _finalised(course_session)
    if outcome.document is None or outcome.enrolment.merged_into_id is not None:
        raise Refused(lazy_gettext("No document is due: %(why)s.", why=outcome.result.label))
    held = _held(Certificate.enrolment_id == outcome.enrolment_id)
    if held is not None:
        raise AlreadyHeld(held)
    shared = shared or snapshot.shared_of(course_session)
    employee = outcome.enrolment.employee
    facts = snapshot.of_participant(shared, outcome.enrolment, outcome.document)
    made = _make(
        course_session, facts, shared, name_sort=employee.name_sort, at=at, by=by, enrolment_id=outcome.enrolment_id
    )
    if tell and not letters.tell(made, employee.user, employee.email):
        wait_to_be_told(outcome.enrolment)
    return made


def issue_thanks(
    course_session: CourseSession,
    trainer: Trainer,
    *,
    by: Actor,
    shared: Shared | None = None,
    at: datetime | None = None,
    tell: bool = True,
) -> Certificate:
    """A letter of thanks for a trainer who gave a sitting; `trainer` as `sources.trainers_of` loads them."""
    _lock(course_session)
    _finalised(course_session)
    held = _held(sa.and_(Certificate.course_session_id == course_session.id, Certificate.trainer_id == trainer.id))
    if held is not None:
        raise AlreadyHeld(held)
    shared = shared or snapshot.shared_of(course_session)
    facts = snapshot.of_trainer(shared, course_session, trainer)
    made = _make(course_session, facts, shared, name_sort=trainer.name_sort, at=at, by=by, trainer_id=trainer.id)
    if tell and not letters.tell(made, trainer.user, trainer.email):
        untold.wait(course_session, trainer.id)
    return made


def revoke(
    certificate: Certificate,
    reason: str,
    *,
    by: Actor,
    public: EndReason = EndReason.OTHER,
    at: datetime | None = None,
) -> None:
    """End a valid certificate. Whoever verifies it is told the `public` reason; the written one stays inside."""
    _end(certificate, CertificateStatus.REVOKED, reason, public, at or now(), by)
    journal.record(CertificateRevoked(certificate.id), by=by)


def reissue(
    certificate: Certificate,
    reason: str,
    *,
    by: Actor,
    public: EndReason = EndReason.OTHER,
    at: datetime | None = None,
    tell: bool = True,
) -> Certificate:
    """Replace a valid certificate (with its session, course and province) by a new one that says what is true now."""
    course_session = certificate.course_session
    _lock(course_session)
    _finalised(course_session)
    _end(certificate, CertificateStatus.SUPERSEDED, reason, public, at or now(), by)
    if certificate.trainer_id is not None:
        made = _reissue_thanks(course_session, certificate.trainer_id, by, at, tell)
    else:
        outcome = due.outcome_of(certificate.enrolment_id or 0)
        if outcome is None or outcome.document is None:
            raise Refused(lazy_gettext("No document is due any more. Revoke this certificate instead."))
        made = issue(course_session, outcome, by=by, at=at, tell=tell)
    certificate.superseded_by_id = made.id
    journal.record(CertificateSuperseded(certificate.id, made.id), by=by)
    return made


def _reissue_thanks(
    course_session: CourseSession, trainer_id: int, by: Actor, at: datetime | None, tell: bool
) -> Certificate:
    giving = {trainer.id: trainer for trainer, _ in sources.trainers_of(course_session)}
    if trainer_id not in giving:
        raise Refused(lazy_gettext("No document is due any more. Revoke this certificate instead."))
    return issue_thanks(course_session, giving[trainer_id], by=by, at=at, tell=tell)


def reopen(course_session: CourseSession, reason: str, *, by: Actor) -> None:
    """From finalised back to confirmed, so that attendance and scores can be corrected."""
    _lock(course_session)
    valid = len(queries.valid_ids(course_session))
    if valid:
        raise Refused(
            ngettext(
                "%(num)s valid certificate rests on this course session. Revoke it first.",
                "%(num)s valid certificates rest on this course session. Revoke them first.",
                valid,
            )
        )
    _require(reason)
    training.move(course_session, SessionStatus.CONFIRMED, by=by, reason=reason)
    course_session.finalised_at = None


def guard_merge(event: EmployeesMerged, by: Actor) -> None:
    """One person, one session, one valid certificate: until one is revoked the two records stay two."""
    pairs = queries.twice_certified([event.kept_id, event.merged_id])
    if pairs:
        raise Refused(
            lazy_gettext(
                "Both records hold a valid certificate for the same course session: %(first)s and %(second)s."
                " Revoke one of them first.",
                first=pairs[0][0],
                second=pairs[0][1],
            )
        )


def follow_merge(event: EnrolmentsMerged, by: Actor) -> None:
    """The one enrolment that is left of two carries the certificates of both; two valid ones are `guard_merge`'s."""
    kept, merged = event.kept_id, event.merged_id
    if _held(Certificate.enrolment_id == kept) and _held(Certificate.enrolment_id == merged):
        return
    moved = sa.update(Certificate).where(Certificate.enrolment_id == merged).values(enrolment_id=kept)
    db.session.execute(EVERYWHERE.trusting(moved, Certificate))


def digest(data: bytes) -> str:
    """What a file is recognised by."""
    return hashlib.sha256(data).hexdigest()


# --- how it is done ---------------------------------------------------------------------------------------


def _lock(course_session: CourseSession) -> None:
    """Whoever issues for a session waits for whoever does so already (SQLite: the write lock is held anyway)."""
    db.session.refresh(course_session, attribute_names=["status", "version"], with_for_update=True)


def _finalised(course_session: CourseSession) -> None:
    if course_session.status is not SessionStatus.FINALISED:
        raise Refused(lazy_gettext("Certificates are issued once the course session has been finalised."))


def _held(condition: sa.ColumnElement[bool]) -> str | None:
    """The number of the valid certificate, if there is one."""
    return db.session.scalar(
        EVERYWHERE.restrict(sa.select(Certificate.number), Certificate).where(
            condition, Certificate.status == CertificateStatus.VALID
        )
    )


def _require(reason: str) -> None:
    if not reason.strip():
        raise Refused(lazy_gettext("Please give a reason."), field="reason")


def _end(
    certificate: Certificate, status: CertificateStatus, reason: str, public: EndReason, at: datetime, by: Actor
) -> None:
    _require(reason)
    db.session.refresh(certificate, attribute_names=["status"], with_for_update=True)
    certificate.status = certificate.status.to(status)
    certificate.ended_at, certificate.ended_by = at, by.id
    certificate.public_reason, certificate.end_reason = public, reason.strip()
    db.session.flush()


def _make(
    course_session: CourseSession,
    facts: dict[str, Any],
    shared: Shared,
    *,
    name_sort: str,
    by: Actor,
    at: datetime | None,
    enrolment_id: int | None = None,
    trainer_id: int | None = None,
) -> Certificate:
    moment = at or now()
    issued_on = local(moment).date()
    code, name = codes.new(), facts["printed_name"]
    number = numbers.take(issued_on, course_session.province.doc_abbr if course_session.province else None)
    made = Certificate(
        number=number,
        code=code,
        course_session_id=course_session.id,
        enrolment_id=enrolment_id,
        trainer_id=trainer_id,
        kind=DocumentKind(facts["kind"]),
        language=facts["language"],
        status=CertificateStatus.VALID,
        printed_name=name,
        name_sort=name_sort,
        search_text=search_key(f"{name} {number} {codes.show(code)} {code}"),
        snapshot=facts,
        issued_on=issued_on,
        issued_at=moment,
        issued_by=by.id,
    )
    document = _drawn(made, shared, by)
    db.session.add(document)
    db.session.flush()
    made.document_id = document.id
    db.session.add(made)
    db.session.flush()
    journal.record(CertificateIssued(made.id, course_session.id, made.kind.value), by=by)
    return made


def _drawn(certificate: Certificate, shared: Shared, by: Actor) -> Document:
    """The file, drawn this once; from now on it is only read."""
    try:
        data = draw_certificate(snapshot.paper_of(certificate, shared.pictures))
    except UnprintableText as problem:
        raise Refused(
            lazy_gettext(
                "These letters cannot be printed: %(letters)s. Correct the name first.",
                letters=" ".join(problem.letters),
            )
        ) from problem
    return Document(
        sha256=digest(data),
        media_type=PDF,
        filename=f"{certificate.number.replace('/', '-')}.pdf",
        size=len(data),
        content=data,
        created_by=by.id,
    )
