"""Figures, the audit log, search: reads everybody, read by nobody."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext
from app.web import slots
from app.web.slots import NavItem


def _nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.REPORT_READ):
        yield NavItem(gettext("Reports"), "/reports", "chart-column", 80, place=not caller.may(Permission.SEARCH))
    if caller.may(Permission.AUDIT_READ):
        yield NavItem(gettext("Activity log"), "/audit", "history", 97)


def init_app(app: Flask) -> None:
    from app.oversight.views import bp

    app.register_blueprint(bp)
    slots.add("nav", _nav)
