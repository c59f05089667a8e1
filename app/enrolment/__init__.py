"""Who takes part in a course session.

The ground: enrolments and their history, the step of one with its lock, seats counted, who plays which part in a
session, when nominations close, focal points, and what somebody has completed. On it stand, from bottom to top:

- obstacles: what stands between people and a seat, and between a plan and those who have one
- quotas: seats kept for institutions
- feed: a person's own calendar
- waiting: the waiting list
- notices: letters to participants, and those whom none reaches
- seats: a session's list and each one's enrolment: seats given, given up, confirmed; two records that were one person
- leaving: what becomes of places when somebody leaves their institution, or goes to another one
- replies: a focal point's people and what they said to their invitations; what one asked for oneself
- nominations: putting people forward, and what focal points have to decide
- several: one step for several people on a list at once
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app.audit import journal


def init_app(app: Flask) -> None:
    from app.enrolment import queries
    from app.enrolment.feed import views as feed
    from app.enrolment.nominations import views as nominations
    from app.enrolment.notices import services as letters
    from app.enrolment.notices import views as notices
    from app.enrolment.quotas import views as quotas
    from app.enrolment.replies import views as replies
    from app.enrolment.seats import views as seats
    from app.enrolment.several import views as several
    from app.enrolment.waiting import services as waiting
    from app.jobs import worker
    from app.lists import known
    from app.post.links import on_link
    from app.training.seats import COUNTED, Counted

    for views in (seats, several, quotas, nominations, notices, feed, replies):
        app.register_blueprint(views.bp)
    known.add(app, replies.REPLIES)
    worker.on_sweep(app, waiting.sweep, every=timedelta(minutes=1))
    on_link(app, letters.PERSONAL, letters.personal_link)
    on_link(app, letters.ANSWERS, letters.answer_link)
    COUNTED.put(app, Counted(queries.seats_expression, (queries.Seat,)))
    _name(app)
    _listen(app)
    _show(app)


def _listen(app: Flask) -> None:
    from app.enrolment.events import EnrolmentMoved, EnrolmentRegrouped, QuotasChanged
    from app.enrolment.leaving import services as leaving
    from app.enrolment.models import Enrolment
    from app.enrolment.nominations import notices as nominations
    from app.enrolment.notices import services as notices
    from app.enrolment.quotas import services as quotas
    from app.enrolment.seats import merging
    from app.enrolment.waiting import services as waiting
    from app.language import lazy_gettext
    from app.people.events import EmployeeLeft, EmployeesMerged, EmployeeTransferred
    from app.people.imports import undoing
    from app.people.leaving.services import LOCKS
    from app.training.events import SessionChanged, SessionMoved, SittingsChanged, TrainersChanged

    journal.on(app, EnrolmentMoved, notices.enrolment_moved)
    journal.on(app, EnrolmentRegrouped, notices.regrouped)
    journal.on(app, SessionMoved, waiting.offers_anew)
    journal.on(app, SessionMoved, notices.session_moved)
    journal.on(app, SessionMoved, waiting.session_moved)
    journal.on(app, SessionMoved, nominations.session_moved)
    journal.on(app, SittingsChanged, notices.sittings_changed)
    journal.on(app, TrainersChanged, notices.sittings_changed)
    journal.on(app, SessionChanged, quotas.session_changed)
    journal.on(app, SessionChanged, waiting.session_changed)
    journal.on(app, QuotasChanged, waiting.quotas_changed)
    journal.on(app, EmployeesMerged, merging.employees_merged)
    journal.on(app, EmployeeLeft, leaving.employee_left)
    journal.on(app, EmployeeTransferred, leaving.employee_transferred)
    LOCKS.on(app).append(leaving.hold)
    undoing.POINTERS.on(app)[str(Enrolment.employee_id)] = lazy_gettext("is on the list of a training")


def _name(app: Flask) -> None:
    """What the mails of this room are called."""
    from app.enrolment.nominations import notices as nominations
    from app.enrolment.notices import letters
    from app.language import lazy_pgettext
    from app.post import occasions

    occasions.add(app, "out", lazy_pgettext("occasion", "No place, or no longer"))
    for letter, (kind, said) in letters.NAMES.items():
        occasions.add(app, kind, said, letter=f"enrolment/notices/mail/{letter}.txt")
    for kind, said in nominations.NAMES.items():
        occasions.add(app, kind, said, letter=f"enrolment/nominations/mail/{kind}.txt")


def _show(app: Flask) -> None:
    from app.core import slots
    from app.enrolment.feed import pages as feed
    from app.enrolment.leaving import pages as leaving
    from app.enrolment.nominations import pages as nominations
    from app.enrolment.notices import pages as notices
    from app.enrolment.obstacles.conflicts import conflicts
    from app.enrolment.replies import pages as replies
    from app.enrolment.seats import pages as seats
    from app.training.concerns import CONCERNS

    slots.add(app, "person.leaving", leaving.consequences)
    slots.add(app, "user.leaving", leaving.of_account)
    slots.add(app, "nav", nominations.nav)
    slots.add(app, "courses.offers", nominations.offers)
    slots.add(app, "course_session.tabs", seats.tab)
    slots.add(app, "course_session.moves", seats.moves)
    slots.add(app, "course_session.opening", nominations.on_opening)
    slots.add(app, "course_session.moving", notices.on_moving)
    slots.add(app, "course_session.conflicts", conflicts)
    slots.add(app, "person.sections", seats.person_section)
    slots.add(app, "people.tallies", seats.tallies)
    slots.add(app, "home.tasks", seats.tasks)
    CONCERNS.on(app)["answers"] = seats.UNANSWERED
    CONCERNS.on(app)["women"] = seats.FEW_WOMEN
    slots.add(app, "privacy.data", seats.own_data)
    slots.add(app, "privacy.data", feed.own_data)
    slots.add(app, "home.tasks", nominations.tasks)
    slots.add(app, "home.counts", replies.silent)
