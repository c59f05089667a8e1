"""Questionnaires on paper: printed with a code for each person, typed in from it, and never read back."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.needs.handwritten import views

    app.register_blueprint(views.bp)
