"""The logos of certificates and sheets."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.settings.logos import views

    app.register_blueprint(views.bp)
