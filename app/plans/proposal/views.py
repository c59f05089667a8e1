"""The proposal for a plan."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.errors import Missing
from app.needs.results.queries import competency_with_courses
from app.plans.drafting import queries as drafting
from app.plans.drafting.models import Place
from app.plans.figures import queries
from app.plans.proposal.rules import PROPOSAL_SORTS, ordered
from app.web.door import require
from app.web.listing import Listing
from app.web.render import render

bp = Blueprint("proposal", __name__)
FILTERS = ("province", "organisation", "round")


@bp.get("/plans/<int:plan_id>/proposal")
@require(Permission.PLAN_WRITE)
def show_proposal(plan_id: int) -> ResponseReturnValue:
    """Courses by what the needs of the plan's people say for them; which is picked, and why, the coordinator says."""
    draft = drafting.draft(caller.scope_for(Permission.PLAN_WRITE), plan_id)
    listing = Listing.read(PROPOSAL_SORTS, filters=FILTERS, descending=True)
    query, province_id = listing.query, draft.plan.province_id
    if province_id is not None and query.filter_id("province") not in (None, province_id):
        raise Missing
    where = Place(province_id or query.filter_id("province"), query.filter_id("organisation"))
    scope = caller.scope_for(Permission.NEED_READ)
    chosen = queries.selected(scope, where.province_id, where.organisation_id, round_id=query.filter_id("round"))
    found = queries.proposals(chosen) if chosen is not None else []
    if chosen is not None:
        where = Place(chosen.province_id or None, chosen.organisation.id if chosen.organisation else None)
    rows = ordered(queries.with_planned(found, draft.planned(where)), query.sort, descending=query.descending)
    shown: dict[str, Any] = {
        "plan": draft.plan,
        "uses": draft.uses(),
        "place": drafting.key_of(where),
        "selection": chosen,
    }
    return render("plans/proposal/proposal.html", fragment="list", listing=listing, rows=rows, **shown)


@bp.get("/plans/eligible/<int:competency_id>")
@require(Permission.PLAN_WRITE)
def show_eligible(competency_id: int) -> ResponseReturnValue:
    """Of each course that builds a competency: whom it is meant for, of those in need in a group, and their groups."""
    competency, courses = competency_with_courses(competency_id)
    query = Listing.read(filters=FILTERS).query
    where = query.filter_id("province"), query.filter_id("organisation")
    chosen = queries.selected(caller.scope_for(Permission.NEED_READ), *where, round_id=query.filter_id("round"))
    found = queries.proposals(chosen, [course.id for course in courses]) if chosen is not None else []
    shown: dict[str, Any] = {"competency": competency, "rows": found, "selection": chosen}
    return render("plans/proposal/eligible.html", fragment="eligible", **shown)
