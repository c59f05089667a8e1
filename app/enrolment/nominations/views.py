"""Putting people on a session's list, and what a focal point has to decide."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.access.queries import organisations
from app.access.scope import Scope
from app.core import slots
from app.core.db import typed_id
from app.core.errors import Missing
from app.enrolment.models import EnrolmentStatus
from app.enrolment.nominations import candidates, queries, services
from app.enrolment.nominations.forms import PasteForm, PeopleForm
from app.enrolment.nominations.pages import balanced, told, wished
from app.enrolment.nominations.pasting import read
from app.enrolment.nominations.rules import Tally
from app.enrolment.obstacles.queries import OFTEN_FROM, survey
from app.enrolment.pages import MANAGE, managed
from app.enrolment.queries import Part
from app.enrolment.quotas.queries import pools
from app.enrolment.seats import queries as seats
from app.enrolment.seats.pages import step
from app.language import gettext, in_language, lazy_gettext
from app.people.queries import own_employee
from app.training import queries as training
from app.training.models import CourseSession
from app.training.pages import layout
from app.web.door import require
from app.web.forms import Form
from app.web.render import done, render

FIRST = 10
"""So many are proposed to be ticked where no seat is free: for the waiting list."""
bp = Blueprint("nominations", __name__)
P = Permission


def _choose(course_session: CourseSession, mine: Part, form: PeopleForm) -> ResponseReturnValue:
    wish, there = wished(mine.scope, course_session)
    found = seats.listed(mine.scope, course_session)
    ticked = {*(form.employee_ids.data or ()), *_asked()}
    number = typed_id(request.values.get("number", "")) or max(0, course_session.capacity - found.taken) or FIRST
    choice = candidates.choice(mine.scope, course_session, wish, ticked, asks=there.rated)
    choice = choice.picked(request.values.get("find", ""), number, partial(pools, course_session))
    return render(
        "enrolment/nominations/add.html",
        fragment="found",
        status=200 if "find" in request.form else form.status,
        **layout(course_session, "enrolments", places=()),
        **balanced(course_session, found, choice.chosen),
        part=mine,
        form=form,
        choice=choice,
        number=number,
        homes=there.homes,
        units=there.units,
        joining=slots.collect("enrolment.joining", caller, course_session),
    )


@bp.route("/sessions/<int:key>/enrolments/add", methods=["GET", "POST"])
@require(*MANAGE)
def add(key: int) -> ResponseReturnValue:
    course_session, mine = managed(key)
    form = PeopleForm()
    if "find" not in request.form and form.sent():
        with form.attempt():
            told(_put(course_session, mine, form))
            return done(url_for("seats.show_enrolments", key=key))
        course_session, mine = managed(key)
    return _choose(course_session, mine, form)


def _put(course_session: CourseSession, mine: Part, form: PeopleForm) -> Tally:
    """On the list, whoever was ticked; who is at another institution by now stays off it."""
    people, gone = queries.chosen(mine.scope, form.employee_ids.data or ())
    if gone and not people:
        tally = Tally()
    elif mine.runs:
        override = (form.override.data or "").strip()
        tally = services.enrol_all(course_session, people, by=caller, override=override)
    else:
        tally = services.nominate_all(course_session, people, by=caller)
    tally.refused += [(one, lazy_gettext("Works at another institution by now.")) for one in gone]
    return tally


def _asked() -> list[int]:
    """The people ticked on the page that asks for another part of itself."""
    return [key for each in request.args.getlist("employee_ids") if (key := typed_id(each)) is not None]


@bp.get("/sessions/<int:key>/enrolments/balance")
@require(*MANAGE)
def show_balance(key: int) -> ResponseReturnValue:
    """Seats, women and men as they would be with those ticked: a live panel of the page where one adds people."""
    course_session, mine = managed(key)
    ticked = candidates.ticked_people(mine.scope, course_session, _asked())
    found = seats.listed(mine.scope, course_session)
    return render(
        "enrolment/nominations/balance.html",
        fragment="balance",
        **layout(course_session, "enrolments"),
        **balanced(course_session, found, ticked),
        part=mine,
    )


@bp.get("/sessions/<int:key>/enrolments/paste")
@require(*MANAGE)
def show_paste(key: int) -> ResponseReturnValue:
    course_session, mine = managed(key)
    form = PasteForm.of(mine.scope)
    return render("enrolment/nominations/paste.html", **layout(course_session, "enrolments"), form=form, lines=None)


@bp.post("/sessions/<int:key>/enrolments/paste")
@require(*MANAGE)
def preview_paste(key: int) -> ResponseReturnValue:
    """Shows who was named; nothing is changed until those people are sent to `add`."""
    course_session, mine = managed(key)
    form = PasteForm.of(mine.scope)
    sent = form.sent()
    lines = read(mine.scope, course_session, form.lines.data or "", form.organisation_id.data) if sent else None
    sure = [line.employee.id for line in lines or () if line.employee is not None]
    people = [*sure, *(one.id for line in lines or () for one in line.maybe)]
    return render(
        "enrolment/nominations/paste.html",
        status=200 if sent else 422,
        **layout(course_session, "enrolments"),
        form=form,
        lines=lines,
        homes=_homes(mine.scope),
        joining=slots.collect("enrolment.joining", caller, course_session),
        known=survey(course_session, people, often=OFTEN_FROM, ticked=sure),
        people_form=PeopleForm(formdata=None),
        part=mine,
    )


def _homes(scope: Scope) -> dict[int, str]:
    """What the institutions of those who may be named are called."""
    return {one.id: in_language(one, "name") for one in organisations(scope)}


@bp.post("/enrolments/<int:key>/support")
@require(P.ENROLMENT_NOMINATE)
def support(key: int) -> ResponseReturnValue:
    message = gettext("The application is approved.")
    return step(key, (P.ENROLMENT_NOMINATE,), lambda one: services.support(one, by=caller), message)


@bp.post("/sessions/<int:key>/apply")
@require(P.ENROLMENT_APPLY)
def apply(key: int) -> ResponseReturnValue:
    course_session = training.course_session(caller.scope_for(P.ENROLMENT_APPLY), key)
    employee = own_employee(caller.id)
    if employee is None:
        raise Missing
    form = Form()
    with form.attempt():
        services.apply(course_session, employee, by=caller)
        flash(gettext("Your application is with your institution's training focal point."))
        return done(url_for("seats.show_enrolments", key=key))
    flash(" ".join(form.form_errors), "error")
    return done(url_for("seats.show_enrolments", key=key))


@bp.get("/nominations")
@require(P.ENROLMENT_NOMINATE)
def show_nominations() -> ResponseReturnValue:
    scope = caller.scope_for(P.ENROLMENT_NOMINATE)
    sessions = queries.open_sessions(scope)
    return render(
        "enrolment/nominations/nominations.html",
        applications=queries.awaiting(scope, EnrolmentStatus.APPLIED),
        sessions=sessions,
        in_need=candidates.people_in_need(scope, {one.course_id for one in sessions}),
    )
