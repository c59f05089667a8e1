"""A day on which sessions stand, an off-day or a new holiday, and postponing them together."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.training.days import pages, views
    from app.web import slots

    app.register_blueprint(views.bp)
    slots.add("settings.affected_sittings", pages.section)
