"""What other pages show of the register: the way there, a person’s certificates, what a search finds."""

from __future__ import annotations

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.certificates.register import queries
from app.language import gettext, in_language
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
