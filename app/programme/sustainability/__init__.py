"""Sustainability: measures by level and scope, how each stands, what shows it; what is computed."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.lists import known
    from app.programme.sustainability import pages, views

    app.register_blueprint(views.bp)
    known.add(app, views.MEASURES, views.MUNICIPALITIES)
    slots.add(app, "programme.parts", pages.part)
    slots.add(app, "programme.indicators", pages.indicator)
    slots.add(app, "pilot.sections", pages.of_pilot)
    slots.add(app, "home.counts", pages.late)
