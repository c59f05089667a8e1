"""What people on the staff see and do without an account, through a personal link: their own trainings, the answer to
an invitation, their certificates.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.guest import queries, services, views
    from app.people.events import EmployeesMerged
    from app.people.links.models import PURPOSES, TRAININGS, Purpose

    app.register_blueprint(views.bp)
    journal.on(app, EmployeesMerged, services.employees_merged)
    PURPOSES.on(app)[TRAININGS] = Purpose(views.show_trainings, queries.until)
