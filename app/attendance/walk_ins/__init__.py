"""Somebody is in the room who has no seat: found on the staff list and added on the spot."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance.walk_ins import views

    app.register_blueprint(views.bp)
