"""The yearly plan as it was approved, and what was opened from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.events import Exported
from app.access.permissions import Permission
from app.audit import journal
from app.core import slots
from app.language import gettext, in_language
from app.plans import queries
from app.plans.models import Origin, PlanItem, PlanStatus, TrainingPlan
from app.plans.pages import place_of
from app.plans.queries import ItemRow, PlannedSession
from app.web.door import require, traced
from app.web.listing import Listing, export
from app.web.render import render

bp = Blueprint("plans", __name__)
FILTERS = ("province", "quarter", "origin", "theme")


@bp.get("/plans")
@require(Permission.PLAN_READ)
@traced(Exported)
def show_plans() -> ResponseReturnValue:
    """The plan that is in force."""
    return _plan_page(None)


@bp.get("/plans/<int:plan_id>")
@require(Permission.PLAN_READ)
@traced(Exported)
def show_plan(plan_id: int) -> ResponseReturnValue:
    return _plan_page(plan_id)


def _plan_page(plan_id: int | None) -> ResponseReturnValue:
    known = queries.plans()
    plan = queries.plan_of(known, plan_id)
    if plan is None:
        return render("plans/none.html")
    scope = caller.scope_for(Permission.PLAN_READ)
    listing = Listing.read(queries.ITEM_SORTS, default="place", filters=FILTERS)
    totals, opened = queries.totals(scope, plan, listing.query, _sessions)
    if listing.format:
        return _file(listing, plan, queries.all_items(scope, plan, listing.query, opened))
    listing.page = queries.items(scope, plan, listing.query, opened, total=totals.rows)
    shown = {"plan": plan, "plans": known, "totals": totals, **_choices(plan)}
    return render("plans/plan.html", fragment="list", listing=listing, **shown)


def _choices(plan: TrainingPlan) -> dict[str, Any]:
    provinces, themes = queries.choices(caller.scope_for(Permission.PLAN_READ), plan)
    return {
        "provinces": provinces,
        "themes": themes,
        "origins": list(Origin),
        "may_open": lambda item: plan.status is PlanStatus.APPROVED and _may_open(item),
    }


def _sessions(item_ids: Sequence[int]) -> list[PlannedSession]:
    """What an upper room knows was opened from these rows."""
    return slots.collect("plan.sessions", caller, item_ids)


def _may_open(item: PlanItem) -> bool:
    """Whether the caller runs sessions where this row applies."""
    scope = caller.scope_for(Permission.SESSION_WRITE)
    return scope.everything or item.province_id in scope.provinces


def _file(listing: Listing, plan: TrainingPlan, rows: Sequence[ItemRow]) -> ResponseReturnValue:
    journal.trace(Exported("plan", listing.format, len(rows)), by=caller, required=True)
    return export(listing.format, in_language(plan, "name"), _columns(), rows)


def _columns() -> list[tuple[str, Any]]:
    return [
        (gettext("Place"), place_of),
        (gettext("Quarter"), lambda row: row.item.quarter),
        (gettext("Code"), lambda row: row.item.course.code),
        (gettext("Course"), lambda row: in_language(row.item.course, "name")),
        (gettext("Planned groups"), lambda row: row.item.groups),
        (gettext("Opened groups"), lambda row: row.opened.done),
        (gettext("Delivered groups"), lambda row: row.delivered.done),
        (gettext("Groups beyond the plan"), lambda row: row.opened.surplus),
        (gettext("Sessions"), lambda row: ", ".join(f"{s.code} ({s.status.label})" for s in row.shown)),
        (gettext("Priority score"), lambda row: row.item.score),
        (gettext("Class"), lambda row: row.priority_class.label if row.priority_class else None),
        (gettext("People eligible"), lambda row: row.item.eligible),
        (gettext("Gap points"), lambda row: row.item.gap_points),
        (gettext("Value"), lambda row: None if row.value is None else round(row.value, 2)),
        (gettext("Origin"), lambda row: row.item.origin.label),
        (gettext("Where it comes from"), lambda row: row.item.origin_text),
        (gettext("Reason"), lambda row: row.item.reason),
    ]
