"""What plans show on pages of lower rooms: a place in the menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext
from app.web import slots
from app.web.slots import NavItem


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.PLAN_READ):
        yield NavItem(gettext("Training plan"), "/plans", "clipboard-list", 35)


def init_app() -> None:
    slots.add("nav", nav)
