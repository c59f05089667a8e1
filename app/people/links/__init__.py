"""Personal links: a way to a few pages of their own for people on the staff who have no account.

Upper rooms say what a link may be for: `PURPOSES.on(app)[name] = Purpose(…)` (`models`).
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.people.events import EmployeeLeft, EmployeesMerged
    from app.people.links import pages, services, views

    app.register_blueprint(views.bp)
    slots.add(app, "privacy.data", pages.own_data)
    app.register_error_handler(pages.Closed, pages.closed)
    journal.on(app, EmployeesMerged, services.employees_merged)
    journal.on(app, EmployeeLeft, services.employee_left)
