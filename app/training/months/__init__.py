"""The month page: which sessions take place on which days."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.training.months import pages, views
    from app.web import slots

    app.register_blueprint(views.bp)
    slots.add("nav", pages.nav)
