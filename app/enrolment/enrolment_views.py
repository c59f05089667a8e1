"""One enrolment: its history, and the steps it may take. What a focal point has to decide."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.clock import today
from app.core.errors import Missing
from app.enrolment import list_queries, obstacles, queries, services, waiting
from app.enrolment.forms import AcceptForm, LeaveForm, ReasonForm
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.enrolment.moves import MAY_WITHDRAW, concerned, moves
from app.enrolment.part import part
from app.enrolment.views import bp
from app.language import gettext
from app.training import letters as training_letters
from app.training import queries as training
from app.training.models import SessionStatus
from app.web import slots
from app.web.door import require
from app.web.forms import Form
from app.web.render import done, render

P = Permission
# A trainer sees names on lists, not this page: their permission to read is left out on purpose.
ANYBODY = (P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE, P.ENROLMENT_APPLY)


def _page(enrolment: Enrolment, accept: AcceptForm, reason: ReasonForm, status: int = 200) -> ResponseReturnValue:
    session = enrolment.course_session
    found = obstacles.obstacles(session, [enrolment.employee_id]).get(enrolment.employee_id, [])
    possible, runs = moves(caller, enrolment), part(caller, session).runs
    return render(
        "enrolment/enrolment.html",
        status=status,
        enrolment=enrolment,
        history=queries.history(enrolment),
        answered_by=queries.answered_by(enrolment),
        moves=possible,
        joining=slots.collect("enrolment.joining", caller, enrolment.course_session) if possible.accept else [],
        warnings=found if enrolment.status in list_queries.CURRENT and (possible.any or runs) else [],
        position=waiting.position(enrolment) if enrolment.status is EnrolmentStatus.WAITLISTED else 0,
        ended=session.status is SessionStatus.OPEN and session.ends_on is not None and session.ends_on < today(),
        accept=accept,
        reason=reason,
        runs=runs,
    )


def _back(enrolment: Enrolment, message: str) -> ResponseReturnValue:
    """To where the button stood: the session's list, the focal point's page, their own, or the enrolment itself."""
    flash(message)
    back = request.form.get("back", "")
    if back == "list":
        return done(url_for("enrolment.show_enrolments", key=enrolment.course_session_id))
    if back == "phone":
        return done(url_for("enrolment.show_untold", key=enrolment.course_session_id))
    if back == "nominations":
        return done(url_for("enrolment.show_nominations"))
    if back == "me" and not services.may_take_back(enrolment):  # the way back stands on the enrolment's page
        return done("/me")
    return done(url_for("enrolment.show_enrolment", key=enrolment.id))


@bp.get("/enrolments/<int:key>")
@require(*ANYBODY)
def show_enrolment(key: int) -> ResponseReturnValue:
    enrolment = queries.participation(caller.scope_for(*ANYBODY), key)
    return _page(enrolment, AcceptForm(), ReasonForm())


def _step(
    key: int, permissions: tuple[Permission, ...], do: Callable[[Enrolment], object], message: str
) -> ResponseReturnValue:
    """A step without anything typed, on an enrolment one of these permissions reaches."""
    enrolment = queries.enrolment(caller.scope_for(*permissions), key)
    form = AcceptForm(formdata=None)
    with form.attempt():
        do(enrolment)
        return _back(enrolment, message)
    return _page(queries.enrolment(caller.scope_for(*permissions), key), form, ReasonForm(formdata=None), 422)


def _running(key: int) -> Enrolment:
    """An enrolment in a session the caller runs, else Missing."""
    enrolment = queries.enrolment(caller.scope_for(P.ENROLMENT_WRITE), key)
    if not part(caller, enrolment.course_session).runs:
        raise Missing
    return enrolment


@bp.post("/enrolments/<int:key>/support")
@require(P.ENROLMENT_NOMINATE)
def support(key: int) -> ResponseReturnValue:
    message = gettext("The application is approved.")
    return _step(key, (P.ENROLMENT_NOMINATE,), lambda one: services.support(one, by=caller), message)


@bp.post("/enrolments/<int:key>/accept")
@require(P.ENROLMENT_WRITE)
def accept(key: int) -> ResponseReturnValue:
    enrolment, form = _running(key), AcceptForm()
    if form.sent():
        with form.attempt():
            services.accept(enrolment, by=caller, override=(form.override.data or "").strip())
            return _back(enrolment, _placed(enrolment))
    return _page(_running(key), form, ReasonForm(formdata=None), form.status)


def _placed(enrolment: Enrolment) -> str:
    name = enrolment.employee.name
    if enrolment.status is EnrolmentStatus.ENROLLED:
        return gettext("%(name)s has a seat.", name=name)
    return gettext("%(name)s is on the waiting list.", name=name)


@bp.post("/enrolments/<int:key>/reject")
@require(P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE)
def reject(key: int) -> ResponseReturnValue:
    enrolment, form = queries.enrolment(caller.scope_for(P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE), key), ReasonForm()
    if not moves(caller, enrolment).reject and not part(caller, enrolment.course_session).runs:
        raise Missing
    if form.sent():
        with form.attempt():
            services.reject(enrolment, by=caller, reason=form.reason.data or "")
            return _back(enrolment, gettext("%(name)s is not accepted.", name=enrolment.employee.name))
    again = queries.enrolment(caller.scope_for(P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE), key)
    return _page(again, AcceptForm(formdata=None), form, form.status)


@bp.post("/enrolments/<int:key>/remove")
@require(P.ENROLMENT_WRITE)
def remove(key: int) -> ResponseReturnValue:
    enrolment, form = _running(key), ReasonForm()
    if form.sent():
        with form.attempt():
            services.remove(enrolment, by=caller, reason=form.reason.data or "")
            return _back(enrolment, gettext("%(name)s no longer has a seat.", name=enrolment.employee.name))
    return _page(_running(key), AcceptForm(formdata=None), form, form.status)


def _concerned(key: int) -> Enrolment:
    """An enrolment about which the caller may say what the person wants, else Missing."""
    enrolment = queries.enrolment(caller.scope_for(*ANYBODY), key)
    if not concerned(caller, enrolment):
        raise Missing
    return enrolment


@bp.get("/enrolments/<int:key>/withdraw")
@bp.post("/enrolments/<int:key>/withdraw")
@require(*ANYBODY)
def withdraw(key: int) -> ResponseReturnValue:
    """Which place is given up, and why."""
    enrolment, form = _concerned(key), LeaveForm()
    if form.sent():
        with form.attempt():
            services.withdraw(enrolment, by=caller, reason=form.said)
            return _back(enrolment, gettext("The place is given up."))
        enrolment = _concerned(key)
    if enrolment.status not in MAY_WITHDRAW and not form.errors:
        return done(url_for("enrolment.show_enrolment", key=key))
    return _leave_page(enrolment, form)


def _leave_page(enrolment: Enrolment, form: LeaveForm) -> ResponseReturnValue:
    return render(
        "enrolment/leave.html",
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
    enrolment, back = _concerned(key), request.form.get("back", "")
    if request.form.get("answer") != "yes":
        return done(url_for("enrolment.withdraw", key=key, back=back or None))
    own = enrolment.employee.user_id == caller.id
    message = gettext("Thank you. We expect you.") if own else gettext("The answer is recorded.")
    return _step(key, ANYBODY, lambda one: services.answer(one, Answer.YES, by=caller), message)


@bp.post("/enrolments/<int:key>/take-back")
@require(*ANYBODY)
def take_back(key: int) -> ResponseReturnValue:
    _concerned(key)
    message = gettext("The seat is taken again.")
    return _step(key, ANYBODY, lambda one: services.take_back(one, by=caller), message)


@bp.post("/enrolments/<int:key>/told")
@require(P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE)
def told(key: int) -> ResponseReturnValue:
    """Somebody no letter reaches was told by phone or in person."""
    _concerned(key)
    message = gettext("It is noted that the person was told.")
    return _step(key, (P.ENROLMENT_WRITE, P.ENROLMENT_NOMINATE), lambda one: services.told(one, by=caller), message)


@bp.post("/sessions/<int:key>/apply")
@require(P.ENROLMENT_APPLY)
def apply(key: int) -> ResponseReturnValue:
    course_session = training.course_session(caller.scope_for(P.ENROLMENT_APPLY), key)
    employee = queries.own_employee(caller.id)
    if employee is None:
        raise Missing
    form = Form()
    with form.attempt():
        services.apply(course_session, employee, by=caller)
        flash(gettext("Your application is with your institution's training focal point."))
        return done(url_for("enrolment.show_enrolments", key=key))
    flash(" ".join(form.form_errors), "error")
    return done(url_for("enrolment.show_enrolments", key=key))


@bp.get("/nominations")
@require(P.ENROLMENT_NOMINATE)
def show_nominations() -> ResponseReturnValue:
    scope = caller.scope_for(P.ENROLMENT_NOMINATE)
    return render(
        "enrolment/nominations.html",
        applications=list_queries.awaiting(scope, EnrolmentStatus.APPLIED),
        sessions=list_queries.open_sessions(scope),
    )
