"""What each role sees first."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from app.access.caller import Caller
from app.access.permissions import Role
from app.language import gettext
from app.web import slots
from app.web.slots import NavItem


def _nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.roles != {Role.STAFF}:
        yield NavItem(gettext("Overview"), "/", "layout-dashboard", 0, place=True)
    if caller.is_a(Role.STAFF):
        yield NavItem(gettext("My trainings"), "/me", "graduation-cap", 5, place=True)


def init_app(app: Flask) -> None:
    from app.home.views import bp

    app.register_blueprint(bp)
    slots.add("nav", _nav)
