"""What a certificate says, frozen when it is issued. Later edits of person, course, session or settings change nothing.

A snapshot is plain JSON:

| key | what |
|---|---|
| `printed_name` | as printed, family name in capitals |
| `organisation_tr` `organisation_en` | the holder's institution at that time |
| `course_tr` `course_en` `kind` | title of the course; attendance, success or thanks |
| `hours_minutes` | planned minutes of the sittings that were held (an hour is 60 minutes) |
| `first_date` `last_date` | first and last sitting that was held, ISO |
| `place_tr` `place_en` | names of the venues |
| `trainers` | names |
| `signatories` | list of `{name, title_tr, title_en}`, one to three |
| `template_version` `language` | which drawing, and in which language it was drawn |
| `issuer_tr` `issuer_en` `funding_tr` `funding_en` | from the settings of that day |
| `logos` | ids of the documents that hold the logos, by slot |
| `sample` | whether it was made of sample data, and says so |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from app.certificates import codes, sources
from app.certificates.addresses import verification_url
from app.certificates.models import Certificate
from app.completion.models import DocumentKind
from app.core.errors import Refused, Text
from app.enrolment.models import Enrolment
from app.language import lazy_gettext, turkish
from app.paper.contents import CertificatePaper
from app.paper.wording import Kind, Language
from app.settings import queries as settings
from app.settings.models import Signatory
from app.trainers.models import Trainer
from app.training.models import CourseSession, Sitting

TEMPLATE_VERSION = 2
"""From 2 on the title and the family names of signatories are in capitals."""
MOST_SIGNATORIES = 3


@dataclass(frozen=True)
class Shared:
    """What all certificates of one session have in common, gathered once."""

    facts: dict[str, Any]
    sittings: tuple[Sitting, ...]
    of_trainer: dict[int, frozenset[int]]
    pictures: Mapping[int, bytes]


def shared_of(course_session: CourseSession, *, to_draw: bool = True) -> Shared:
    """For a session loaded with its course and province. Refused where there is nothing to certify or nobody signs.

    Without the pictures where nothing will be drawn (`to_draw`).
    """
    sittings = sources.held(sources.dated_sittings(course_session))
    signatories = signatories_of(course_session)
    problem = obstacle(sittings, signatories)
    if problem is not None:
        raise Refused(problem)
    values = settings.values()
    trainers = sources.trainers_of(course_session)
    course = course_session.course
    logos = [row.document_id for row in settings.logos()]
    facts = {
        "course_tr": course.name_tr,
        "course_en": course.name_en or course.name_tr,
        "trainers": [trainer_name(trainer) for trainer, _ in trainers],
        "signatories": [
            {"name": s.name, "title_tr": s.title_tr, "title_en": s.title_en or s.title_tr} for s in signatories
        ],
        "template_version": TEMPLATE_VERSION,
        "issuer_tr": values["institution_tr"],
        "issuer_en": values["institution_en"],
        "funding_tr": values["funding_tr"],
        "funding_en": values["funding_en"],
        "logos": logos,
        "sample": bool(values["sample_data"]),
        **_when_and_where(sittings, course_session),
    }
    pictures = sources.pictures(logos) if to_draw else {}
    return Shared(facts, sittings, {trainer.id: given for trainer, given in trainers}, pictures)


def signatories_of(course_session: CourseSession) -> Sequence[Signatory]:
    """Who signs for its province, or for the programme: three at most."""
    return settings.signatories(course_session.province_id)[:MOST_SIGNATORIES]


def obstacle(held: Sequence[Sitting], signatories: Sequence[Signatory]) -> Text | None:
    """Why nothing can be issued."""
    if not held:
        return lazy_gettext("No sitting of this course session was held, so there is nothing to certify.")
    if not signatories:
        return lazy_gettext("Nobody signs certificates yet. Enter a signatory in the settings first.")
    return None


def _when_and_where(sittings: Sequence[Sitting], course_session: CourseSession) -> dict[str, Any]:
    days = [sitting.date for sitting in sittings if sitting.date is not None]
    return {
        "hours_minutes": sum(sitting.minutes for sitting in sittings),
        "first_date": min(days).isoformat(),
        "last_date": max(days).isoformat(),
        "place_tr": _place(sittings, course_session, "name_tr"),
        "place_en": _place(sittings, course_session, "name_en"),
    }


def _place(sittings: Sequence[Sitting], course_session: CourseSession, name: str) -> str:
    """The venues in the order they were used; the province where no room was named."""
    venues = dict.fromkeys(
        getattr(sitting.room.venue, name) or sitting.room.venue.name_tr for sitting in sittings if sitting.room
    )
    if venues:
        return ", ".join(venues)
    province = course_session.province
    return str(getattr(province, name)) if province else ""


def trainer_name(trainer: Trainer) -> str:
    """Prof. Dr. Yavuz AYTAÇ."""
    return trainer.printed_name


def of_participant(shared: Shared, enrolment: Enrolment, kind: DocumentKind) -> dict[str, Any]:
    """The snapshot of a participant's certificate: the institution is that of the training. Needs person and user."""
    employee, institution = enrolment.employee, enrolment.institution
    return shared.facts | {
        "printed_name": employee.printed_name,
        "organisation_tr": institution.name_tr,
        "organisation_en": institution.name_en or institution.name_tr,
        "kind": kind.value,
        "language": employee.user.language if employee.user else "tr",
    }


def of_trainer(shared: Shared, course_session: CourseSession, trainer: Trainer) -> dict[str, Any]:
    """The snapshot of a letter of thanks: dates, hours, place of the sittings they gave; user and employee loaded."""
    given = shared.of_trainer.get(trainer.id, frozenset())
    sittings = [sitting for sitting in shared.sittings if sitting.id in given]
    if not sittings:
        raise Refused(lazy_gettext("%(name)s gave no sitting of this course session.", name=trainer.name))
    organisation = trainer.employee.organisation if trainer.employee else None
    return (
        shared.facts
        | _when_and_where(sittings, course_session)
        | {
            "printed_name": trainer_name(trainer),
            "organisation_tr": organisation.name_tr if organisation else trainer.institution,
            "organisation_en": organisation.name_en if organisation else trainer.institution,
            "kind": DocumentKind.THANKS.value,
            "language": trainer.user.language if trainer.user else "tr",
        }
    )


def snapshot_of(
    course_session: CourseSession, holder: Enrolment | Trainer, kind: DocumentKind, shared: Shared | None = None
) -> dict[str, Any]:
    """What a certificate of this kind for this holder says today. For many of one session pass `shared_of` it."""
    shared = shared or shared_of(course_session)
    if isinstance(holder, Trainer):
        return of_trainer(shared, course_session, holder)
    return of_participant(shared, holder, kind)


def paper_of(
    certificate: Certificate, pictures: Mapping[int, bytes] | None = None, language: Language | None = None
) -> CertificatePaper:
    """The paper a certificate was drawn from, out of its own frozen facts alone; or the same in another language.

    `pictures`: bytes of its logos by document id, for those who draw many or none; else they are looked up.
    """
    facts = certificate.snapshot
    logos = facts.get("logos", [])
    if pictures is None:
        pictures = sources.pictures(logos)
    language = language or cast(Language, certificate.language)
    signs = turkish.family_in_capitals if facts["template_version"] > 1 else turkish.normalise
    return CertificatePaper(
        kind=cast(Kind, certificate.kind.value),
        language=language,
        heading=(facts[f"issuer_{language}"],),
        printed_name=certificate.printed_name,
        organisation=facts.get(f"organisation_{language}", ""),
        course=facts[f"course_{language}"],
        hours=Decimal(facts["hours_minutes"]) / 60,
        first_date=date.fromisoformat(facts["first_date"]),
        last_date=date.fromisoformat(facts["last_date"]),
        place=facts[f"place_{language}"],
        trainers=() if certificate.kind is DocumentKind.THANKS else tuple(facts["trainers"]),
        issued_on=certificate.issued_on,
        number=certificate.number,
        code=codes.show(certificate.code),
        url=verification_url(certificate.code),
        signatories=tuple((signs(who["name"]), who[f"title_{language}"]) for who in facts["signatories"]),
        logos=tuple(pictures.get(document_id) for document_id in logos),
        funding=facts[f"funding_{language}"],
        sample=bool(facts.get("sample")),
    )
