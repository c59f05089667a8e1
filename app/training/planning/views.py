"""A new course session: filled in from what it is needed for, checked while it is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.models import Organisation, Province
from app.access.permissions import Permission
from app.catalogue.models import Course
from app.core.clock import today
from app.core.db import typed_id
from app.core.errors import Refused
from app.language import gettext, in_language
from app.settings.queries import calendar
from app.training.assignments import queries as assignments
from app.training.conflicts import queries as conflicts
from app.training.conflicts.models import Planned, Setting
from app.training.conflicts.pages import look_new
from app.training.planning import queries
from app.training.planning.forms import NewSessionForm
from app.training.sessions import services as sessions
from app.training.sessions.plan_rows import open_rows
from app.training.sessions.queries import audiences
from app.training.sittings.pages import around, offers, picker
from app.training.sittings.rules import day_of
from app.web.door import reads_first, require
from app.web.forms import by_name
from app.web.render import done, render

bp = Blueprint("planning", __name__)


@dataclass(frozen=True)
class Wish:
    """What a new session is for, as its address (or its form) says. Ids that mean nothing are None.

    `provinces`: all of them, and `own` those they may plan for.
    """

    course: Course | None
    province_id: int | None
    everywhere: bool
    organisation_id: int | None
    plan_item_id: int | None
    competency_id: int | None
    day: date | None
    room_id: int | None
    trainer_id: int | None
    provinces: Sequence[Province]
    own: Sequence[Province]
    institutions: Sequence[Organisation]

    @property
    def complete(self) -> bool:
        return self.course is not None and (self.everywhere or self.province_id is not None)

    @property
    def province(self) -> Province | None:
        return next((each for each in self.provinces if each.id == self.province_id), None)


def _id(name: str) -> int | None:
    return typed_id(request.values.get(name, ""))


def _wish() -> Wish:
    """A province that is not theirs to plan for is as good as none; who has only one need not name it."""
    scope = caller.scope_for(Permission.SESSION_WRITE)
    known, institutions = audiences(scope)
    own = [each for each in known if scope.covers_province(each.id)]
    course, item, competency_id = queries.wanted(_id("course"), _id("plan_item"), _id("competency"))
    province = _id("province") or (item.province_id if item else None)
    if province not in [each.id for each in own]:
        province = own[0].id if len(own) == 1 else None
    return Wish(
        course,
        province,
        scope.everything and request.values.get("province") == "none",
        _id("organisation") or (item.organisation_id if item else None),
        item.id if item else None,
        competency_id,
        day_of(request.args.get("day", "")),
        _id("room"),
        _id("trainer"),
        known,
        own,
        institutions,
    )


def _form(wish: Wish, course: Course) -> NewSessionForm:
    offered = wish.organisation_id if wish.organisation_id in [each.id for each in wish.institutions] else None
    form = NewSessionForm.of(course, wish.province_id, organisation_id=offered)
    form.plan_item.data, form.competency.data = wish.plan_item_id, wish.competency_id
    rows = open_rows(course.id, wish.province_id, (today().year, None), besides=wish.plan_item_id)
    form.plan_item_id.offer_rows(rows, wish.plan_item_id if wish.plan_item_id in dict(rows) else None)
    form.offer_details(wish.provinces, wish.institutions)
    form.offer_weekdays()
    trainers = assignments.trainer_choices(course.id, wish.province_id)
    form.offer_places(conflicts.rooms(wish.province_id).values(), trainers)
    if request.method == "GET":
        _take(form, wish)
    return form


def _take(form: NewSessionForm, wish: Wish) -> None:
    """The day, the room and the trainer a free day of theirs led from."""
    form.start.data = wish.day
    if wish.room_id in [each.id for each in form.rooms]:
        form.room_id.data = wish.room_id
    if wish.trainer_id in [each.id for each in form.trainers]:
        form.trainer_ids.data = [wish.trainer_id]


def _page(form: NewSessionForm, wish: Wish, course: Course, status: int) -> ResponseReturnValue:
    setting = Setting(calendar(), form.capacity.data or 1, bool(form.step_free_needed.data), wish.province_id)
    with around(form, _tried(form, setting)):
        preview = look_new(setting, course.hours * 60, form.planned)
        planned = [each for day in preview.days for each in day.sittings]
        shown = {"offers": offers(form, planned, setting), "picker": picker(form, setting.calendar)}
    return render(
        "training/planning/new.html",
        fragment="conflicts",
        form=form,
        course=course,
        province=wish.province,
        preview=preview,
        **shown,
        status=status,
    )


def _tried(form: NewSessionForm, setting: Setting) -> Sequence[Planned]:
    """The plan as far as there is one."""
    try:
        return form.planned(setting.calendar)
    except Refused:
        return ()


def _choose(wish: Wish) -> ResponseReturnValue:
    """First the course and the province: all the rest follows from them."""
    kept: dict[str, Any] = {
        "organisation": wish.organisation_id,
        "plan_item": wish.plan_item_id,
        "competency": wish.competency_id,
        "day": wish.day,
        "room": wish.room_id,
        "trainer": wish.trainer_id,
    }
    return render(
        "training/planning/choose.html",
        courses=[(each.id, f"{each.code} {in_language(each, 'name')}") for each in queries.courses()],
        provinces=by_name(wish.own),
        programme=caller.scope_for(Permission.SESSION_WRITE).everything,
        wish=wish,
        kept={name: key for name, key in kept.items() if key},
        status=422 if request.method == "POST" else 200,
    )


@bp.route("/sessions/new", methods=["GET", "POST"])
@require(Permission.SESSION_WRITE)
def make_session() -> ResponseReturnValue:
    wish = _wish()
    if (course := wish.course) is None or not wish.complete:
        return _choose(wish)
    form = _form(wish, course)
    if form.sent():
        with form.attempt():
            made = sessions.create(
                course,
                wish.province_id,
                form.details(),
                form.planned(calendar()),
                by=caller,
                reason=form.override_reason.data or "",
                competency_id=wish.competency_id,
            )
            flash(gettext("The draft is saved. Open it when it is ready."))
            return done(url_for("sessions.show_session", course_session_id=made.id))
    return _page(form, wish, course, form.status)


@bp.post("/sessions/new/check")
@require(Permission.SESSION_WRITE)
@reads_first
def check_new_session() -> ResponseReturnValue:
    """What stands in the way of what is typed so far; changes nothing."""
    wish = _wish()
    if wish.course is None or not wish.complete:
        return _choose(wish)
    form = _form(wish, wish.course)
    form.sent()
    return _page(form, wish, wish.course, 200)
