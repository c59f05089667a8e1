"""Staff in the menu and among the hits of the search."""

from __future__ import annotations

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.language import gettext, in_language
from app.people.employees import queries
from app.web.parts import Hit, Hits, NavItem, Stored

SHOWN_HITS = 5


def nav(caller: Caller, _: object) -> NavItem | None:
    if not caller.may(Permission.PERSON_READ):
        return None
    return NavItem(gettext("Staff"), url_for("employees.show_people"), "users", 50, place=caller.is_a(Role.FOCAL_POINT))


def hits(caller: Caller, typed: str) -> Hits | None:
    """The first people a typed text finds, and the way to all of them."""
    if not caller.may(Permission.PERSON_READ) or not typed.strip():
        return None
    found = queries.found_people(caller.scope_for(Permission.PERSON_READ), typed, SHOWN_HITS)
    if not found:
        return None
    shown = tuple(
        Hit(row.name, url_for("employees.show_person", employee_id=row.id), f"{row.organisation} · {row.title}")
        for row in found[:SHOWN_HITS]
    )
    more = url_for("employees.show_people", q=typed) if len(found) > SHOWN_HITS else None
    return Hits(gettext("Staff"), shown, more, order=10)


def own_data(caller: Caller, _: object) -> Stored | None:
    """The staff record of whoever asks."""
    own = queries.own_record(caller.id)
    if own is None:
        return None
    rows = (
        (gettext("Name"), own.name),
        (gettext("Staff registry no."), own.registry_no),
        (gettext("Institution"), in_language(own.organisation, "name")),
        (gettext("Unit"), in_language(own.unit, "name")),
        (gettext("Job title"), in_language(own.title, "name")),
        (gettext("Employment type"), own.employment_type.label),
        (gettext("Sex"), own.sex.label),
        (gettext("E-mail"), own.email),
        (gettext("Phone"), own.phone),
    )
    return Stored(gettext("Staff record"), (gettext("What"), gettext("Stored")), rows, order=10)
