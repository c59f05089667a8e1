"""What other pages show of the register: the way there, a person’s certificates, what a search finds."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.certificates.register import queries
from app.completion.models import DocumentKind
from app.language import format_date, format_hours, gettext, in_language, language
from app.language.turkish import sort_key
from app.people.models import Employee
from app.web.parts import Hit, Hits, NavItem, Section

SHOWN_HITS = 5


def nav(caller: Caller, _: None) -> NavItem | None:
    if not caller.may(Permission.CERTIFICATE_READ):
        return None
    place = caller.is_a(Role.COORDINATOR) or caller.is_a(Role.STAFF)
    return NavItem(gettext("Certificates"), url_for("register.index"), "award", 70, place=place)


def person_section(caller: Caller, employee: Employee) -> Section | None:
    if not caller.may(Permission.CERTIFICATE_READ):
        return None
    rows = queries.of_person(caller.scope_for(Permission.CERTIFICATE_READ), employee)
    return Section(gettext("Certificates"), "certificates/register/person_section.html", rows, 60)


def hits(caller: Caller, typed: str) -> Hits | None:
    if not caller.may(Permission.CERTIFICATE_READ):
        return None
    found = queries.found_certificates(caller.scope_for(Permission.CERTIFICATE_READ), typed, SHOWN_HITS)
    if not found:
        return None
    return Hits(
        gettext("Certificates"),
        tuple(
            Hit(
                row.printed_name,
                url_for("register.show", certificate_id=row.id),
                f"{row.number} · {in_language(row, 'course')}",
            )
            for row in found[:SHOWN_HITS]
        ),
        url_for("register.index", q=typed) if len(found) > SHOWN_HITS else None,
        30,
    )


def in_words(facts: dict[str, Any]) -> dict[str, str]:
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
