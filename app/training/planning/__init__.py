"""The page of a new session: filled in from what it is needed for, checked while it is filled in."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.training.planning import views

    app.register_blueprint(views.bp)
