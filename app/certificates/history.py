"""What happened to a certificate, as its page tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.certificates import queries
from app.certificates.models import Certificate
from app.language import gettext


@dataclass(frozen=True)
class Step:
    at: datetime
    text: str
    icon: str
    by: str = ""
    reason: str = ""


def of(certificate: Certificate, *, with_names: bool) -> Sequence[Step]:
    """Latest first. Who did it is told to colleagues only (`with_names`)."""
    names = queries.names_of([certificate.issued_by, certificate.ended_by]) if with_names else {}
    steps = [Step(certificate.issued_at, gettext("Issued"), "award", names.get(certificate.issued_by or 0, ""))]
    if certificate.ended_at is not None:
        ended = certificate.status
        by = names.get(certificate.ended_by or 0, "")
        steps.append(Step(certificate.ended_at, ended.label, ended.icon, by, certificate.end_reason))
    return steps[::-1]
