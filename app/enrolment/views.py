"""A session's list of people, and what may be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.events import Exported
from app.access.permissions import Permission
from app.audit import journal
from app.core.errors import Missing
from app.enrolment import candidates, list_queries, obstacles, part, queries, services, untold
from app.enrolment.forms import ConfirmForm, PasteForm, PeopleForm
from app.enrolment.list_queries import Row
from app.enrolment.part import Part, Plays
from app.enrolment.pasting import read
from app.enrolment.roster import roster
from app.enrolment.tallies import told, told_confirmed
from app.language import gettext
from app.training import letters as training_letters
from app.training import queries as training
from app.training.assignments.untold import told as trainer_was_told
from app.training.assignments.untold import waiting
from app.training.models import CourseSession, SessionStatus
from app.training.pages import layout, standing
from app.training.rules import Circumstance
from app.web import slots
from app.web.door import require, traced
from app.web.listing import Listing, export
from app.web.render import done, render

bp = Blueprint("enrolment", __name__)
MANAGE = (Permission.ENROLMENT_WRITE, Permission.ENROLMENT_NOMINATE)


def _session(key: int, *permissions: Permission) -> CourseSession:
    return training.course_session(caller.scope_for(*permissions), key)


def _managed(key: int) -> tuple[CourseSession, Part]:
    """The session, where the caller may put people on its list; Missing where they may not."""
    course_session = _session(key, *MANAGE)
    mine = part.part(caller, course_session, caller.scope_for(*MANAGE))
    if not mine.manages:
        raise Missing
    return course_session, mine


@bp.get("/sessions/<int:key>/enrolments")
@require(Permission.ENROLMENT_READ)
@traced(Exported)
def show_enrolments(key: int) -> ResponseReturnValue:
    course_session = _session(key, Permission.ENROLMENT_READ)
    mine = part.part(caller, course_session, caller.scope_for(Permission.ENROLMENT_READ))
    if mine.plays is Plays.TEACHES:
        people = queries.participants(mine.scope, course_session)
        return render("enrolment/participants.html", **layout(course_session, "enrolments"), people=people)
    return _list(course_session, mine, ConfirmForm())


def _list(course_session: CourseSession, mine: Part, form: ConfirmForm) -> ResponseReturnValue:
    listing = Listing.read(list_queries.ENROLMENT_SORTS, default="name", filters=("status",))
    found = list_queries.listed(mine.scope, course_session, listing.query)
    if listing.format:
        return _file(course_session, listing, found.fitting)
    listing.page = found.page(listing.query)
    return render(
        "enrolment/enrolments.html",
        fragment="list",
        status=form.status,
        **roster(caller, course_session, mine, found),
        **layout(course_session, "enrolments"),
        unwritten=untold.names(mine.scope, course_session, trainers=mine.runs) if mine.manages else [],
        listing=listing,
        joining=slots.collect("enrolment.joining", caller, course_session) if mine.runs else [],
        part=mine,
        form=form,
    )


def _file(course_session: CourseSession, listing: Listing, rows: Sequence[Row]) -> ResponseReturnValue:
    journal.trace(Exported("enrolments", listing.format, len(rows)), by=caller, required=True)
    columns: list[tuple[str, Any]] = [
        (gettext("Name"), lambda row: row.name),
        (gettext("Institution"), lambda row: row.organisation),
        (gettext("Registry number"), lambda row: row.registry_no),
        (gettext("Unit"), lambda row: row.unit),
        (gettext("Title"), lambda row: row.title),
        (gettext("Sex"), lambda row: row.sex.label),
        (gettext("Status"), lambda row: row.status.label),
        (gettext("Answer"), lambda row: row.answer.label),
    ]
    name = gettext("Participants")
    return export(listing.format, f"{course_session.code} {name}", columns, rows)


@bp.get("/sessions/<int:key>/enrolments/untold")
@require(*MANAGE)
def show_untold(key: int) -> ResponseReturnValue:
    """Whom no letter reaches, with what to tell them: to be printed, phoned and ticked off."""
    course_session, mine = _managed(key)
    return render(
        "enrolment/untold.html",
        **layout(course_session, "enrolments"),
        people=untold.without_address(mine.scope, course_session),
        trainers=waiting(mine.scope, course_session) if mine.runs else [],
        days=training_letters.days(training.sittings(course_session)),
        asks=course_session.status is SessionStatus.CONFIRMED and not services.begun(course_session),
    )


@bp.post("/sessions/<int:key>/trainers/<int:trainer_key>/told")
@require(Permission.ENROLMENT_WRITE)
def trainer_told(key: int, trainer_key: int) -> ResponseReturnValue:
    """A trainer no letter reaches was told by phone or in person."""
    course_session, mine = _managed(key)
    if not mine.runs:
        raise Missing
    trainer_was_told(course_session, trainer_key, by=caller)
    flash(gettext("It is noted that the person was told."))
    return done(url_for("enrolment.show_untold", key=key))


@bp.post("/sessions/<int:key>/confirm")
@require(Permission.SESSION_WRITE)
@traced(Exported)
def confirm(key: int) -> ResponseReturnValue:
    course_session = _session(key, Permission.SESSION_WRITE)
    mine = part.part(caller, course_session)
    if not mine.runs:
        raise Missing
    form = ConfirmForm()
    if form.sent():
        with form.attempt():
            services.confirm(course_session, by=caller, override=(form.reason.data or "").strip())
            over = Circumstance.ENDED in standing(course_session)
            told_confirmed(untold.without_address(mine.scope, course_session), over=over)
            return done(url_for("enrolment.show_enrolments", key=key))
    return _list(_session(key, Permission.SESSION_WRITE), mine, form)


@bp.get("/sessions/<int:key>/enrolments/add")
@require(*MANAGE)
def show_add(key: int) -> ResponseReturnValue:
    course_session, mine = _managed(key)
    return _choose(course_session, mine, PeopleForm())


def _choose(course_session: CourseSession, mine: Part, form: PeopleForm) -> ResponseReturnValue:
    typed = request.values.get("q", "")[:100]
    found = list_queries.listed(mine.scope, course_session)
    choice = candidates.choice(mine.scope, course_session, typed, {*(form.employee_ids.data or ()), *_asked()})
    return render(
        "enrolment/add.html",
        fragment="found",
        status=200 if "find" in request.form else form.status,
        **layout(course_session, "enrolments"),
        part=mine,
        form=form,
        choice=choice,
        joining=slots.collect("enrolment.joining", caller, course_session),
        taken=found.taken,
        counts=found.counts,
    )


@bp.post("/sessions/<int:key>/enrolments/add")
@require(*MANAGE)
def add(key: int) -> ResponseReturnValue:
    course_session, mine = _managed(key)
    form = PeopleForm()
    if "find" not in request.form and form.sent():
        with form.attempt():
            people = candidates.chosen(mine.scope, form.employee_ids.data or ())
            if mine.runs:
                override = (form.override.data or "").strip()
                tally = services.enrol_all(course_session, people, by=caller, override=override)
            else:
                tally = services.nominate_all(course_session, people, by=caller)
            told(tally)
            return done(url_for("enrolment.show_enrolments", key=key))
    return _choose(*_managed(key), form)


def _asked() -> list[int]:
    """The people ticked on the page that asks for another part of itself."""
    return [int(key) for key in request.args.getlist("employee_ids") if key.isdecimal() and len(key) < 12]


@bp.get("/sessions/<int:key>/enrolments/balance")
@require(*MANAGE)
def show_balance(key: int) -> ResponseReturnValue:
    """Seats, women and men as they would be with those ticked: a live panel of the page where one adds people."""
    course_session, mine = _managed(key)
    ticked = candidates.employees(mine.scope, _asked())
    found = list_queries.listed(mine.scope, course_session)
    return render(
        "enrolment/balance.html",
        fragment="balance",
        **layout(course_session, "enrolments"),
        part=mine,
        taken=found.taken,
        counts=found.counts.with_more(one.sex for one in ticked),
        ticked=len(ticked),
    )


@bp.get("/sessions/<int:key>/enrolments/paste")
@require(*MANAGE)
def show_paste(key: int) -> ResponseReturnValue:
    course_session, mine = _managed(key)
    form = PasteForm.of(mine.scope)
    return render("enrolment/paste.html", **layout(course_session, "enrolments"), form=form, lines=None)


@bp.post("/sessions/<int:key>/enrolments/paste")
@require(*MANAGE)
def preview_paste(key: int) -> ResponseReturnValue:
    """Shows who was named; nothing is changed until those people are sent to `add`."""
    course_session, mine = _managed(key)
    form = PasteForm.of(mine.scope)
    sent = form.sent()
    lines = read(mine.scope, form.lines.data or "", form.organisation_id.data) if sent else None
    people = [line.employee.id for line in lines or () if line.employee is not None]
    return render(
        "enrolment/paste.html",
        status=200 if sent else 422,
        **layout(course_session, "enrolments"),
        form=form,
        lines=lines,
        joining=slots.collect("enrolment.joining", caller, course_session),
        warnings=obstacles.obstacles(course_session, people),
        people_form=PeopleForm(formdata=None),
        part=mine,
    )
