"""An account for somebody on the staff."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.people.accounts import views

    app.register_blueprint(views.bp)
