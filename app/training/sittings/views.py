"""The sittings of a session: adding, changing, moving and removing them. The roll-call itself is another room's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.calendar.days import Calendar
from app.core.clock import at, now, today
from app.language import gettext
from app.settings.queries import calendar
from app.training import queries
from app.training.assignments import queries as assignments
from app.training.conflicts import queries as conflicts
from app.training.conflicts.models import Planned
from app.training.conflicts.pages import also, look
from app.training.conflicts.rules import planned_of, setting_of
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus, Sitting, TrainerAssignment
from app.training.pages import layout, places_of, runs, to_run, to_see
from app.training.sittings import rules, services
from app.training.sittings.forms import AddSittingsForm, ApplyForm, DatesFields, PlaceFields, RedateForm, SittingForm
from app.training.sittings.pages import by_day, offers, picker
from app.web.door import reads_first, require
from app.web.forms import Form
from app.web.render import done, render

bp = Blueprint("sittings", __name__)

Plan = Callable[[Calendar], list[Planned]]


def _list_of(course_session_id: int) -> str:
    return url_for("sittings.list_sittings", course_session_id=course_session_id)


@bp.get("/sessions/<int:course_session_id>/sittings")
@require(Permission.SESSION_READ)
def list_sittings(course_session_id: int) -> ResponseReturnValue:
    course_session = to_see(course_session_id)
    sittings = queries.sittings(course_session)
    return render(
        "training/sittings/sittings.html",
        **layout(course_session, "sittings", places_of(sittings)),
        days=by_day(sittings, queries.assignments(course_session)),
        minutes=sum(each.minutes for each in sittings),
        dateless=sum(1 for each in sittings if each.date is None),
        runs=runs(course_session),
    )


def _offer(form: PlaceFields, course_session: CourseSession, wanted: Sequence[int] = ()) -> None:
    form.offer_places(
        conflicts.rooms(course_session.province_id, wanted).values(),
        assignments.trainer_choices(course_session.course_id, course_session.province_id),
    )


def _nothing(_: Calendar) -> list[Planned]:
    return []


def _page(
    template: str, course_session: CourseSession, form: Form, plan: Plan, action: str, check: str, **more: Any
) -> ResponseReturnValue:
    """A form about sittings beside what it would lead to, once it was sent; read anew then, for a refusal undoes
    everything loaded. `action`: where it is sent; `check`: where it is tried.
    """
    posted, sittings = request.method == "POST", more.pop("sittings", None)
    if posted:
        course_session, sittings = to_run(course_session.id), None
    sittings = sittings or queries.sittings(course_session)
    more |= layout(course_session, "sittings", places_of(sittings))
    more.setdefault("status", form.status)
    preview = look(course_session, sittings, plan if posted else _nothing)
    if isinstance(form, DatesFields):
        planned = [each for day in preview.days for each in day.sittings]
        more["offers"] = offers(form, planned, setting_of(course_session, calendar()))
        more["picker"] = picker(form, calendar())
    return render(
        f"training/sittings/{template}.html",
        fragment="conflicts",
        form=form,
        preview=preview,
        action=action,
        check=check,
        **more,
    )


def _add_form(course_session: CourseSession) -> AddSittingsForm:
    """The days the course asks for, while there are none; afterwards one more."""
    form = AddSittingsForm.of(1 if course_session.starts_on else course_session.course.days)
    _offer(form, course_session)
    return form


def _new_page(course_session: CourseSession, form: AddSittingsForm, **more: Any) -> ResponseReturnValue:
    action = url_for("sittings.add_sittings", course_session_id=course_session.id)
    check = url_for("sittings.check_sittings", course_session_id=course_session.id)
    return _page("new", course_session, form, form.planned, action, check, **more)


@bp.route("/sessions/<int:course_session_id>/sittings/new", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def add_sittings(course_session_id: int) -> ResponseReturnValue:
    course_session = to_run(course_session_id)
    form = _add_form(course_session)
    if form.sent():
        with form.attempt():
            planned, others = form.planned(calendar()), form.override_reason.data or ""
            found = also(course_session, planned)
            services.add(course_session, planned, by=caller, reason=others, also=found)
            flash(gettext("The sittings are added."))
            return done(_list_of(course_session_id))
    return _new_page(course_session, form)


@bp.post("/sessions/<int:course_session_id>/sittings/check")
@require(Permission.SESSION_WRITE)
@reads_first
def check_sittings(course_session_id: int) -> ResponseReturnValue:
    course_session = to_run(course_session_id)
    form = _add_form(course_session)
    form.sent()
    return _new_page(course_session, form, status=200)


def _own(sitting_id: int) -> tuple[CourseSession, Sequence[Sitting], Sitting]:
    """A sitting of a session the caller runs, among all of it."""
    scope = queries.running(caller.scope_for(Permission.SESSION_WRITE))
    course_session = queries.course_session_of(scope, sitting_id)
    sittings = queries.sittings(course_session)
    return course_session, sittings, next(each for each in sittings if each.id == sitting_id)


def _sitting_form(sitting_id: int) -> tuple[CourseSession, Sequence[Sitting], Sitting, SittingForm]:
    course_session, sittings, sitting = _own(sitting_id)
    given = [
        each.trainer_id
        for each in queries.assignments(course_session)
        if each.sitting_id == sitting.id and each.answer is not AssignmentAnswer.DECLINED
    ]
    form = SittingForm.of(sitting, given)
    _offer(form, course_session, [sitting.room_id] if sitting.room_id else [])
    return course_session, sittings, sitting, form


def _edit_page(course_session: CourseSession, form: SittingForm, sitting_id: int, **more: Any) -> ResponseReturnValue:
    action = url_for("sittings.edit_sitting", sitting_id=sitting_id)
    check = url_for("sittings.check_sitting", sitting_id=sitting_id)
    return _page("edit", course_session, form, lambda _: form.planned(sitting_id), action, check, **more)


@bp.route("/sittings/<int:sitting_id>/edit", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def edit_sitting(sitting_id: int) -> ResponseReturnValue:
    course_session, sittings, sitting, form = _sitting_form(sitting_id)
    if form.sent():
        with form.attempt():
            form.same_version(sitting)
            planned, reason = form.planned(sitting.id), form.override_reason.data or ""
            found = also(course_session, planned)
            why = form.replace_reason.data or ""
            services.change(course_session, [sitting], planned, by=caller, reason=reason, also=found, why=why)
            flash(gettext("Changes saved."))
            return done(_list_of(course_session.id))
    return _edit_page(course_session, form, sitting_id, sittings=sittings)


@bp.post("/sittings/<int:sitting_id>/check")
@require(Permission.SESSION_WRITE)
@reads_first
def check_sitting(sitting_id: int) -> ResponseReturnValue:
    course_session, _, _, form = _sitting_form(sitting_id)
    form.sent()
    return _edit_page(course_session, form, sitting_id, status=200)


@bp.post("/sittings/<int:sitting_id>/remove")
@require(Permission.SESSION_WRITE)
def remove_sitting(sitting_id: int) -> ResponseReturnValue:
    course_session, _, sitting = _own(sitting_id)
    services.remove(course_session, sitting, by=caller)
    flash(gettext("The sitting is removed."))
    return done(_list_of(course_session.id))


def _to_come(course_session: CourseSession) -> tuple[list[Sitting], Sequence[TrainerAssignment]]:
    """The sittings of a session that have a date and have not begun."""
    dated = [s for s in queries.sittings(course_session) if s.date is not None and at(s.date, s.starts) > now()]
    return dated, queries.assignments(course_session)


def _applied(form: ApplyForm, course_session: CourseSession) -> list[Planned]:
    """What the sittings to come would be with the room and the trainers of the form."""
    # whoever ticks somebody means them; without a tick all are taken off only where that is said
    chosen = form.trainer_ids.chosen if form.set_trainers.data or form.trainer_ids.chosen else None
    return [
        replace(
            each,
            room_id=form.room_id.data or each.room_id,
            trainer_ids=each.trainer_ids if chosen is None else chosen,
        )
        for each in planned_of(*_to_come(course_session))
    ]


def _apply_page(course_session: CourseSession, form: ApplyForm, **more: Any) -> ResponseReturnValue:
    action = url_for("sittings.apply_to_sittings", course_session_id=course_session.id)
    check = url_for("sittings.check_apply", course_session_id=course_session.id)
    return _page("apply", course_session, form, lambda _: _applied(form, course_session), action, check, **more)


@bp.route("/sessions/<int:course_session_id>/sittings/apply", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def apply_to_sittings(course_session_id: int) -> ResponseReturnValue:
    course_session = to_run(course_session_id)
    form = ApplyForm.of()
    _offer(form, course_session)
    if form.sent():
        with form.attempt():
            sittings, planned = _to_come(course_session)[0], _applied(form, course_session)
            found, reason = also(course_session, planned), form.override_reason.data or ""
            why = form.replace_reason.data or ""
            services.change(course_session, sittings, planned, by=caller, reason=reason, also=found, why=why)
            flash(gettext("All sittings to come are changed."))
            return done(_list_of(course_session_id))
    return _apply_page(course_session, form)


@bp.post("/sessions/<int:course_session_id>/sittings/apply/check")
@require(Permission.SESSION_WRITE)
@reads_first
def check_apply(course_session_id: int) -> ResponseReturnValue:
    course_session = to_run(course_session_id)
    form = ApplyForm.of()
    _offer(form, course_session)
    form.sent()
    return _apply_page(course_session, form, status=200)


def _redated(form: RedateForm, course_session: CourseSession, days: Calendar) -> list[Planned]:
    if form.start.data is None:
        return []
    waiting = [each for each in queries.sittings(course_session) if each.date is None]
    given = queries.assignments(course_session)
    return rules.redated(waiting, given, form.start.data, form.weekdays.chosen, days)


def _redated_words(course_session: CourseSession) -> str:
    if course_session.status is SessionStatus.POSTPONED:
        return gettext("The sittings have new dates. Open the session when everything is in order.")
    return gettext("The sittings have new dates.")


def _redate_page(course_session: CourseSession, form: RedateForm, **more: Any) -> ResponseReturnValue:
    action = url_for("sittings.redate_sittings", course_session_id=course_session.id)
    check = url_for("sittings.check_redate", course_session_id=course_session.id)
    return _page("redate", course_session, form, lambda d: _redated(form, course_session, d), action, check, **more)


@bp.route("/sessions/<int:course_session_id>/sittings/redate", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def redate_sittings(course_session_id: int) -> ResponseReturnValue:
    course_session = to_run(course_session_id)
    form = RedateForm.of()
    if form.sent():
        with form.attempt():
            start, weekdays = form.start.data or today(), form.weekdays.chosen
            found = also(course_session, _redated(form, course_session, calendar()))
            reason = form.override_reason.data or ""
            services.redate(course_session, start, weekdays, by=caller, reason=reason, also=found)
            flash(_redated_words(course_session))
            return done(_list_of(course_session_id))
    return _redate_page(course_session, form)


@bp.post("/sessions/<int:course_session_id>/sittings/redate/check")
@require(Permission.SESSION_WRITE)
@reads_first
def check_redate(course_session_id: int) -> ResponseReturnValue:
    course_session = to_run(course_session_id)
    form = RedateForm.of()
    form.sent()
    return _redate_page(course_session, form, status=200)
