"""Supervisors say how important each competency is for their people and how well these master it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.needs.team import pages, views

    app.register_blueprint(views.bp)
    slots.add(app, "home.counts", pages.counted)
    slots.add(app, "me.sections", pages.section)
