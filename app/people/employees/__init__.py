"""The staff list, a person's page, adding and changing somebody."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.people.employees import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.PEOPLE)
    slots.add(app, "nav", pages.nav)
    slots.add(app, "search.results", pages.hits)
    slots.add(app, "privacy.data", pages.own_data)
