"""Who takes part: nominations, seats, waiting list, invitations, the calendar feed."""

from __future__ import annotations

from importlib import import_module

from flask import Flask, current_app

from app.audit import journal


def init_app(app: Flask) -> None:
    from app.enrolment import conflicts, focal_points, leaving, merging, notices, queries, shown, waiting
    from app.enrolment.events import EnrolmentMoved
    from app.enrolment.views import bp
    from app.jobs import worker
    from app.people.events import EmployeeLeft, EmployeesMerged, EmployeeTransferred
    from app.people.leaving import services as people_leaving
    from app.training import seats
    from app.training.events import SessionChanged, SessionMoved, SittingsChanged, TrainersChanged
    from app.web import slots

    for module in ("enrolment_views", "calendar_views"):  # their views stand on the room's one blueprint
        import_module(f"app.enrolment.{module}")
    app.register_blueprint(bp)
    seats.counted_by(queries.seats_expression, queries.Seat)
    journal.on(EnrolmentMoved, notices.enrolment_moved)
    journal.on(SessionMoved, notices.session_moved)
    journal.on(SessionMoved, waiting.session_moved)
    journal.on(SessionMoved, focal_points.session_moved)
    journal.on(SittingsChanged, notices.sittings_changed)
    journal.on(TrainersChanged, notices.sittings_changed)
    journal.on(SessionChanged, waiting.session_changed)
    journal.on(EmployeesMerged, merging.employees_merged)
    journal.on(EmployeeLeft, leaving.employee_left)
    journal.on(EmployeeTransferred, leaving.employee_transferred)
    people_leaving.held_by(leaving.hold)
    slots.add("person.leaving", leaving.consequences)
    slots.add("user.leaving", leaving.of_account)
    slots.add("nav", shown.nav)
    slots.add("course_session.tabs", shown.tab)
    slots.add("course_session.moves", shown.moves)
    slots.add("course_session.opening", focal_points.on_opening)
    slots.add("course_session.conflicts", conflicts.conflicts)
    slots.add("person.sections", shown.person_section)
    slots.add("home.tasks", shown.tasks)
    worker.on_sweep(deliver_mail)


def deliver_mail() -> None:
    """Send what waits in the outbox, the way MAIL_URL says. The worker does this every minute."""
    from app.post.delivery import carrier
    from app.post.services import deliver_waiting
    from app.training import letters

    deliver_waiting(carrier(current_app.config["MAIL_URL"], letters.sender()))
