"""What certificates say: the programme's own words for each kind, tried on a sample before they count."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.settings.wording import views

    app.register_blueprint(views.bp)
