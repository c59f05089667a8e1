"""What happened to a certificate, as its page tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from app.certificates.models import Certificate, EndReason
from app.certificates.register import queries
from app.language import gettext, in_turkish


def reason_of(certificate: Certificate, *, inside: bool) -> str:
    """Why it ended: the public reason, and for colleagues (`inside`) what was written beside it."""
    chosen = (certificate.public_reason or EndReason.OTHER).label
    if not inside or not certificate.end_reason:
        return chosen
    return Markup("{}: {}").format(chosen, in_turkish(certificate.end_reason))


@dataclass(frozen=True)
class Step:
    at: datetime
    text: str
    icon: str
    by: str = ""
    reason: str = ""


def of(certificate: Certificate, *, with_names: bool) -> Sequence[Step]:
    """Latest first. Who did it, and what was written beside it, is told to colleagues only (`with_names`)."""
    names = queries.names_of([certificate.issued_by, certificate.ended_by]) if with_names else {}
    steps = [Step(certificate.issued_at, gettext("Issued"), "award", names.get(certificate.issued_by or 0, ""))]
    if certificate.ended_at is not None:
        ended = certificate.status
        by = names.get(certificate.ended_by or 0, "")
        steps.append(Step(certificate.ended_at, ended.label, ended.icon, by, reason_of(certificate, inside=with_names)))
    return steps[::-1]
