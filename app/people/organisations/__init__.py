"""Institutions and their units."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.people.organisations import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.ORGANISATIONS)
    slots.add(app, "nav", pages.nav)
