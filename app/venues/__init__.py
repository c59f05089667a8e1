"""Where training takes place: venues and rooms."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.venues import pages, rooms, views

    app.register_blueprint(views.bp)
    known.add(app, views.VENUES)
    rooms.init_app(app)
    slots.add(app, "nav", pages.nav)
