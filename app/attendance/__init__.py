"""Counts: marks, minutes, sheets."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance import listeners, shown
    from app.attendance.sheet_views import bp as sheets
    from app.attendance.views import bp
    from app.attendance.walk_in_views import bp as walk_ins

    for blueprint in (bp, sheets, walk_ins):
        app.register_blueprint(blueprint)
    listeners.init()
    shown.init()
