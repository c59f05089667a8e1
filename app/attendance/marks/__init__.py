"""Calling the roll: the grid of a session, the roll of a sitting, the roll of a person."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance.marks import pages, services, views
    from app.audit import journal
    from app.enrolment.events import EnrolmentsMerged
    from app.training.events import SittingRemoved
    from app.web import slots

    app.register_blueprint(views.bp)
    slots.add("training.kept_sittings", pages.kept_sittings)
    journal.on(SittingRemoved, services.keep_marked_sittings)
    journal.on(EnrolmentsMerged, services.keep_better_marks)
