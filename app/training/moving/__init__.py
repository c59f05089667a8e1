"""A session, a day or a sitting moved on one page: how far, where, by whom, and who is hit by it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.training.moving import views

    app.register_blueprint(views.bp)
