"""The people who can no longer pass, whatever comes."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance.at_risk import views
    from app.lists import known

    app.register_blueprint(views.bp)
    known.add(app, views.LOST)
