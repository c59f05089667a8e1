"""Two records that are one person: found, laid side by side, merged."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.people.merging import views

    app.register_blueprint(views.bp)
