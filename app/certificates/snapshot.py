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
| `opening_tr` `opening_en` `sentence_tr` `sentence_en` | the programme's own words; absent where the usual ones stand |
| `logos` | ids of the documents that hold the logos, by slot |
| `sample` | whether it was made of sample data, and says so |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

from app.certificates import codes
from app.certificates.models import Certificate
from app.completion.models import DocumentKind
from app.core.errors import Text
from app.enrolment.models import Enrolment
from app.language import turkish
from app.paper.contents import CertificatePaper
from app.paper.wording import Kind, Language
from app.settings.models import Signatory
from app.trainers.models import Trainer
from app.training.models import CourseSession, Sitting

TEMPLATE_VERSION = 2
"""From 2 on the title and the family names of signatories are in capitals."""


@dataclass(frozen=True)
class Shared:
    """What all certificates of one session have in common, gathered once; no facts where `obstacle` stands in the way.

    `of_trainer`: the sittings each gave, by their ids; `pictures`: the bytes of logos, by the id of their document;
    `wording`: the programme's own words of all kinds, by the keys of the settings.
    """

    facts: dict[str, Any]
    sittings: tuple[Sitting, ...]
    of_trainer: dict[int, frozenset[int]]
    pictures: Mapping[int, bytes]
    obstacle: Text | None = None
    wording: Mapping[str, str] = field(default_factory=dict)


def of_session(
    course_session: CourseSession,
    sittings: Sequence[Sitting],
    trainers: Sequence[Trainer],
    signatories: Sequence[Signatory],
    values: Mapping[str, Any],
    logos: Sequence[int],
) -> dict[str, Any]:
    """What every snapshot of a session says: `sittings` that were held, settings' `values` of the day."""
    course = course_session.course
    return {
        "course_tr": course.name_tr,
        "course_en": course.name_en or course.name_tr,
        "trainers": [trainer.printed_name for trainer in trainers],
        "signatories": [
            {"name": s.name, "title_tr": s.title_tr, "title_en": s.title_en or s.title_tr} for s in signatories
        ],
        "template_version": TEMPLATE_VERSION,
        "issuer_tr": values["institution_tr"],
        "issuer_en": values["institution_en"],
        "funding_tr": values["funding_tr"],
        "funding_en": values["funding_en"],
        "logos": list(logos),
        "sample": bool(values["sample_data"]),
        **_when_and_where(sittings, course_session),
    }


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


def of_participant(shared: Shared, enrolment: Enrolment, kind: DocumentKind) -> dict[str, Any]:
    """The snapshot of a participant's certificate: the institution is that of the training. Needs person and user."""
    employee, institution = enrolment.employee, enrolment.institution
    return shared.facts | {
        "printed_name": employee.printed_name,
        "organisation_tr": institution.name_tr,
        "organisation_en": institution.name_en or institution.name_tr,
        "kind": kind.value,
        "language": employee.user.language if employee.user else "tr",
        **_wording(shared, kind),
    }


def _wording(shared: Shared, kind: DocumentKind) -> dict[str, str]:
    """Its own words alone: the usual ones belong to the template."""
    keys = (f"{part}_{language}" for part in ("opening", "sentence") for language in ("tr", "en"))
    return {key: words for key in keys if (words := shared.wording.get(f"{kind.value}_{key}"))}


def of_trainer(shared: Shared, course_session: CourseSession, trainer: Trainer) -> dict[str, Any]:
    """The snapshot of a letter of thanks: dates, hours, place of the sittings they gave; user and employee loaded."""
    sittings = [sitting for sitting in shared.sittings if sitting.id in shared.of_trainer[trainer.id]]
    organisation = trainer.employee.organisation if trainer.employee else None
    return (
        shared.facts
        | _when_and_where(sittings, course_session)
        | {
            "printed_name": trainer.printed_name,
            "organisation_tr": organisation.name_tr if organisation else trainer.institution,
            "organisation_en": organisation.name_en if organisation else trainer.institution,
            "kind": DocumentKind.THANKS.value,
            "language": trainer.user.language if trainer.user else "tr",
            **_wording(shared, DocumentKind.THANKS),
        }
    )


def paper_of(
    certificate: Certificate, pictures: Mapping[int, bytes], language: Language | None = None
) -> CertificatePaper:
    """The paper a certificate was drawn from, out of its own frozen facts alone; or the same in another language.

    `pictures`: bytes of its logos by document id, empty for whoever draws nothing.
    """
    facts = certificate.snapshot
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
        code=codes.printed(certificate.code),
        url=codes.address(certificate.code),
        signatories=tuple((signs(who["name"]), who[f"title_{language}"]) for who in facts["signatories"]),
        logos=tuple(pictures.get(document_id) for document_id in facts.get("logos", [])),
        funding=facts[f"funding_{language}"],
        sample=bool(facts.get("sample")),
        opening=facts.get(f"opening_{language}", ""),
        sentence=facts.get(f"sentence_{language}", ""),
    )
