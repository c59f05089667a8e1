"""Public holidays and off-days."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.settings.holidays import views

    app.register_blueprint(views.bp)
