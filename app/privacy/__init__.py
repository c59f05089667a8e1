"""What is stored about oneself, and what one asks to be done about it. Reads everybody, read by nobody."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.privacy import pages, views

    app.register_blueprint(views.bp)
    slots.add(app, "nav", pages.nav)
    slots.add(app, "privacy.data", pages.own_data)
