"""The sheet people sign: as PDF to print, and its scan to keep."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance.signatures import views

    app.register_blueprint(views.bp)
