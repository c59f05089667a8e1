"""Asks why: assessment rounds, ratings, gaps."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.needs import import_views, shown, views
    from app.needs.services import move_ratings
    from app.needs.sums import follow_employee, follow_transfer
    from app.people.events import EmployeeChanged, EmployeesMerged, EmployeeTransferred

    app.register_blueprint(import_views.bp)
    app.register_blueprint(views.bp)
    shown.init_app()
    journal.on(EmployeeChanged, follow_employee)
    journal.on(EmployeeTransferred, follow_transfer)
    journal.on(EmployeesMerged, move_ratings)
