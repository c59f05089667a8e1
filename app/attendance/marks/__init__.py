"""Calling the roll: the grid of a session, the roll of a sitting, the roll of a person."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance.marks import pages, services, views
    from app.audit import journal
    from app.core import slots
    from app.enrolment.events import EnrolmentsMerged
    from app.training.events import SittingRemoved

    app.register_blueprint(views.bp)
    slots.add(app, "training.kept_sittings", pages.kept_sittings)
    slots.add(app, "privacy.data", pages.own_data)
    journal.on(app, SittingRemoved, services.keep_marked_sittings)
    journal.on(app, EnrolmentsMerged, services.keep_better_marks)
