"""A questionnaire, competency by competency: signed in, or by a personal link."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, request
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit.journal import SYSTEM, Actor
from app.core.clock import today
from app.core.db import typed_id
from app.core.errors import Missing
from app.language import gettext
from app.needs.answers import pages, queries, services
from app.needs.answers.forms import LastForm, StepForm
from app.needs.answers.models import QUESTIONNAIRE, Way
from app.needs.answers.rules import why_shut
from app.needs.models import Questionnaire
from app.needs.rounds import queries as rounds
from app.people.links.pages import opened
from app.people.links.services import acted
from app.people.models import PersonalLink
from app.web.door import public, require, signed_in
from app.web.render import done

bp = Blueprint("answers", __name__)
Find = Callable[[], Questionnaire]


@bp.get("/needs/answer")
@signed_in
def show_own() -> ResponseReturnValue:
    return pages.start([queries.sheet(one) for one in queries.own(caller.id)[:2]])


def show_linked(link: PersonalLink, token: str) -> Response:
    return pages.start([queries.sheet(queries.of_link(link))], token, link.employee.name)


@bp.route("/needs/answer/<int:round_id>/<int:step>", methods=["GET", "POST"])
@signed_in
def answer(round_id: int, step: int) -> ResponseReturnValue:
    return _step(lambda: queries.of_user(caller.id, round_id), Way(round_id), step)


@bp.route("/needs/answer/<int:round_id>/last", methods=["GET", "POST"])
@signed_in
def last(round_id: int) -> ResponseReturnValue:
    return _last(lambda: queries.of_user(caller.id, round_id), Way(round_id), by=caller)


@bp.route("/k/<token>/answer/<int:step>", methods=["GET", "POST"])
@public
def answer_linked(token: str, step: int) -> ResponseReturnValue:
    return _step(lambda: queries.of_link(opened(token, QUESTIONNAIRE)), Way(0, token), step)


@bp.route("/k/<token>/answer/last", methods=["GET", "POST"])
@public
def last_linked(token: str) -> ResponseReturnValue:
    return _last(lambda: queries.of_link(opened(token, QUESTIONNAIRE)), Way(0, token), by=SYSTEM)


@bp.get("/needs/rounds/<int:round_id>/units/<int:unit_id>/preview")
@require(Permission.NEED_RUN)
def preview(round_id: int, unit_id: int) -> ResponseReturnValue:
    """The questionnaire of a unit as its staff will see it; nothing is saved."""
    scope = caller.scope_for(Permission.NEED_RUN)
    found = rounds.round_run(scope, round_id)
    return pages.preview(found, rounds.place(scope, found, unit_id), typed_id(request.args.get("step", "")) or 1)


def _step(find: Find, way: Way, step: int) -> ResponseReturnValue:
    sheet = queries.sheet(find())
    if not 1 <= step <= sheet.total:
        raise Missing
    form = StepForm.of(sheet, step)
    if form.sent():
        with form.attempt():
            said = (form.importance.data, form.level.data)
            sheet = services.save(sheet, step, *said, irrelevant=bool(form.irrelevant.data))
            if form.go.data:
                return done(pages.onward(way, sheet, step, form.go.data))
            return pages.step(sheet, way, step, form)
        sheet = queries.sheet(find())
    elif why_shut(sheet.questionnaire, sheet.round, today()) is not None:
        return done(pages.start_of(way))
    return pages.step(sheet, way, step, form)


def _last(find: Find, way: Way, *, by: Actor) -> ResponseReturnValue:
    sheet = queries.sheet(find())
    form = LastForm.of(sheet)
    if form.sent():
        with form.attempt():
            services.save_last(sheet, **form.said())
            if form.go.data == "finish":
                services.finish(sheet, by=by)
                _spend(way)
                flash(gettext("Thank you. Your answers are complete."))
            return done(pages.start_of(way) if form.go.data != "back" else pages.address(way, sheet.total))
        sheet = queries.sheet(find())
    elif why_shut(sheet.questionnaire, sheet.round, today()) is not None:
        return done(pages.start_of(way))
    return pages.last(sheet, way, form)


def _spend(way: Way) -> None:
    """Only a finished questionnaire was an answer by its link."""
    if way.token:
        acted(opened(way.token, QUESTIONNAIRE))
