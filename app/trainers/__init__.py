"""Who teaches: trainers and their expertise; their accounts and absences in rooms of their own."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

PARTS = ("absences", "accounts")


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.language import lazy_gettext
    from app.lists import known
    from app.people.events import EmployeesMerged
    from app.people.imports import undoing
    from app.trainers import pages, services, views
    from app.trainers.models import Trainer

    app.register_blueprint(views.bp)
    known.add(app, views.TRAINERS)
    undoing.POINTERS.on(app)[str(Trainer.employee_id)] = lazy_gettext("is a trainer")
    journal.on(app, EmployeesMerged, services.follow_merge)
    slots.add(app, "nav", pages.nav)
    slots.add(app, "search.results", pages.hits)
    slots.add(app, "privacy.data", pages.own_data)
    for part in PARTS:
        import_module(f"app.trainers.{part}").init_app(app)
