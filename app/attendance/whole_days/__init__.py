"""The sittings of a day with the same people, marked as one."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance.whole_days import views

    app.register_blueprint(views.bp)
