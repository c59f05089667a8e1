"""What a phone sends: marks and closed sheets from the queue of its browser (app/static/js/roll.js), each carried out
once; and those that came after the lock, for whoever runs the session to decide.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance.arrivals import pages, views
    from app.core import slots

    app.register_blueprint(views.bp)
    slots.add(app, "home.counts", pages.late_marks)
