"""What needs show on pages of lower rooms: a place in the menu, a part of a person's card."""

from __future__ import annotations

from collections.abc import Iterator

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext
from app.needs import queries
from app.people.models import Employee
from app.web import slots
from app.web.slots import NavItem, Section


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.NEED_READ):
        yield NavItem(gettext("Training needs"), "/needs", "target", 30)


def person_section(caller: Caller, employee: Employee) -> Section | None:
    """A person's own needs, for whoever may read needs of their institution."""
    scope = caller.scope_for(Permission.NEED_READ)
    if not scope.everything and employee.organisation_id not in scope.organisations:
        return None
    rows = queries.needs_of(employee)
    if not rows:
        return None
    return Section(gettext("Training needs"), "needs/person_section.html", rows, order=20)


def init_app() -> None:
    slots.add("nav", nav)
    slots.add("person.sections", person_section)
