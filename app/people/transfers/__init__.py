"""Somebody goes to work at another institution: the record goes along with everything that hangs on it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.people.transfers import views

    app.register_blueprint(views.bp)
