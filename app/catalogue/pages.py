"""What the catalogue shows around its pages: a place in the menu, hits of a search, the filters of its list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.catalogue import queries
from app.catalogue.models import CourseLevel, DeliveryMode
from app.language import gettext, in_language
from app.web.parts import NavItem, Sought


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.COURSE_READ):
        yield NavItem(
            gettext("Catalogue"), url_for("catalogue.show_courses"), "book-open", 40, place=caller.is_a(Role.STAFF)
        )


def hits(caller: Caller, typed: str) -> Sought | None:
    """The courses a typed text finds."""
    if not (caller.may(Permission.COURSE_READ) and caller.may_search and typed.strip()):
        return None
    return Sought(
        gettext("Course catalogue"),
        queries.found_courses(typed),
        queries.COURSE_SORTS["name"],
        lambda key: url_for("catalogue.show_course", course_id=key),
        url_for("catalogue.show_courses", q=typed),
        order=30,
    )


def filters(caller: Caller) -> list[tuple[str, str, list[tuple[Any, str]]]]:
    """The list's filters as (argument, label, choices)."""
    everything: list[tuple[Any, str]] = [("", gettext("All"))]
    themes, competencies = queries.choices()
    found = [
        ("theme", gettext("Thematic area"), everything + [(t.id, in_language(t, "name")) for t in themes]),
        ("level", gettext("Level"), everything + [(level.value, level.label) for level in CourseLevel]),
        ("mode", gettext("Delivery mode"), everything + [(mode.value, mode.label) for mode in DeliveryMode]),
        ("competency", gettext("Competency"), everything + [(c.id, in_language(c, "name")) for c in competencies]),
    ]
    if caller.may(Permission.COURSE_WRITE):
        states = [("", gettext("Offered now")), ("no", gettext("No longer offered")), ("all", gettext("All"))]
        found.append(("active", gettext("Offered"), states))
    return found
