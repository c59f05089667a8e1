"""The place of accounts in the menu."""

from __future__ import annotations

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext
from app.web.parts import NavItem


def nav(caller: Caller, _: object) -> NavItem | None:
    return (
        NavItem(gettext("Users"), url_for("users.show_users"), "user-cog", 90)
        if caller.may(Permission.USER_READ)
        else None
    )
