"""The page of a round, and what becomes of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.language import gettext
from app.needs.models import AssessmentRound, RoundStatus
from app.needs.rounds import queries as rounds
from app.needs.running import queries, services
from app.needs.running.forms import LastDayForm, ReopenForm
from app.needs.telling import queries as telling
from app.web.door import require
from app.web.forms import Form
from app.web.listing import Listing
from app.web.render import done, render

bp = Blueprint("running", __name__)


def _scope() -> Scope:
    return caller.scope_for(Permission.NEED_RUN)


def _run(round_id: int) -> AssessmentRound:
    return rounds.round_run(_scope(), round_id)


def _there(round_id: int) -> ResponseReturnValue:
    return done(url_for("running.show_round", round_id=round_id))


@bp.get("/needs/rounds/<int:round_id>")
@require(Permission.NEED_READ)
def show_round(round_id: int) -> ResponseReturnValue:
    """A draft as it is designed, for those who run it; later how far it is, for whoever is asked about, also in one
    institution.
    """
    scope = caller.scope_for(Permission.NEED_READ)
    found = rounds.round_seen(scope, round_id)
    if found.status is RoundStatus.DRAFT:
        found = _run(round_id)
        design = rounds.design(_scope(), found)
        why = services.why_not_open(found, design)
        return render("needs/running/draft.html", round=found, design=design, why=why)
    narrowed = Listing.read(filters=("organisation",)).query.filter_id("organisation")
    shown: dict[str, Any] = {"progress": queries.progress(scope, found, narrowed), "narrowed": narrowed}
    runs = rounds.runs(_scope(), found)
    shown |= {"changes": queries.changes(found), "runs": runs}
    if runs and found.status is RoundStatus.OPEN:
        shown["reach"] = telling.reach(_scope(), found)
    shown |= {"may_import": caller.may(Permission.NEED_IMPORT)}
    return render("needs/running/round.html", fragment="progress", round=found, **shown)


@bp.route("/needs/rounds/<int:round_id>/open", methods=["GET", "POST"])
@require(Permission.NEED_RUN)
def open_round(round_id: int) -> ResponseReturnValue:
    found, form = _run(round_id), Form()
    if form.sent():
        with form.attempt():
            job = services.open_round(found, rounds.design(_scope(), found), by=caller)
            return done(url_for("jobs.show", job_id=job.id))
        found = _run(round_id)
    design = rounds.design(_scope(), found)
    return _move(form, found, "open", design=design, why=services.why_not_open(found, design))


def _move(form: Form, found: AssessmentRound, move: str, **shown: Any) -> ResponseReturnValue:
    """What will happen to whom, before it does."""
    return render("needs/running/move.html", status=form.status, form=form, round=found, move=move, **shown)


@bp.route("/needs/rounds/<int:round_id>/close", methods=["GET", "POST"])
@require(Permission.NEED_RUN)
def close_round(round_id: int) -> ResponseReturnValue:
    found, form = _run(round_id), Form()
    if form.sent():
        with form.attempt():
            job = services.close_round(found, by=caller)
            return done(url_for("jobs.show", job_id=job.id))
        found = _run(round_id)
    return _move(form, found, "close", progress=queries.progress(_scope(), found))


@bp.route("/needs/rounds/<int:round_id>/publish", methods=["GET", "POST"])
@require(Permission.NEED_RUN)
def publish_round(round_id: int) -> ResponseReturnValue:
    found, form = _run(round_id), Form()
    if form.sent():
        with form.attempt():
            services.publish_round(found, by=caller)
            flash(gettext("The results are published."))
            return done(url_for("results.show_needs", round=round_id))
        found = _run(round_id)
    return _move(form, found, "publish", progress=queries.progress(_scope(), found))


@bp.route("/needs/rounds/<int:round_id>/reopen", methods=["GET", "POST"])
@require(Permission.NEED_RUN)
def reopen_round(round_id: int) -> ResponseReturnValue:
    found = _run(round_id)
    form = ReopenForm.of(found)
    if form.sent():
        with form.attempt():
            services.reopen_round(found, form.ends_on.data, reason=form.reason.data, by=caller)
            flash(gettext("The analysis is open again."))
            return _there(round_id)
        found = _run(round_id)
    return _move(form, found, "reopen", progress=queries.progress(_scope(), found))


@bp.route("/needs/rounds/<int:round_id>/extend", methods=["GET", "POST"])
@require(Permission.NEED_RUN)
def extend_round(round_id: int) -> ResponseReturnValue:
    found = _run(round_id)
    form = LastDayForm.of(found)
    if form.sent():
        with form.attempt():
            services.extend_round(found, form.ends_on.data, by=caller)
            flash(gettext("The last day was changed."))
            return _there(round_id)
        found = _run(round_id)
    return _move(form, found, "extend", progress=queries.progress(_scope(), found))
