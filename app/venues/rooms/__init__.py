"""The rooms of a venue, each reached through it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.venues.rooms import views

    app.register_blueprint(views.bp)
