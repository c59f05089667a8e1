"""The yearly plan as it was approved, and what was opened from it."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from app.access.caller import Caller
from app.access.current import caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.core import slots
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.plans import queries
from app.plans.models import Origin, PlanItem, TrainingPlan
from app.plans.pages import origins_of, place_of, plan_name
from app.plans.queries import Asked, ItemRow, Plans, Sessions
from app.web.door import require, traced
from app.web.render import done, render

bp = Blueprint("plans", __name__)
SHOWN = 8
"""Sessions of a row that are named on the page; a file names all."""


def _plans() -> Plans:
    writing = caller.scope_for(Permission.PLAN_WRITE) if caller.may(Permission.PLAN_WRITE) else None
    return queries.plans(caller.scope_for(Permission.PLAN_READ), writing)


@bp.get("/plans")
@require(Permission.PLAN_READ)
@traced(Exported)
def show_plans() -> ResponseReturnValue:
    """The plan that is in force."""
    return _plan_page(None)


@bp.get("/plans/work")
@require(Permission.PLAN_WRITE)
def show_work() -> ResponseReturnValue:
    """Plans that are drafted, returned, or wait for a decision."""
    return render("plans/work.html", plans=_plans().in_work)


@bp.get("/plans/<int:plan_id>")
@require(Permission.PLAN_READ)
@traced(Exported)
def show_plan(plan_id: int) -> ResponseReturnValue:
    return _plan_page(plan_id)


def _plan_page(plan_id: int | None) -> ResponseReturnValue:
    known = _plans()
    if any(plan.id == plan_id and not plan.in_force for plan in known.in_work):
        return done(url_for("drafting.show_draft", plan_id=plan_id))
    plan = known.of(plan_id)
    if plan is None:
        return render("plans/none.html", in_work=known.in_work, may_draft=caller.may(Permission.PLAN_WRITE))
    scope = caller.scope_for(Permission.PLAN_READ)
    listing = lists.asked(ITEMS)
    if listing.format:
        return lists.file(ITEMS, listing, by=caller, whole=plan.id)
    totals, opened = queries.totals(scope, plan, listing.query, _sessions(caller, SHOWN))
    listing.page = queries.items(scope, plan, listing.query, opened, total=totals.rows).page()
    shown = {"plan": plan, "plans": known.in_force, "in_work": known.in_work, "totals": totals, **_choices(plan)}
    shown["asked_by"] = origins_of(caller, [row.item.id for row in listing.page.rows])
    return render("plans/plan.html", fragment="list", listing=listing, **shown)


def _sessions(by: Caller, most: int | None) -> Sessions:
    return lambda item_ids: slots.collect("plan.sessions", by, Asked(item_ids, most))


def _choices(plan: TrainingPlan) -> dict[str, Any]:
    provinces, themes = queries.choices(caller.scope_for(Permission.PLAN_READ), plan)
    return {
        "provinces": provinces,
        "themes": themes,
        "origins": list(Origin),
        "may_open": partial(_may_open, caller.scope_for(Permission.SESSION_WRITE)),
        "may_draft": caller.may(Permission.PLAN_WRITE),
        "runs": caller.may(Permission.PLAN_WRITE)
        and caller.scope_for(Permission.PLAN_WRITE).covers_province(plan.province_id),
    }


def _may_open(scope: Scope, item: PlanItem) -> bool:
    """Whether sessions are run by this scope where this row applies, and its course is given."""
    return item.course.active and scope.covers_province(item.province_id)


class Known(NamedTuple):
    """A plan, and how its reader learns what upper rooms opened from its rows."""

    plan: TrainingPlan
    sessions: Sessions


def _known(by: Caller, plan_id: int) -> Known:
    plan = queries.plans(by.scope_for(Permission.PLAN_READ)).of(plan_id)
    if plan is None:
        raise Missing
    return Known(plan, _sessions(by, None))


def _items(scope: Scope, query: ListQuery, known: Known) -> Rows[ItemRow]:
    totals, opened = queries.totals(scope, known.plan, query, known.sessions)
    return queries.items(scope, known.plan, query, opened, total=totals.rows)


def _columns(_: Known) -> Columns:
    return [
        (gettext("Place"), place_of),
        (gettext("Quarter"), lambda row: row.item.quarter),
        (gettext("Code"), lambda row: row.item.course.code),
        (gettext("Course"), lambda row: in_language(row.item.course, "name")),
        (gettext("Planned groups"), lambda row: row.item.groups),
        (gettext("Opened groups"), lambda row: row.opened.done),
        (gettext("Delivered groups"), lambda row: row.delivered.done),
        (gettext("Groups beyond the plan"), lambda row: row.opened.surplus),
        (gettext("Sessions"), lambda row: ", ".join(f"{s.code} ({s.status.label})" for s in row.groups.sessions)),
        (gettext("Priority score"), lambda row: row.item.score),
        (gettext("Class"), lambda row: row.priority_class.label if row.priority_class else None),
        (gettext("People eligible"), lambda row: row.item.eligible),
        (gettext("Gap points"), lambda row: row.item.gap_points),
        (gettext("Value"), lambda row: None if row.value is None else round(row.value, 2)),
        (gettext("Origin"), lambda row: row.item.origin.label),
        (gettext("Where it comes from"), lambda row: row.item.origin_text),
        (gettext("Reason"), lambda row: row.item.reason),
    ]


ITEMS = ListOf(
    name="plan",
    access=Permission.PLAN_READ,
    title=lambda known: plan_name(known.plan),
    columns=_columns,
    rows=_items,
    sorts=queries.ITEM_SORTS,
    filters=("province", "quarter", "origin", "theme"),
    of=_known,
)
