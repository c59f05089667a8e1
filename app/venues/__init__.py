"""Where training takes place: venues and rooms."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.venues import pages, rooms, views
    from app.web import slots

    app.register_blueprint(views.bp)
    rooms.init_app(app)
    slots.add("nav", pages.nav)
