"""Days on which trainers are not available."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.trainers.absences import pages, views

    app.register_blueprint(views.bp)
    slots.add(app, "privacy.data", pages.own_data)
