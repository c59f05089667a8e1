"""What venues show around their pages: a place in the menu, the filters of their list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.queries import provinces
from app.language import gettext, in_language
from app.web.parts import NavItem


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.VENUE_READ):
        yield NavItem(gettext("Venues"), url_for("venues.show_venues"), "map-pin", 65)


def filters() -> list[tuple[str, str, list[tuple[Any, str]]]]:
    """The list's filters as (argument, label, choices)."""
    everything: list[tuple[Any, str]] = [("", gettext("All"))]
    return [
        ("province", gettext("Province"), everything + [(one.id, in_language(one, "name")) for one in provinces()]),
        ("step_free", gettext("Step-free access"), [*everything, ("yes", gettext("Yes"))]),
        ("active", gettext("Use"), [("", gettext("In use")), ("no", gettext("No longer used"))]),
    ]
