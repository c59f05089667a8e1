"""A certificate ends: revoked, or replaced by a new one that says what is true now."""

from __future__ import annotations

from datetime import datetime

from app.audit import journal
from app.audit.journal import Actor
from app.certificates import queries as certificates
from app.certificates.events import CertificateRevoked, CertificateSuperseded
from app.certificates.issuing.services import issue, issue_thanks
from app.certificates.models import Certificate, CertificateStatus, EndReason
from app.certificates.register import queries
from app.certificates.services import lock, require_finalised
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.training.models import CourseSession
from app.training.services import reason_given


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
    lock(course_session)
    require_finalised(course_session)
    # before the new one is issued, which is refused while a valid one is held
    _end(certificate, CertificateStatus.SUPERSEDED, reason, public, at or now(), by)
    if certificate.trainer_id is not None:
        made = _reissue_thanks(course_session, certificate.trainer_id, by, at, tell)
    else:
        outcome = queries.outcome_of(certificate.enrolment_id or 0)
        if outcome is None or outcome.document is None:
            raise Refused(lazy_gettext("No document is due any more. Revoke this certificate instead."))
        made = issue(course_session, outcome, by=by, at=at, tell=tell)
    certificate.superseded_by_id = made.id
    journal.record(CertificateSuperseded(certificate.id, made.id), by=by)
    return made


def _reissue_thanks(
    course_session: CourseSession, trainer_id: int, by: Actor, at: datetime | None, tell: bool
) -> Certificate:
    giving = {trainer.id: trainer for trainer, _ in certificates.trainers_of(course_session)}
    if trainer_id not in giving:
        raise Refused(lazy_gettext("No document is due any more. Revoke this certificate instead."))
    return issue_thanks(course_session, giving[trainer_id], by=by, at=at, tell=tell)


def _end(
    certificate: Certificate, status: CertificateStatus, reason: str, public: EndReason, at: datetime, by: Actor
) -> None:
    reason = reason_given(reason)
    # of two who end it at once the second reads that it is over, and `to` refuses
    db.session.refresh(certificate, attribute_names=["status"], with_for_update=True)
    certificate.status = certificate.status.to(status)
    certificate.ended_at, certificate.ended_by = at, by.id
    certificate.public_reason, certificate.end_reason = public, reason
    db.session.flush()
