"""Whom a round is still to tell or remind, and who has not finished."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.core.errors import Missing
from app.language import gettext, in_language, ngettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.needs.models import AssessmentRound, RoundStatus
from app.needs.rounds import queries as rounds
from app.needs.telling import queries, services
from app.needs.telling.models import Waiting
from app.people.links import pages as links
from app.web.door import require, traced
from app.web.forms import Form
from app.web.render import done, render

bp = Blueprint("telling", __name__)


def _scope() -> Scope:
    return caller.scope_for(Permission.NEED_RUN)


@bp.route("/needs/rounds/<int:round_id>/tell", methods=["GET", "POST"], defaults={"again": False})
@bp.route("/needs/rounds/<int:round_id>/remind", methods=["GET", "POST"], defaults={"again": True})
@require(Permission.NEED_RUN)
def tell(round_id: int, again: bool) -> ResponseReturnValue:
    """How many are written to, before they are."""
    found, form = rounds.round_run(_scope(), round_id), Form()
    if form.sent():
        with form.attempt():
            start = services.start_remind if again else services.start_tell
            job = start(_scope(), found, by=caller)
            return done(url_for("jobs.show", job_id=job.id))
        found = rounds.round_run(_scope(), round_id)
    shown: dict[str, Any] = {"form": form, "round": found, "reach": queries.reach(_scope(), found), "again": again}
    return render("needs/telling/tell.html", status=form.status, **shown)


@bp.get("/needs/rounds/<int:round_id>/slips")
@require(Permission.NEED_RUN)
def choose_slips(round_id: int) -> ResponseReturnValue:
    """Whom no letter reaches, ticked."""
    found = rounds.round_run(_scope(), round_id)
    people = queries.unwritten(_scope(), found, links.MOST)
    return render("needs/telling/slips.html", round=found, people=people, most=links.MOST)


@bp.post("/needs/rounds/<int:round_id>/slips")
@require(Permission.NEED_RUN)
@traced(Exported)
def print_slips(round_id: int) -> ResponseReturnValue:
    found = rounds.round_run(_scope(), round_id)
    people = queries.chosen(_scope(), found, links.ticked("employee_ids"))
    if not people:
        flash(gettext("Tick somebody first."), "warn")
        return done(url_for("telling.choose_slips", round_id=round_id))
    return links.handed_out(services.slips(found, people, by=caller), len(people), by=caller)


@bp.get("/needs/rounds/<int:round_id>/supervisors")
@require(Permission.NEED_RUN)
def show_supervisors(round_id: int) -> ResponseReturnValue:
    """Who has not rated all their people, ticked; to be written to or given a slip."""
    found = rounds.round_run(_scope(), round_id)
    return _supervisors(found, Form())


def _supervisors(found: AssessmentRound, form: Form) -> ResponseReturnValue:
    shown: dict[str, Any] = {"supervisors": queries.supervisors(_scope(), found, most=links.MOST), "most": links.MOST}
    return render("needs/telling/supervisors.html", status=form.status, form=form, round=found, **shown)


@bp.post("/needs/rounds/<int:round_id>/supervisors")
@require(Permission.NEED_RUN)
def write_to_supervisors(round_id: int) -> ResponseReturnValue:
    found, form = rounds.round_run(_scope(), round_id), Form()
    with form.attempt():
        chosen = queries.supervisors(_scope(), found, links.ticked("employee_ids"))
        number = services.write_to_supervisors(found, chosen, by=caller)
        flash(ngettext("%(num)s person is written to.", "%(num)s people are written to.", number))
        return done(url_for("running.show_round", round_id=round_id))
    return _supervisors(rounds.round_run(_scope(), round_id), form)


@bp.post("/needs/rounds/<int:round_id>/supervisors/slips")
@require(Permission.NEED_RUN)
@traced(Exported)
def print_supervisors_slips(round_id: int) -> ResponseReturnValue:
    found = rounds.round_run(_scope(), round_id)
    chosen = queries.supervisors(_scope(), found, links.ticked("employee_ids"))
    if not chosen:
        flash(gettext("Tick somebody first."), "warn")
        return done(url_for("telling.show_supervisors", round_id=round_id))
    return links.handed_out(services.supervisors_slips(found, chosen, by=caller), len(chosen), by=caller)


@bp.get("/needs/rounds/<int:round_id>/waiting")
@require(Permission.NEED_READ)
@traced(Exported)
def show_waiting(round_id: int) -> ResponseReturnValue:
    """Who has not finished, for those who can speak to them; never what anybody answered."""
    scope = caller.scope_for(Permission.NEED_READ)
    found = _begun(rounds.round_seen(scope, round_id))
    listing = lists.asked(WAITING)
    if listing.format:
        return lists.file(WAITING, listing, by=caller, whole=round_id)
    listing.page = queries.waiting(scope, listing.query, found).page()
    homes = rounds.homes(scope, found)
    return render("needs/telling/waiting.html", fragment="list", listing=listing, round=found, homes=homes)


def _begun(found: AssessmentRound) -> AssessmentRound:
    if found.status is RoundStatus.DRAFT:
        raise Missing
    return found


def state(row: Waiting) -> str:
    """How far somebody is, in words."""
    if row.started_at is not None:
        return gettext("Has begun")
    return row.told_by.label if row.told_by is not None else gettext("Not told yet")


def _columns(_: AssessmentRound) -> Columns:
    return [
        (gettext("Name"), lambda row: row.name),
        (gettext("Institution"), lambda row: row.organisation),
        (gettext("Unit"), lambda row: row.unit),
        (gettext("Phone"), lambda row: row.phone),
        (gettext("Status"), state),
        (gettext("Reminders"), lambda row: row.reminders),
    ]


WAITING = ListOf(
    name="round_waiting",
    access=Permission.NEED_READ,
    title=lambda found: gettext("Not finished yet: %(name)s", name=in_language(found, "name")),
    columns=_columns,
    rows=queries.waiting,
    sorts=queries.WAITING_SORTS,
    filters=("organisation", "state"),
    of=lambda by, key: _begun(rounds.round_seen(by.scope_for(Permission.NEED_READ), key)),
)
