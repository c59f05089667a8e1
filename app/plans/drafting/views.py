"""The pages of a draft."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.access.queries import provinces
from app.access.scope import Scope
from app.catalogue.models import Course
from app.core import slots
from app.core.db import typed_id
from app.core.errors import Missing
from app.language import gettext, in_language
from app.needs.queries import rounds
from app.plans.drafting import queries, services
from app.plans.drafting.forms import LimitsForm, NewPlanForm, NewRowForm, RowForm
from app.plans.drafting.models import Draft, DraftRow, Place, Wish
from app.plans.figures import queries as figures
from app.plans.figures.models import Frozen, Proposed
from app.plans.models import TrainingPlan
from app.plans.pages import origins_of, wanted
from app.plans.queries import plan_run
from app.web.door import reads_first, require
from app.web.render import done, form_page, render

bp = Blueprint("drafting", __name__)


def _scope() -> Scope:
    return caller.scope_for(Permission.PLAN_WRITE)


def _wish() -> Wish | None:
    """What asks for the row, by the key an address or a form names; Missing where it is not for the caller's eyes."""
    key = request.values.get("asked", "")
    found: list[Wish] = slots.collect("plan.asked", caller, key) if key else []
    if key and not found:
        raise Missing
    return found[0] if found else None


def _draft(plan_id: int) -> Draft:
    return queries.draft(_scope(), plan_id)


def _there(plan_id: int) -> ResponseReturnValue:
    return done(url_for("drafting.show_draft", plan_id=plan_id))


@bp.route("/plans/new", methods=["GET", "POST"])
@require(Permission.PLAN_WRITE)
def create_plan() -> ResponseReturnValue:
    scope = _scope()
    theirs = [one for one in provinces() if scope.covers_province(one.id)]
    form = NewPlanForm.offered(theirs, programme=scope.everything)
    if form.sent():
        with form.attempt():
            made = services.create_plan(form.year.data, form.province_id, form.limits(), scope=scope, by=caller)
            flash(gettext("The draft is begun. Pick its rows from the proposal, or add them by hand."))
            return done(url_for("drafting.add_row", plan_id=made.id, **wanted())) if wanted() else _there(made.id)
    return form_page("plans/drafting/new.html", form, wanted=wanted())


@bp.get("/plans/<int:plan_id>/draft")
@require(Permission.PLAN_WRITE)
def show_draft(plan_id: int) -> ResponseReturnValue:
    drafted = _draft(plan_id)
    may_approve = caller.may(Permission.PLAN_APPROVE) and drafted.plan.submitted_by != caller.id
    shown: dict[str, Any] = {"draft": drafted, "plan": drafted.plan, "uses": drafted.uses(), "may_approve": may_approve}
    shown["asked_by"] = origins_of(caller, [row.item.id for row in drafted.rows])
    shown["told"] = {one.id for one in rounds()} if any(row.now.round_id for row in drafted.rows) else set()
    return render("plans/drafting/draft.html", status=200, **shown)


@bp.route("/plans/<int:plan_id>/limits", methods=["GET", "POST"])
@require(Permission.PLAN_WRITE)
def change_limits(plan_id: int) -> ResponseReturnValue:
    plan = plan_run(_scope(), plan_id)
    form = LimitsForm.of(plan)
    if form.sent():
        with form.attempt():
            form.same_version(plan)
            services.change_limits(plan, form.limits(), by=caller)
            flash(gettext("Changes saved."))
            return _there(plan_id)
        plan = plan_run(_scope(), plan_id)
    return form_page("plans/drafting/limits.html", form, plan=plan)


@bp.post("/plans/<int:plan_id>/delete")
@require(Permission.PLAN_WRITE)
def delete_plan(plan_id: int) -> ResponseReturnValue:
    drafted = _draft(plan_id)
    services.delete_plan(drafted.plan, list(drafted.rows), by=caller)
    flash(gettext("The draft is deleted."))
    return done(url_for("plans.show_plans"))


# --- rows -------------------------------------------------------------------------------------------------


@bp.get("/plans/add")
@require(Permission.PLAN_WRITE)
def choose_plan() -> ResponseReturnValue:
    """From a need to a row: of the plans that are drafted for its place the only one, or a choice."""
    asked = wanted()
    if (wish := _wish()) is not None and wish.province_id is not None:
        asked.setdefault("place", queries.key_of(Place(wish.province_id)))
    open_plans = queries.open_plans(_scope())
    fitting = [plan for plan in open_plans if asked.get("place") in (None, *queries.places(_scope(), plan))]
    if len(fitting) == 1:
        return done(url_for("drafting.add_row", plan_id=fitting[0].id, **asked))
    there = {None, wish.province_id if wish else None}
    revised = [plan for plan in queries.in_force(_scope()) if not wish or plan.province_id in there]
    return render("plans/drafting/choose.html", plans=fitting, revised=revised, wanted=asked)


def _courses(wish: Wish | None) -> dict[int, Course]:
    """Those a row may be of: of what is wished for those that build it, as far as there are any."""
    known = {one.id: one for one in queries.courses()}
    building = [one for one in wish.course_ids if one in known] if wish else []
    return {key: known[key] for key in building} or known


def _proposed(plan: TrainingPlan, course_id: int | None, place: Place) -> tuple[Proposed | None, Frozen]:
    """What the needs say for a course there, to be shown and to be kept."""
    if course_id is None or not caller.may(Permission.NEED_READ):
        return None, Frozen()
    scope = caller.scope_for(Permission.NEED_READ)
    selection = figures.selected(scope, place.province_id, place.organisation_id, round_id=_id("round"))
    found = figures.proposals(selection, [course_id]) if selection is not None else []
    return (found[0], figures.frozen(selection, found[0])) if selection and found else (None, Frozen())


def _id(name: str) -> int | None:
    return typed_id(request.values.get(name, ""))


@bp.route("/plans/<int:plan_id>/rows/new", methods=["GET", "POST"])
@require(Permission.PLAN_WRITE)
def add_row(plan_id: int) -> ResponseReturnValue:
    drafted, wish = _draft(plan_id), _wish()
    courses = _courses(wish)
    places = queries.places(_scope(), drafted.plan)
    _, place = places.get(request.values.get("place", ""), next(iter(places.values())))
    found, frozen = _proposed(drafted.plan, _id("course") or (next(iter(courses), None) if wish else None), place)
    form = NewRowForm.of_need(request.args, drafted.plan.year, found, wish).offered(courses.values(), places)
    if form.sent():
        with form.attempt():
            new = form.new_row(places)
            asked = wish.key if wish else ""
            services.add_row(drafted.plan, courses[new.course_id], new, frozen, by=caller, asked=asked)
            flash(gettext("The row is in the plan: %(course)s", course=in_language(courses[new.course_id], "name")))
            return _there(plan_id)
        drafted = _draft(plan_id)
    return _row_page(form, drafted, courses.get(form.course.data), proposed=found, wish=wish)


def _row_page(
    form: RowForm,
    drafted: Draft,
    course: Course | None = None,
    row: DraftRow | None = None,
    *,
    proposed: Proposed | None = None,
    wish: Wish | None = None,
    checked: bool = False,
) -> ResponseReturnValue:
    """`checked`: what is typed was looked at only; it came from the form at another address."""
    status = 200 if checked else form.status
    uses = _uses(drafted, form, course, row)
    shown: dict[str, Any] = {"form": form, "draft": drafted, "row": row, "uses": uses, "proposed": proposed}
    shown["wish"] = wish
    shown["sections"] = slots.collect("plan_item.sections", caller, row.item) if row and not checked else []
    fragment = "uses" if checked else "edit"
    return render("plans/drafting/row.html", fragment=fragment, status=status, plan=drafted.plan, **shown)


def _uses(drafted: Draft, form: RowForm, course: Course | None, row: DraftRow | None = None) -> Any:
    """What would be used of the limits with the row as it is typed."""
    groups, cost = form.groups.data or 0, form.cost.data or 0
    hours = row.now.hours if row is not None else course.hours if course is not None else 0
    before = (row.now.all_hours, row.now.all_cost or 0) if row is not None else (0, 0)
    return drafted.uses(groups * hours - before[0], groups * cost - before[1])


@bp.post("/plans/<int:plan_id>/rows/check")
@require(Permission.PLAN_WRITE)
@reads_first
def check_row(plan_id: int) -> ResponseReturnValue:
    """What is left of the limits with the row as it is typed; changes nothing."""
    drafted = _draft(plan_id)
    row = next((one for one in drafted.rows if one.item.id == _id("row")), None)
    courses = _courses(_wish())
    form = RowForm.of(row) if row else NewRowForm().offered(courses.values(), queries.places(_scope(), drafted.plan))
    form.sent()
    return _row_page(form, drafted, courses.get(_id("course") or 0), row, checked=True)


@bp.route("/plans/<int:plan_id>/rows/<int:item_id>/edit", methods=["GET", "POST"])
@require(Permission.PLAN_WRITE)
def edit_row(plan_id: int, item_id: int) -> ResponseReturnValue:
    drafted = _draft(plan_id)
    row = queries.row_of(drafted, item_id)
    form = RowForm.of(row)
    if form.sent():
        with form.attempt():
            form.same_row(row)
            services.change_row(drafted.plan, row, form.details(), by=caller)
            flash(gettext("Changes saved."))
            return _there(plan_id)
        drafted = _draft(plan_id)
        row = queries.row_of(drafted, item_id)
    return _row_page(form, drafted, row=row)


@bp.post("/plans/<int:plan_id>/rows/<int:item_id>/drop")
@require(Permission.PLAN_WRITE)
def drop_row(plan_id: int, item_id: int) -> ResponseReturnValue:
    drafted = _draft(plan_id)
    services.drop_row(drafted.plan, queries.row_of(drafted, item_id), by=caller)
    flash(gettext("The row is dropped."))
    return _there(plan_id)


@bp.post("/plans/<int:plan_id>/rows/<int:item_id>/restore")
@require(Permission.PLAN_WRITE)
def restore_row(plan_id: int, item_id: int) -> ResponseReturnValue:
    drafted = _draft(plan_id)
    services.restore_row(drafted.plan, queries.row_of(drafted, item_id), by=caller)
    flash(gettext("The row is in the plan again."))
    return _there(plan_id)


@bp.post("/plans/<int:plan_id>/rows/<int:item_id>/up", defaults={"step": -1})
@bp.post("/plans/<int:plan_id>/rows/<int:item_id>/down", defaults={"step": 1})
@require(Permission.PLAN_WRITE)
def move_row(plan_id: int, item_id: int, step: int) -> ResponseReturnValue:
    drafted = _draft(plan_id)
    services.move_row(drafted, queries.row_of(drafted, item_id), step, by=caller)
    return _there(plan_id)
