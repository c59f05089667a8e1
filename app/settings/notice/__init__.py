"""The notice on personal data: its versions, and who was shown which."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.settings.notice import views

    app.register_blueprint(views.bp)
