"""A session's list of people, one enrolment, and the steps it may take."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.core.errors import Missing
from app.enrolment import queries as enrolments
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.enrolment.notices import untold
from app.enrolment.notices.untold import Person
from app.enrolment.pages import session_at
from app.enrolment.queries import Part, Plays
from app.enrolment.seats import pages, queries, services
from app.enrolment.seats.forms import AcceptForm, ConfirmForm, LeaveForm, RefusalForm
from app.enrolment.seats.pages import ANYBODY
from app.enrolment.seats.rules import MAY_WITHDRAW
from app.enrolment.services import told as note_told
from app.language import gettext, ngettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns
from app.training import letters as training_letters
from app.training import queries as training
from app.training.models import CourseSession
from app.training.pages import layout, standing
from app.training.rules import Circumstance
from app.web.door import require, traced
from app.web.listing import Listing
from app.web.render import done, render

bp = Blueprint("seats", __name__)
P = Permission


@bp.get("/sessions/<int:key>/enrolments")
@require(P.ENROLMENT_READ)
@traced(Exported)
def show_enrolments(key: int) -> ResponseReturnValue:
    course_session = session_at(key, P.ENROLMENT_READ)
    mine = enrolments.part(caller, course_session)
    if mine.plays is Plays.TEACHES:
        people = enrolments.participants(mine.scope, course_session)
        return render("enrolment/seats/participants.html", **layout(course_session, "enrolments"), people=people)
    return _list(course_session, mine, ConfirmForm())


def _list(course_session: CourseSession, mine: Part, form: ConfirmForm) -> ResponseReturnValue:
    listing = Listing.read(queries.ENROLMENT_SORTS, filters=("status",))
    found = queries.listed(mine.scope, course_session, listing.query)
    if listing.format:
        title = f"{course_session.code} {gettext('Participants')}"
        return lists.file_of("enrolments", listing, title, _columns(), found.fitting, by=caller)
    listing.page = found.page(listing.query)
    return render(
        "enrolment/seats/enrolments.html",
        fragment="list",
        status=form.status,
        **pages.roster(caller, course_session, mine, found),
        **layout(course_session, "enrolments"),
        unwritten=untold.names(mine.scope, course_session, trainers=mine.runs) if mine.manages else [],
        listing=listing,
        joining=slots.collect("enrolment.joining", caller, course_session) if mine.runs else [],
        part=mine,
        form=form,
    )


def _columns() -> Columns:
    return [
        (gettext("Name"), lambda row: row.name),
        (gettext("Institution"), lambda row: row.organisation),
        (gettext("Registry number"), lambda row: row.registry_no),
        (gettext("Unit"), lambda row: row.unit),
        (gettext("Title"), lambda row: row.title),
        (gettext("Sex"), lambda row: row.sex.label),
        (gettext("Status"), lambda row: row.status.label),
        (gettext("Answer"), lambda row: row.answer.label),
    ]


@bp.post("/sessions/<int:key>/confirm")
@require(P.SESSION_WRITE)
@traced(Exported)
def confirm(key: int) -> ResponseReturnValue:
    course_session = session_at(key, P.SESSION_WRITE)
    mine = enrolments.part(caller, course_session)
    if not mine.runs:
        raise Missing
    form = ConfirmForm()
    if form.sent():
        with form.attempt():
            services.confirm(course_session, by=caller, override=(form.reason.data or "").strip())
            over = Circumstance.ENDED in standing(course_session)
            _tell_confirmed(untold.without_address(mine.scope, course_session), over=over)
            return done(url_for("seats.show_enrolments", key=key))
    return _list(session_at(key, P.SESSION_WRITE), mine, form)


def _tell_confirmed(unwritten: Sequence[Person], *, over: bool) -> None:
    """Flash that invitations are on their way, and whom none reaches; nobody is invited to what is over."""
    if over:
        flash(gettext("The course session is confirmed. Its dates are in the past: no invitation is sent."))
        return
    flash(gettext("The course session is confirmed. Invitations are on their way."))
    if unwritten:
        names = ", ".join(person.name for person in unwritten)
        flash(f"{_without_address(len(unwritten))} {names}", "warning")


def _without_address(number: int) -> str:
    return ngettext("Without an e-mail address: %(num)s person.", "Without an e-mail address: %(num)s people.", number)


@bp.get("/enrolments/<int:key>")
@require(*ANYBODY)
def show_enrolment(key: int) -> ResponseReturnValue:
    enrolment = enrolments.participation(caller.scope_for(*ANYBODY), key)
    return pages.page(enrolment, AcceptForm(), RefusalForm())


def _running(key: int) -> Enrolment:
    """An enrolment in a session the caller runs, else Missing."""
    enrolment = enrolments.enrolment(caller.scope_for(P.ENROLMENT_WRITE), key)
    if not enrolments.part(caller, enrolment.course_session).runs:
        raise Missing
    return enrolment


@bp.post("/enrolments/<int:key>/accept")
@require(P.ENROLMENT_WRITE)
def accept(key: int) -> ResponseReturnValue:
    enrolment, form = _running(key), AcceptForm()
    if form.sent():
        with form.attempt():
            services.accept(enrolment, by=caller, override=(form.override.data or "").strip())
            return pages.back(enrolment, _placed(enrolment))
    return pages.page(_running(key), form, RefusalForm(formdata=None), form.status)


def _placed(enrolment: Enrolment) -> str:
    name = enrolment.employee.name
    if enrolment.status is EnrolmentStatus.ENROLLED:
        return gettext("%(name)s has a seat.", name=name)
    return gettext("%(name)s is on the waiting list.", name=name)


@bp.post("/enrolments/<int:key>/reject")
@require(P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE)
def reject(key: int) -> ResponseReturnValue:
    scope = caller.scope_for(P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE)
    enrolment, form = enrolments.enrolment(scope, key), RefusalForm()
    if not pages.allowed_moves(caller, enrolment).reject and not enrolments.part(caller, enrolment.course_session).runs:
        raise Missing
    if form.sent():
        with form.attempt():
            services.reject(enrolment, by=caller, reason=form.reason.data or "")
            return pages.back(enrolment, gettext("%(name)s is not accepted.", name=enrolment.employee.name))
        enrolment = enrolments.enrolment(scope, key)
    return pages.page(enrolment, AcceptForm(formdata=None), form, form.status)


@bp.post("/enrolments/<int:key>/remove")
@require(P.ENROLMENT_WRITE)
def remove(key: int) -> ResponseReturnValue:
    enrolment, form = _running(key), RefusalForm()
    if form.sent():
        with form.attempt():
            services.remove(enrolment, by=caller, reason=form.reason.data or "")
            return pages.back(enrolment, gettext("%(name)s no longer has a seat.", name=enrolment.employee.name))
    return pages.page(_running(key), AcceptForm(formdata=None), form, form.status)


def _concerned(key: int) -> Enrolment:
    """An enrolment about which the caller may say what the person wants, else Missing."""
    enrolment = enrolments.enrolment(caller.scope_for(*ANYBODY), key)
    if not pages.concerned(caller, enrolment):
        raise Missing
    return enrolment


@bp.route("/enrolments/<int:key>/withdraw", methods=["GET", "POST"])
@require(*ANYBODY)
def withdraw(key: int) -> ResponseReturnValue:
    """Which place is given up, and why."""
    enrolment, form = _concerned(key), LeaveForm()
    if form.sent():
        with form.attempt():
            services.withdraw(enrolment, by=caller, reason=form.said)
            return pages.back(enrolment, gettext("The place is given up."))
        enrolment = _concerned(key)
    if enrolment.status not in MAY_WITHDRAW and not form.errors:
        return done(url_for("seats.show_enrolment", key=key))
    return _leave_page(enrolment, form)


def _leave_page(enrolment: Enrolment, form: LeaveForm) -> ResponseReturnValue:
    return render(
        "enrolment/seats/leave.html",
        enrolment=enrolment,
        form=form,
        days=training_letters.days(training.sittings(enrolment.course_session)),
        own=enrolment.employee.user_id == caller.id,
        back=request.values.get("back", ""),
        status=form.status,
    )


@bp.post("/enrolments/<int:key>/answer")
@require(*ANYBODY)
def answer(key: int) -> ResponseReturnValue:
    """“I will attend”, or “will attend” as they said by phone. Who cannot is asked why first."""
    enrolment, place = _concerned(key), request.form.get("back", "")
    if request.form.get("answer") != "yes":
        return done(url_for("seats.withdraw", key=key, back=place or None))
    own = enrolment.employee.user_id == caller.id
    message = gettext("Thank you. We expect you.") if own else gettext("The answer is recorded.")
    return pages.step(key, ANYBODY, lambda one: services.answer(one, Answer.YES, by=caller), message)


@bp.post("/enrolments/<int:key>/take-back")
@require(*ANYBODY)
def take_back(key: int) -> ResponseReturnValue:
    _concerned(key)
    message = gettext("The seat is taken again.")
    return pages.step(key, ANYBODY, lambda one: services.take_back(one, by=caller), message)


@bp.post("/enrolments/<int:key>/told")
@require(P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE)
def told(key: int) -> ResponseReturnValue:
    """Somebody no letter reaches was told by phone or in person."""
    _concerned(key)
    message = gettext("It is noted that the person was told.")
    return pages.step(key, (P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE), lambda one: note_told(one, by=caller), message)
