"""A supervisor's people: all in one grid, or one after another."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.core.db import typed_id
from app.core.errors import Missing
from app.needs.rounds.rules import IMPORTANCE, LEVEL
from app.needs.team import pages, queries, rules, services
from app.needs.team.models import Team
from app.web.door import signed_in
from app.web.forms import Form
from app.web.render import render

bp = Blueprint("team", __name__)


@bp.route("/needs/team", methods=["GET", "POST"])
@signed_in
def show_team() -> ResponseReturnValue:
    team, form = queries.team(caller.id, typed_id(request.args.get("round", ""))), Form()
    if team is not None and form.sent():
        team = _saved(form, team)
    others = [one for one in queries.rounds(caller.id) if team is not None and one is not team.round]
    shown = {"team": team, "form": form, "others": others, "scales": (IMPORTANCE, LEVEL)}
    return render("needs/team/team.html", fragment="saved", status=form.status if form.form_errors else 200, **shown)


@bp.route("/needs/team/<int:respondent_id>", methods=["GET", "POST"])
@signed_in
def show_member(respondent_id: int) -> ResponseReturnValue:
    """One of them, for a phone."""
    team, form = queries.team(caller.id, typed_id(request.args.get("round", ""))), Form()
    if team is None:
        raise Missing
    if form.sent():
        team = _saved(form, team)
    at = next((at for at, one in enumerate(team.members) if one.respondent.id == respondent_id), None)
    if at is None:
        raise Missing
    member, following = team.members[at], next(iter(team.members[at + 1 :]), None)
    shown = {"team": team, "form": form, "member": member, "following": following}
    shown["scales"] = (("importance", IMPORTANCE), ("level", LEVEL))
    return render("needs/team/member.html", fragment="saved", status=form.status if form.form_errors else 200, **shown)


def _saved(form: Form, team: Team) -> Team:
    """What is new of what was sent is kept: the team as it is now."""
    with form.attempt():
        cells = rules.changed(request.form, pages.shown_before(request.form.get("was", "")))
        services.save(team, cells, by=caller)
    found = queries.team(caller.id, team.round.id)
    return team if found is None else found
