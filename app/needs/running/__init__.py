"""A round while it runs: opened, told to those it asks, watched, closed, published."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.jobs import kinds
    from app.needs.running import services, views

    app.register_blueprint(views.bp)
    kinds.register(app, services.OPEN)
    kinds.register(app, services.CLOSE)
