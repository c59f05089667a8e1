from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class CertificateIssued(Event):
    name = "certificate.issued"
    certificate_id: int
    course_session_id: int
    kind: str


@dataclass(frozen=True)
class CertificateRevoked(Event):
    """The reason stands on the certificate, not here."""

    name = "certificate.revoked"
    certificate_id: int


@dataclass(frozen=True)
class CertificateSuperseded(Event):
    name = "certificate.superseded"
    certificate_id: int
    by_certificate_id: int
