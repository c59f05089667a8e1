"""Signing in and out, one-time links, one's own devices; what slows down whoever guesses."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.access.sign_in import views

    app.register_blueprint(views.bp)
