"""A plan is decided: submitted, returned with remarks, approved by somebody else, revised; all versions stay."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.plans.deciding import pages, views

    app.register_blueprint(views.bp)
    slots.add(app, "home.counts", pages.counted)
