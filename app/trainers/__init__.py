"""Who teaches: trainers and their expertise; their accounts and absences in rooms of their own."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

PARTS = ("absences", "accounts")


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.people.events import EmployeesMerged
    from app.trainers import pages, services, views
    from app.web import slots

    app.register_blueprint(views.bp)
    journal.on(EmployeesMerged, services.follow_merge)
    slots.add("nav", pages.nav)
    slots.add("search.results", pages.hits)
    for part in PARTS:
        import_module(f"app.trainers.{part}").init_app(app)
