from __future__ import annotations

from app.audit.journal import Event
from app.completion.models import DocumentKind
from app.language import lazy_pgettext


class CertificateIssued(Event):
    name = "certificate.issued"
    said = lazy_pgettext("event", "Certificate issued")
    words = {"certificate_id": lazy_pgettext("fact", "Certificate")}
    values = {"kind": DocumentKind}
    certificate_id: int
    course_session_id: int
    kind: str


class CertificateRevoked(Event):
    """The reason stands on the certificate, not here."""

    name = "certificate.revoked"
    said = lazy_pgettext("event", "Certificate revoked")
    certificate_id: int


class CertificateSuperseded(Event):
    name = "certificate.superseded"
    said = lazy_pgettext("event", "Certificate replaced")
    words = {"by_certificate_id": lazy_pgettext("fact", "New certificate")}
    certificate_id: int
    by_certificate_id: int
