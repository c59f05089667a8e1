"""A supervisor's people: all in one grid, or one after another; signed in, or by a personal link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.audit.journal import SYSTEM, Actor
from app.core.clock import today
from app.core.db import typed_id
from app.core.errors import Missing
from app.needs.rounds.rules import IMPORTANCE, LEVEL
from app.needs.team import pages, queries, rules, services
from app.needs.team.models import TEAM, Team, Way
from app.people.links.pages import opened
from app.people.links.services import acted
from app.people.models import PersonalLink
from app.web.door import public, signed_in
from app.web.forms import Form
from app.web.render import render

bp = Blueprint("team", __name__)
Save = Callable[[Form, Team], Team]


@bp.route("/needs/team", methods=["GET", "POST"])
@signed_in
def show_team() -> ResponseReturnValue:
    return _grid(queries.of_user(caller.id), _save_own, Way())


@bp.route("/needs/team/<int:respondent_id>", methods=["GET", "POST"])
@signed_in
def show_member(respondent_id: int) -> ResponseReturnValue:
    return _member(queries.of_user(caller.id), respondent_id, _save_own, Way())


def show_linked(link: PersonalLink, token: str) -> Response:
    return _grid(queries.of_link(link), _save_by(link), Way(token), **pages.linked(link))


@bp.post("/k/<token>/team")
@public
def save_linked(token: str) -> ResponseReturnValue:
    link = opened(token, TEAM)
    return _grid(queries.of_link(link), _save_by(link), Way(token), **pages.linked(link))


@bp.route("/k/<token>/team/<int:respondent_id>", methods=["GET", "POST"])
@public
def show_member_linked(token: str, respondent_id: int) -> ResponseReturnValue:
    link = opened(token, TEAM)
    return _member(queries.of_link(link), respondent_id, _save_by(link), Way(token))


def _team(rater: queries.Rater, form: Form) -> Team | None:
    """Of the round that is asked for. Whoever sends ratings after it was closed is told so."""
    try:
        found = queries.team(rater, typed_id(request.args.get("round", "")))
    except Missing:
        if not form.sent():
            raise
        found = None
    if found is None and form.sent():
        form.outcome, form.form_errors = 422, [*form.form_errors, str(services.TOO_LATE)]
    return found


def _grid(rater: queries.Rater, save: Save, way: Way, **shown: Any) -> Response:
    form = Form()
    team = _team(rater, form)
    if team is not None and form.sent():
        team = save(form, team)
    shown |= {"team": team, "form": form, "way": way, "scales": (IMPORTANCE, LEVEL), "address": pages.address}
    shown["others"] = [one for one in queries.rounds(rater) if team is not None and one is not team.round]
    return render("needs/team/team.html", fragment="saved", status=form.status if form.form_errors else 200, **shown)


def _member(rater: queries.Rater, respondent_id: int, save: Save, way: Way) -> Response:
    """One of them, for a phone."""
    form = Form()
    team = _team(rater, form)
    if team is None and not (form.sent() and queries.was_theirs(rater, respondent_id)):
        raise Missing
    if team is None:
        return _grid(rater, save, way)
    if form.sent():
        team = save(form, team)
    at = next((at for at, one in enumerate(team.members) if one.respondent.id == respondent_id), None)
    if at is None:
        raise Missing
    shown: dict[str, Any] = {"team": team, "form": form, "way": way, "address": pages.address}
    shown |= {"member": team.members[at], "following": next(iter(team.members[at + 1 :]), None)}
    shown["scales"] = (("importance", IMPORTANCE), ("level", LEVEL))
    return render("needs/team/member.html", fragment="saved", status=form.status if form.form_errors else 200, **shown)


def _save_own(form: Form, team: Team) -> Team:
    return _saved(form, team, queries.of_user(caller.id), by=caller)


def _save_by(link: PersonalLink) -> Save:
    """What was rated is an answer by the link; said once a day, not with each cell."""

    def save(form: Form, team: Team) -> Team:
        found = _saved(form, team, queries.of_link(link), by=SYSTEM)
        if not form.form_errors and link.used_on != today():
            acted(link)
        return found

    return save


def _saved(form: Form, team: Team, rater: queries.Rater, *, by: Actor) -> Team:
    """What is new of what was sent is kept: the team as it is now."""
    with form.attempt():
        cells = rules.changed(request.form, pages.shown_before(request.form.get("was", "")))
        services.save(team, cells, by=by)
    found = queries.team(rater, team.round.id)
    return team if found is None else found
