"""A round while it runs: opened, told to those it asks, watched, closed, published."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.core import slots
    from app.jobs import kinds
    from app.needs.running import pages, services, views

    app.register_blueprint(views.bp)
    kinds.register(app, services.OPEN)
    kinds.register(app, services.CLOSE)
    slots.add(app, "home.counts", pages.counted)
