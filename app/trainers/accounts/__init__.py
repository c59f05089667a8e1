"""An account for a trainer."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.trainers.accounts import views

    app.register_blueprint(views.bp)
