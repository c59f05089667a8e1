"""What the public may know of one certificate, and nothing else: all that its paper says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from app.certificates import codes, queries, snapshot
from app.certificates.models import Certificate, CertificateStatus, EndReason
from app.certificates.verification.rules import mask
from app.core.clock import local
from app.language import language
from app.paper.contents import CertificatePaper, Part, contents
from app.paper.wording import Language
from app.settings import queries as settings

NOT_SHOWN = {
    "url": "the address the reader has opened",
    "sample": "a mark on paper made of sample data, which no real certificate bears",
}
"""What a paper says and its page does not, with the reason."""


@dataclass(frozen=True)
class Proof:
    """A certificate as its verification page shows it: `paper` in the reader's language, its name masked where the
    programme wants that.
    """

    status: CertificateStatus
    paper: CertificatePaper
    masked: bool
    course: Mapping[str, str]
    ended_on: date | None
    reason: EndReason
    successor: queries.Relative | None
    predecessor: queries.Relative | None

    @property
    def valid(self) -> bool:
        return self.status is CertificateStatus.VALID

    @property
    def parts(self) -> dict[str, Part]:
        """All that the paper says, but for what `NOT_SHOWN` names."""
        return _shown(self.paper)


def _shown(paper: CertificatePaper) -> dict[str, Part]:
    return {key: part for key, part in contents(paper).items() if key not in NOT_SHOWN}


def _paper(certificate: Certificate) -> CertificatePaper:
    """In the reader's language, without its logos."""
    return snapshot.paper_of(certificate, {}, cast(Language, language()))


def parts_of(certificate: Certificate) -> dict[str, Part]:
    """The same for whoever may see the certificate itself: nothing is masked."""
    return _shown(_paper(certificate))


def of(certificate: Certificate) -> Proof:
    paper = _paper(certificate)
    masked = bool(settings.value("mask_names"))
    return Proof(
        status=certificate.status,
        paper=replace(paper, printed_name=mask(paper.printed_name)) if masked else paper,
        masked=masked,
        course={"tr": certificate.snapshot["course_tr"], "en": certificate.snapshot["course_en"]},
        ended_on=local(certificate.ended_at).date() if certificate.ended_at else None,
        reason=certificate.public_reason or EndReason.OTHER,
        successor=queries.successor(certificate),
        predecessor=queries.predecessor(certificate),
    )


#: The keys of the answer to machines; all of them None where nothing is found.
KEYS = (
    *("status", "number", "name", "kind", "course", "hours", "dates", "place", "issuer", "issued_on"),
    *("institution", "trainers", "signatories", "revoked", "superseded_by"),
)
NOTHING: dict[str, Any] = {**dict.fromkeys(KEYS), "status": "not_found"}


def as_json(found: Proof | None) -> dict[str, Any]:
    """For machines. Dates are ISO; `dates` is first and last day; `superseded_by` an address."""
    if found is None:
        return NOTHING
    paper = found.paper
    ended = {"on": found.ended_on.isoformat(), "reason": found.reason.value} if found.ended_on else None
    return {
        "status": found.status.value,
        "number": paper.number,
        "name": paper.printed_name,
        "kind": paper.kind,
        "course": dict(found.course),
        "hours": int(paper.hours) if paper.hours == int(paper.hours) else round(float(paper.hours), 2),
        "dates": [paper.first_date.isoformat(), paper.last_date.isoformat()],
        "place": paper.place,
        "issuer": ", ".join(paper.heading),
        "issued_on": paper.issued_on.isoformat(),
        "institution": paper.organisation,
        "trainers": list(paper.trainers),
        "signatories": [{"name": name, "title": title} for name, title in paper.signatories],
        "revoked": ended,
        "superseded_by": codes.address(found.successor.code) if found.successor else None,
    }
