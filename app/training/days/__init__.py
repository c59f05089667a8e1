"""A day on which sessions stand, an off-day or a new holiday, and postponing them together."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.training.days import pages, views

    app.register_blueprint(views.bp)
    slots.add(app, "settings.affected_sittings", pages.section)
