"""What the public may know of one certificate, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.certificates import queries
from app.certificates.addresses import verification_url
from app.certificates.models import Certificate, CertificateStatus
from app.completion.models import DocumentKind
from app.core.clock import local
from app.language.turkish import search_key
from app.settings import queries as settings


@dataclass(frozen=True)
class Proof:
    """A certificate as its verification page shows it. `name` is masked where the programme wants that."""

    status: CertificateStatus
    number: str
    name: str
    masked: bool
    kind: DocumentKind
    course_tr: str
    course_en: str
    hours_minutes: int
    first_date: date
    last_date: date
    place_tr: str
    place_en: str
    issuer_tr: str
    issuer_en: str
    issued_on: date
    ended_on: date | None
    reason: str
    successor: queries.Relative | None
    predecessor: queries.Relative | None

    @property
    def valid(self) -> bool:
        return self.status is CertificateStatus.VALID


def of(certificate: Certificate) -> Proof:
    facts, masked = certificate.snapshot, bool(settings.value("mask_names"))
    return Proof(
        status=certificate.status,
        number=certificate.number,
        name=mask(certificate.printed_name) if masked else certificate.printed_name,
        masked=masked,
        kind=certificate.kind,
        course_tr=facts["course_tr"],
        course_en=facts["course_en"],
        hours_minutes=facts["hours_minutes"],
        first_date=date.fromisoformat(facts["first_date"]),
        last_date=date.fromisoformat(facts["last_date"]),
        place_tr=facts["place_tr"],
        place_en=facts["place_en"],
        issuer_tr=facts["issuer_tr"],
        issuer_en=facts["issuer_en"],
        issued_on=certificate.issued_on,
        ended_on=local(certificate.ended_at).date() if certificate.ended_at else None,
        reason=certificate.end_reason,
        successor=queries.successor(certificate),
        predecessor=queries.predecessor(certificate),
    )


def mask(name: str) -> str:
    """Ayşe YILMAZ → A*** Y*****"""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())


def same_name(certificate: Certificate, typed: str) -> bool:
    """Whether somebody typed the printed name, in whatever case and with or without Turkish letters."""
    return bool(typed.strip()) and search_key(typed) == search_key(certificate.printed_name)


NOTHING: dict[str, Any] = {
    "status": "not_found",
    "number": None,
    "name": None,
    "kind": None,
    "course": None,
    "hours": None,
    "dates": None,
    "place": None,
    "issuer": None,
    "issued_on": None,
    "revoked": None,
    "superseded_by": None,
}


def as_json(found: Proof | None, language: str) -> dict[str, Any]:
    """For machines. Dates are ISO; `dates` is first and last day; `superseded_by` an address."""
    if found is None:
        return NOTHING
    hours = Decimal(found.hours_minutes) / 60
    return {
        "status": found.status.value,
        "number": found.number,
        "name": found.name,
        "kind": found.kind.value,
        "course": {"tr": found.course_tr, "en": found.course_en},
        "hours": int(hours) if hours == int(hours) else round(float(hours), 2),
        "dates": [found.first_date.isoformat(), found.last_date.isoformat()],
        "place": getattr(found, f"place_{language}"),
        "issuer": getattr(found, f"issuer_{language}"),
        "issued_on": found.issued_on.isoformat(),
        "revoked": None if found.ended_on is None else {"on": found.ended_on.isoformat(), "reason": found.reason},
        "superseded_by": verification_url(found.successor.code) if found.successor else None,
    }
