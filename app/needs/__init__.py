"""Asks why: assessment rounds, ratings, gaps."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.needs import import_views, shown, views
    from app.needs.services import follow_merge
    from app.people.events import EmployeesMerged

    app.register_blueprint(import_views.bp)
    app.register_blueprint(views.bp)
    shown.init_app()
    journal.on(EmployeesMerged, follow_merge)
