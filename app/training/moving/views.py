"""Moving a session, a day of it or one sitting; a confirmed one stays confirmed."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext
from app.settings.queries import calendar
from app.training import services as training
from app.training.assignments import queries as assignments
from app.training.conflicts import queries as conflicts
from app.training.conflicts.pages import also
from app.training.conflicts.rules import setting_of
from app.training.models import SessionStatus
from app.training.moving import pages
from app.training.moving.forms import MoveForm
from app.training.moving.pages import Moving
from app.training.pages import layout, places_of, to_run
from app.training.rules import NO_HOLIDAYS
from app.training.sittings import services
from app.training.sittings.pages import around, offers
from app.web.door import reads_first, require
from app.web.render import done, render

bp = Blueprint("moving", __name__)


def _about(course_session_id: int, *, locked: bool = False) -> Moving:
    course_session = to_run(course_session_id)
    if locked:
        training.locked(course_session)
    return pages.moving(course_session, request.values.get("day", ""), request.values.get("sitting", ""))


def _form(about: Moving) -> MoveForm:
    form = MoveForm.of(about.standing, about.version)
    form.day.data, form.sitting.data = request.values.get("day", ""), request.values.get("sitting", "")
    course_session = about.course_session
    wanted = {each.room_id for each in about.moved if each.room_id is not None}
    rooms = conflicts.rooms(course_session.province_id, wanted).values()
    trainers = assignments.trainer_choices(course_session.course_id, course_session.province_id)
    form.offer_places(rooms, trainers)
    return form


def _page(about: Moving, form: MoveForm, status: int) -> ResponseReturnValue:
    """Beside the form what it would lead to; before it was sent that is asked for as soon as the page stands."""
    course_session, posted = about.course_session, request.method == "POST"
    setting = setting_of(course_session, calendar() if posted else NO_HOLIDAYS)
    with around(form, pages.tried(about, form) if posted else (), course_session.id):
        outlook = pages.outlook(about, form) if posted else None
        offered = offers(form, outlook.planned if outlook else (), setting)
    return render(
        "training/moving/move.html",
        fragment="conflicts",
        **layout(course_session, "sittings", places_of(about.sittings)),
        about=about,
        form=form,
        outlook=outlook,
        picker=None,
        offers=offered,
        back=url_for("sessions.show_session", course_session_id=course_session.id),
        status=status,
    )


def _said(about: Moving) -> str:
    if about.course_session.status is SessionStatus.CONFIRMED:
        return gettext("Moved. Everybody concerned gets one message.")
    return gettext("Moved.")


@bp.route("/sessions/<int:course_session_id>/move", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def move_session(course_session_id: int) -> ResponseReturnValue:
    about = _about(course_session_id, locked=request.method == "POST")
    training.changeable(about.course_session)
    form = _form(about)
    if form.sent():
        with form.attempt():
            form.same(about.version, {})
            planned, reason = pages.wanted(about, form), form.override_reason.data or ""
            found, why = also(about.course_session, planned), form.replace_reason.data or ""
            rows = about.moved
            services.change(about.course_session, rows, planned, by=caller, reason=reason, also=found, why=why)
            flash(_said(about))
            return done(url_for("sessions.show_session", course_session_id=course_session_id))
        about = _about(course_session_id)
    return _page(about, form, form.status)


@bp.post("/sessions/<int:course_session_id>/move/check")
@require(Permission.SESSION_WRITE)
@reads_first
def check_move(course_session_id: int) -> ResponseReturnValue:
    """Where everything would go, what stands in its way and whom it hits; changes nothing."""
    about = _about(course_session_id)
    form = _form(about)
    form.sent()
    return _page(about, form, 200)
