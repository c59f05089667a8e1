"""What each role sees first, in the menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.access.caller import Caller
from app.access.permissions import Role
from app.language import gettext
from app.web.parts import NavItem


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.roles != {Role.STAFF}:
        yield NavItem(gettext("Overview"), "/", "layout-dashboard", 0, place=True)
    if caller.is_a(Role.STAFF):
        yield NavItem(gettext("My trainings"), "/me", "graduation-cap", 5, place=True)
