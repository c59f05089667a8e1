"""The sheet of a sitting: when it may be marked, closed by hand and reopened, and which sheets wait."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance.sheets import pages, views
    from app.core import slots

    app.register_blueprint(views.bp)
    slots.add(app, "home.tasks", pages.unmarked)
    slots.add(app, "training.rolls", pages.rolls)
