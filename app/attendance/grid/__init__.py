"""Typing into the grid of a session: many cells at once, each saved or refused for itself."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance.grid import views

    app.register_blueprint(views.bp)
