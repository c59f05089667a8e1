"""The valid certificates of a session, and those a correction has overtaken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.access.scope import within
from app.certificates import snapshot
from app.certificates.issuing.queries import outcomes_to_certify
from app.certificates.models import Certificate, CertificateStatus
from app.certificates.queries import shared_of, trainers_of
from app.completion.models import DocumentKind
from app.core.db import db
from app.training.models import CourseSession

FROM_TRAINING = ("kind", "hours_minutes", "first_date", "last_date", "place_tr", "trainers")
"""What a certificate says of the training. Names and settings that changed later change no certificate."""


@dataclass(frozen=True)
class Overtaken:
    """A valid certificate, and what one in its place would say; None where nothing is due any more."""

    certificate: Certificate
    now: dict[str, Any] | None


def valid(course_session: CourseSession) -> Sequence[Certificate]:
    """The valid certificates of a session loaded through a scope, letters of thanks too, by name."""
    statement = within(course_session).select(Certificate).where(Certificate.status == CertificateStatus.VALID)
    return db.session.scalars(statement.order_by(Certificate.name_sort, Certificate.id)).all()


def overtaken(course_session: CourseSession) -> list[Overtaken]:
    """Those of a finalised session (loaded with course and province) that say of the training what is not so now."""
    shared = shared_of(course_session, to_draw=False)
    if shared.obstacle is not None and shared.sittings:
        return []  # nobody signs: none can be replaced
    due = {row.enrolment_id: row for row in outcomes_to_certify(course_session) if row.document is not None}
    giving = {trainer.id: trainer for trainer, _ in trainers_of(course_session)} if shared.sittings else {}
    found = []
    for one in valid(course_session):
        now = None
        if shared.sittings and one.enrolment_id in due:
            outcome = due[one.enrolment_id]
            now = snapshot.of_participant(shared, outcome.enrolment, outcome.document or DocumentKind.ATTENDANCE)
        elif one.trainer_id in giving:
            now = snapshot.of_trainer(shared, course_session, giving[one.trainer_id])
        if now is None or _otherwise(one, now):
            found.append(Overtaken(one, now))
    return found


def _otherwise(certificate: Certificate, now: dict[str, Any]) -> bool:
    """A letter of thanks names no trainers but its own."""
    keys = [key for key in FROM_TRAINING if key != "trainers" or certificate.trainer_id is None]
    return any(certificate.snapshot.get(key) != now.get(key) for key in keys)
