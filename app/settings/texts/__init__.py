"""Letters in the programme's own words."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.settings.texts import views

    app.register_blueprint(views.bp)
