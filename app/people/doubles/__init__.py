"""Records that may be one person: found in the background, laid side by side, merged or told apart for good."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.jobs import worker
    from app.people.doubles import pages, services, views
    from app.people.events import EmployeesMerged

    app.register_blueprint(views.bp)
    slots.add(app, "home.counts", pages.shared_addresses)
    journal.on(app, EmployeesMerged, services.forget)
    worker.on_sweep(app, services.look, every=timedelta(minutes=5))
