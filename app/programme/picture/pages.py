"""The programme in the menu."""

from __future__ import annotations

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext
from app.web.parts import NavItem


def nav(caller: Caller, _: object) -> NavItem | None:
    if not caller.may(Permission.PROGRAMME_READ, Permission.REPORT_READ):
        return None
    return NavItem(gettext("Programme"), url_for("picture.show_programme"), "sprout", 75)
