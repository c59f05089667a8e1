"""What people and their supervisors said: read from a filled workbook, looked at, stored or thrown away."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.audit import journal
    from app.core import slots
    from app.needs.ratings import merging, pages, views
    from app.people.events import EmployeesMerged

    app.register_blueprint(views.bp)
    slots.add(app, "privacy.data", pages.own_data)
    journal.on(app, EmployeesMerged, merging.follow_merge)
