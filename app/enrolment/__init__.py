"""Who takes part in a course session.

The ground: enrolments and their history, the step of one with its lock, seats counted, who plays which part in a
session, when nominations close, focal points, and what somebody has completed. On it stand, from bottom to top:

- obstacles: what stands between people and a seat, and between a plan and those who have one
- feed: a person's own calendar
- waiting: the waiting list
- notices: letters to participants, and those whom none reaches
- seats: a session's list and each one's enrolment: seats given, given up, confirmed; two records that were one person
- leaving: what becomes of places when somebody leaves their institution, or goes to another one
- nominations: putting people forward, and what focal points have to decide
"""

from __future__ import annotations

from flask import Flask, current_app

from app.audit import journal


def init_app(app: Flask) -> None:
    from app.enrolment import queries
    from app.enrolment.feed import views as feed
    from app.enrolment.nominations import views as nominations
    from app.enrolment.notices import views as notices
    from app.enrolment.seats import views as seats
    from app.jobs import worker
    from app.training.seats import counted_by

    for views in (seats, nominations, notices, feed):
        app.register_blueprint(views.bp)
    counted_by(queries.seats_expression, queries.Seat)
    _listen()
    _show()
    worker.on_sweep(deliver_mail)


def _listen() -> None:
    from app.enrolment.events import EnrolmentMoved
    from app.enrolment.leaving import services as leaving
    from app.enrolment.nominations import notices as nominations
    from app.enrolment.notices import services as notices
    from app.enrolment.seats import merging
    from app.enrolment.waiting import services as waiting
    from app.people.events import EmployeeLeft, EmployeesMerged, EmployeeTransferred
    from app.people.leaving.services import held_by
    from app.training.events import SessionChanged, SessionMoved, SittingsChanged, TrainersChanged

    journal.on(EnrolmentMoved, notices.enrolment_moved)
    journal.on(SessionMoved, notices.session_moved)
    journal.on(SessionMoved, waiting.session_moved)
    journal.on(SessionMoved, nominations.session_moved)
    journal.on(SittingsChanged, notices.sittings_changed)
    journal.on(TrainersChanged, notices.sittings_changed)
    journal.on(SessionChanged, waiting.session_changed)
    journal.on(EmployeesMerged, merging.employees_merged)
    journal.on(EmployeeLeft, leaving.employee_left)
    journal.on(EmployeeTransferred, leaving.employee_transferred)
    held_by(leaving.hold)


def _show() -> None:
    from app.enrolment.leaving import pages as leaving
    from app.enrolment.nominations import pages as nominations
    from app.enrolment.obstacles.conflicts import conflicts
    from app.enrolment.seats import pages as seats
    from app.web import slots

    slots.add("person.leaving", leaving.consequences)
    slots.add("user.leaving", leaving.of_account)
    slots.add("nav", nominations.nav)
    slots.add("course_session.tabs", seats.tab)
    slots.add("course_session.moves", seats.moves)
    slots.add("course_session.opening", nominations.on_opening)
    slots.add("course_session.conflicts", conflicts)
    slots.add("person.sections", seats.person_section)
    slots.add("home.tasks", seats.tasks)
    slots.add("home.tasks", nominations.tasks)


def deliver_mail() -> None:
    """Send what waits in the outbox, the way MAIL_URL says. The worker does this every minute."""
    from app.post.delivery import carrier
    from app.post.services import deliver_waiting
    from app.training import letters

    deliver_waiting(carrier(current_app.config["MAIL_URL"], letters.sender()))
