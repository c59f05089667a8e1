"""Institutions in the menu."""

from __future__ import annotations

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext
from app.web.parts import NavItem


def nav(caller: Caller, _: object) -> NavItem | None:
    if not caller.may(Permission.ORGANISATION_READ):
        return None
    return NavItem(gettext("Institutions"), url_for("organisations.show_organisations"), "building-2", 55)
