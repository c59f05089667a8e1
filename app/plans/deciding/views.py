"""Submitting, deciding, revising; the versions of a plan, side by side and on paper."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.core.clock import today
from app.core.db import typed_id
from app.language import gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.plans import pages
from app.plans.deciding import contents, queries, services
from app.plans.deciding.forms import DecisionForm, ReturnForm, SubmitForm
from app.plans.drafting import queries as drafting
from app.plans.drafting.models import Draft
from app.plans.models import PlanVersion, TrainingPlan
from app.plans.queries import plan_read, plan_run
from app.plans.snapshot import FrozenRow, difference, sums
from app.web.door import require, traced
from app.web.listing import Listing, download
from app.web.render import done, render

bp = Blueprint("deciding", __name__)


def _draft(plan_id: int, permission: Permission = Permission.PLAN_WRITE) -> Draft:
    return drafting.draft(caller.scope_for(permission), plan_id)


def _step(form: DecisionForm, drafted: Draft, step: str) -> ResponseReturnValue:
    """What will happen, before it does."""
    shown: dict[str, Any] = {"draft": drafted, "plan": drafted.plan, "step": step, "uses": drafted.uses()}
    return render("plans/deciding/step.html", status=form.status, form=form, **shown)


@bp.route("/plans/<int:plan_id>/submit", methods=["GET", "POST"])
@require(Permission.PLAN_WRITE)
def submit_plan(plan_id: int) -> ResponseReturnValue:
    drafted = _draft(plan_id)
    form = SubmitForm.on(drafted.plan)
    if form.sent():
        with form.attempt():
            form.same_version(drafted.plan)
            services.submit(drafted.plan, drafted.rows, (form["reason"].data or "").strip(), by=caller)
            flash(gettext("The plan is submitted. Somebody else decides it."))
            return done(url_for("drafting.show_draft", plan_id=plan_id))
        drafted = _draft(plan_id)
    return _step(form, drafted, "submit")


@bp.route("/plans/<int:plan_id>/approve", methods=["GET", "POST"])
@require(Permission.PLAN_APPROVE)
def approve_plan(plan_id: int) -> ResponseReturnValue:
    drafted = _draft(plan_id, Permission.PLAN_APPROVE)
    form = DecisionForm.on(drafted.plan)
    if form.sent():
        with form.attempt():
            form.same_version(drafted.plan)
            services.approve(drafted.plan, drafted.rows, by=caller)
            flash(gettext("The plan is approved and in force."))
            return done(url_for("plans.show_plan", plan_id=plan_id))
        drafted = _draft(plan_id, Permission.PLAN_APPROVE)
    return _step(form, drafted, "approve")


@bp.route("/plans/<int:plan_id>/return", methods=["GET", "POST"])
@require(Permission.PLAN_APPROVE)
def return_plan(plan_id: int) -> ResponseReturnValue:
    drafted = _draft(plan_id, Permission.PLAN_APPROVE)
    form = ReturnForm.on(drafted.plan)
    if form.sent():
        with form.attempt():
            form.same_version(drafted.plan)
            services.return_plan(drafted.plan, form["remarks"].data.strip(), by=caller)
            flash(gettext("The plan is returned with your remarks."))
            return done(url_for("drafting.show_draft", plan_id=plan_id))
        drafted = _draft(plan_id, Permission.PLAN_APPROVE)
    return _step(form, drafted, "return")


@bp.post("/plans/<int:plan_id>/revise")
@require(Permission.PLAN_WRITE)
def revise_plan(plan_id: int) -> ResponseReturnValue:
    services.revise(plan_run(caller.scope_for(Permission.PLAN_WRITE), plan_id), by=caller)
    flash(gettext("The next version is being drafted. The one in force counts until it is approved."))
    asked = pages.wanted()  # whoever was on the way to a row goes on
    return done(url_for("drafting.add_row" if asked else "drafting.show_draft", plan_id=plan_id, **asked))


# --- versions ---------------------------------------------------------------------------------------------


def _read(plan_id: int) -> TrainingPlan:
    writing = caller.scope_for(Permission.PLAN_WRITE) if caller.may(Permission.PLAN_WRITE) else None
    return plan_read(caller.scope_for(Permission.PLAN_READ), writing, plan_id)


@bp.get("/plans/<int:plan_id>/versions")
@require(Permission.PLAN_READ)
def show_versions(plan_id: int) -> ResponseReturnValue:
    """Every version; what became of the plan is for whoever drafts it."""
    plan = _read(plan_id)
    runs = caller.may(Permission.PLAN_WRITE) and caller.scope_for(Permission.PLAN_WRITE).covers_province(
        plan.province_id
    )
    shown: dict[str, Any] = {
        "versions": queries.versions(plan),
        "changes": queries.changes(plan) if runs else (),
        "runs": runs,
    }
    return render("plans/deciding/versions.html", plan=plan, **shown)


def _rows(version: PlanVersion) -> list[FrozenRow]:
    """What of a version its reader sees, as of the plan in force."""
    scope = caller.scope_for(Permission.PLAN_READ)
    rows = [FrozenRow.read(kept) for kept in version.rows]
    return [row for row in rows if pages.seen(scope, row)]


@bp.get("/plans/<int:plan_id>/versions/<int:edition>")
@require(Permission.PLAN_READ)
@traced(Exported)
def show_version(plan_id: int, edition: int) -> ResponseReturnValue:
    plan = _read(plan_id)
    version, listing = queries.version(plan, edition), Listing.read()
    rows = _rows(version)
    if listing.format:
        return lists.file_of("plan_version", listing, pages.plan_name(plan), pages.columns(), rows, by=caller)
    shown: dict[str, Any] = {"version": version, "rows": rows, "sums": sums(rows), "listing": listing}
    return render("plans/deciding/version.html", plan=plan, **shown)


@bp.get("/plans/<int:plan_id>/versions/<int:edition>/changes")
@require(Permission.PLAN_READ)
def compare_versions(plan_id: int, edition: int) -> ResponseReturnValue:
    """What a version made of an earlier one (`since`, else the one before); of itself nothing."""
    plan = _read(plan_id)
    earlier, later = sorted((edition, typed_id(request.args.get("since", "")) or max(1, edition - 1)))
    was, now = queries.version(plan, earlier), queries.version(plan, later)
    shown: dict[str, Any] = {"was": was, "now": now, "difference": difference(_rows(was), _rows(now))}
    return render("plans/deciding/compare.html", plan=plan, **shown)


@bp.get("/plans/<int:plan_id>/versions/<int:edition>.pdf")
@require(Permission.PLAN_READ)
@traced(Exported)
def print_version(plan_id: int, edition: int) -> ResponseReturnValue:
    plan = _read(plan_id)
    version = queries.version(plan, edition)
    return _handed_out(contents.of_version(plan, version, _rows(version)), plan)


@bp.get("/plans/<int:plan_id>/draft.pdf")
@require(Permission.PLAN_WRITE)
@traced(Exported)
def print_draft(plan_id: int) -> ResponseReturnValue:
    drafted = _draft(plan_id)
    return _handed_out(contents.of_draft(drafted.plan, [row.now for row in drafted.rows]), drafted.plan)


def _handed_out(paper: bytes, plan: TrainingPlan) -> ResponseReturnValue:
    journal.trace(Exported("plan_version", "pdf", 1), by=caller, required=True)
    return download(paper, "application/pdf", f"{pages.plan_name(plan)} {today():%Y-%m-%d}.pdf")
