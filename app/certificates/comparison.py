"""What a replacement would say differently, shown before somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.certificates import due, snapshot, sources
from app.certificates.models import Certificate
from app.completion.models import DocumentKind
from app.core.errors import Refused
from app.language import format_date, format_hours, gettext, language
from app.language.turkish import sort_key


def differences(certificate: Certificate) -> Sequence[tuple[str, str, str]]:
    """(what, as printed, as it would be printed now); empty where nothing differs or nothing is due any more."""
    try:
        now = _facts_now(certificate)
    except Refused:
        return []
    if now is None:
        return []
    was, current = _told(certificate.snapshot), _told(now)
    return [(label, was[label], current[label]) for label in was if was[label] != current[label]]


def _facts_now(certificate: Certificate) -> dict[str, Any] | None:
    course_session = certificate.course_session
    shared = snapshot.shared_of(course_session, to_draw=False)
    if certificate.enrolment_id is None:
        given = {trainer.id: trainer for trainer, _ in sources.trainers_of(course_session)}
        trainer = given.get(certificate.trainer_id or 0)
        return snapshot.of_trainer(shared, course_session, trainer) if trainer else None
    outcome = due.outcome_of(certificate.enrolment_id)
    if outcome is None or outcome.document is None:
        return None
    return snapshot.of_participant(shared, outcome.enrolment, outcome.document)


def _told(facts: dict[str, Any]) -> dict[str, str]:
    """The facts of a snapshot in the reader's words."""
    here = language()
    return {
        gettext("Full name"): facts["printed_name"],
        gettext("Institution"): facts[f"organisation_{here}"],
        gettext("Kind of document"): DocumentKind(facts["kind"]).label,
        gettext("Course"): facts[f"course_{here}"],
        gettext("Duration (hours)"): format_hours(facts["hours_minutes"]),
        gettext("First day"): format_date(date.fromisoformat(facts["first_date"])),
        gettext("Last day"): format_date(date.fromisoformat(facts["last_date"])),
        gettext("Place of training"): facts[f"place_{here}"],
        gettext("Trainers"): ", ".join(sorted(facts["trainers"], key=sort_key)),
        gettext("Signatories"): ", ".join(who["name"] for who in facts["signatories"]),
        gettext("Language"): {"tr": "Türkçe", "en": "English"}[facts["language"]],
    }
