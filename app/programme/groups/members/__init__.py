"""Who sits in a group: added, changed, leaving; what becomes of it where a record of the staff goes."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.people.events import EmployeeLeft, EmployeesMerged
    from app.programme.groups.members import merging, pages, services, views

    app.register_blueprint(views.bp)
    journal.on(app, EmployeeLeft, services.employee_left)
    journal.on(app, EmployeesMerged, merging.employees_merged)
    slots.add(app, "person.leaving", pages.leaving)
    slots.add(app, "privacy.data", pages.own_data)
