"""Strategic action plans: the list, one of them with its goals and actions, and its goals written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.language import gettext, in_language, pgettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.programme.documents.pages import standing
from app.programme.groups.action_plans import pages, queries, services
from app.programme.groups.action_plans.forms import GoalForm, PlanForm
from app.programme.groups.models import StrategicPlan
from app.web.door import require, traced
from app.web.listing import Listing
from app.web.render import done, form_page, render

bp = Blueprint("action_plans", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE


@bp.get("/programme/action-plans")
@require(READ)
@traced(Exported)
def show_plans() -> ResponseReturnValue:
    begins = bool(queries.without(caller.scope_for(WRITE)))
    return lists.answer(ACTION_PLANS, "programme/groups/plans.html", by=caller, begins=begins)


def _columns() -> Columns:
    return [
        (gettext("Province"), lambda row: in_language(row.StrategicPlan.province, "name")),
        (gettext("Version"), lambda row: row.StrategicPlan.document.edition),
        (gettext("Status"), lambda row: row.StrategicPlan.document.status.label),
        (gettext("Goals"), lambda row: row.goals),
        (pgettext("group", "Actions"), lambda row: row.actions),
        (gettext("Done"), lambda row: row.done),
        (gettext("Overdue"), lambda row: row.late),
    ]


ACTION_PLANS = ListOf(
    name="action_plans",
    access=READ,
    title=lambda: gettext("Strategic action plans"),
    columns=_columns,
    rows=queries.plans,
    sorts=queries.PLAN_SORTS,
)


@bp.route("/programme/action-plans/new", methods=["GET", "POST"])
@require(WRITE)
def begin_plan() -> ResponseReturnValue:
    offered = {one.id: one for one in queries.without(caller.scope_for(WRITE))}
    form = PlanForm.of(offered.values())
    if form.sent():
        with form.attempt():
            plan = services.begin(offered[form.province_id.data], by=caller)
            flash(gettext("The plan is begun. Write its goals now."))
            return _there(plan.id)
    return form_page("programme/groups/plan_form.html", form, plan=None)


def _there(plan_id: int) -> ResponseReturnValue:
    return done(url_for("action_plans.show_plan", plan_id=plan_id))


@bp.get("/programme/action-plans/<int:plan_id>")
@require(READ)
@traced(Exported)
def show_plan(plan_id: int) -> ResponseReturnValue:
    plan, listing = queries.plan(caller.scope_for(READ), plan_id), Listing.read()
    if listing.format:
        rows = [action for aim in pages.aims(plan, queries.actions(plan)) for action in aim.actions]
        name = in_language(plan.document, "name")
        return lists.file_of("action_plan", listing, name, pages.columns(), rows, by=caller)
    found = pages.aims(plan, queries.actions(plan, most=pages.MOST + 1))
    shown: dict[str, Any] = {"aims": found, "listing": listing, "most": pages.MOST}
    return render("programme/groups/plan.html", plan=plan, standing=standing(caller, plan.document), **shown)


# --- its goals --------------------------------------------------------------------------------------------


def _plan(plan_id: int) -> StrategicPlan:
    return queries.plan(caller.scope_for(WRITE), plan_id)


@bp.route("/programme/action-plans/<int:plan_id>/goals/new", methods=["GET", "POST"])
@require(WRITE)
def add_goal(plan_id: int) -> ResponseReturnValue:
    plan, form = _plan(plan_id), GoalForm()
    if form.sent():
        with form.attempt():
            services.add_goal(plan, form.values(), by=caller)
            flash(gettext("The goal was added. Say of the actions that lead there that they do."))
            return _there(plan_id)
        plan = _plan(plan_id)
    return form_page("programme/groups/plan_form.html", form, plan=plan, goal=None)


@bp.route("/programme/action-plans/<int:plan_id>/goals/<int:goal_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_goal(plan_id: int, goal_id: int) -> ResponseReturnValue:
    plan = _plan(plan_id)
    goal = queries.goal(plan, goal_id)
    form = GoalForm(obj=goal)
    if form.sent():
        with form.attempt():
            form.same_version(goal)
            services.change_goal(plan, goal, form.values(), by=caller)
            flash(gettext("Changes saved."))
            return _there(plan_id)
        plan = _plan(plan_id)
        goal = queries.goal(plan, goal_id)
    return form_page("programme/groups/plan_form.html", form, plan=plan, goal=goal)


@bp.post("/programme/action-plans/<int:plan_id>/goals/<int:goal_id>/remove")
@require(WRITE)
def remove_goal(plan_id: int, goal_id: int) -> ResponseReturnValue:
    plan = _plan(plan_id)
    services.remove_goal(plan, queries.goal(plan, goal_id), by=caller)
    flash(gettext("The goal was taken out. Its actions stay, without a goal."))
    return _there(plan_id)
