"""Who teaches: trainers and their expertise."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.people.events import EmployeesMerged
    from app.trainers import absence_views, account_views, services, shown, views

    app.register_blueprint(views.bp)
    app.register_blueprint(account_views.bp)
    app.register_blueprint(absence_views.bp)
    journal.on(EmployeesMerged, services.follow_merge)
    shown.init_app()
