"""What people and institutions show on pages of lower rooms: places in the menu, hits of a search."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.language import gettext
from app.people import leaving, queries
from app.web import slots
from app.web.slots import Hit, Hits, NavItem

SHOWN_HITS = 5


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.PERSON_READ):
        yield NavItem(gettext("Staff"), "/people", "users", 50, place=caller.is_a(Role.FOCAL_POINT))
    if caller.may(Permission.ORGANISATION_READ):
        yield NavItem(gettext("Institutions"), "/organisations", "building-2", 55)


def hits(caller: Caller, typed: str) -> Hits | None:
    """The first people a typed text finds, and the way to all of them."""
    if not caller.may(Permission.PERSON_READ) or not typed.strip():
        return None
    found = queries.found_people(caller.scope_for(Permission.PERSON_READ), typed, SHOWN_HITS)
    if not found:
        return None
    shown = tuple(Hit(row.name, f"/people/{row.id}", f"{row.organisation} · {row.title}") for row in found[:SHOWN_HITS])
    more = f"/people?{urlencode({'q': typed})}" if len(found) > SHOWN_HITS else None
    return Hits(gettext("Staff"), shown, more, order=10)


def init_app() -> None:
    slots.add("nav", nav)
    slots.add("search.results", hits)
    slots.add("person.leaving", leaving.own_consequences)
    slots.add("user.leaving", leaving.of_account)
