"""What people need to learn: the ranking of a group, groups side by side, and one competency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.audit import journal
from app.catalogue.models import Competency
from app.core import slots
from app.core.errors import Missing
from app.core.paging import ListQuery, Page, Rows
from app.language import format_number, gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import ListOf
from app.needs.events import RatingsViewed, TeamResultViewed
from app.needs.groups.models import Selection
from app.needs.groups.queries import select_group
from app.needs.models import PriorityClass
from app.needs.results import pages, queries, rules
from app.needs.results.models import PersonNeed
from app.people.models import Sex, TitleLevel
from app.people.queries import own_employee
from app.web.door import require, signed_in, traced
from app.web.listing import Listing
from app.web.parts import Section
from app.web.render import render

bp = Blueprint("results", __name__)
FILTERS = ("round", "province", "organisation", "unit", "title", "sex", "theme", "class", "kind", "columns")


@bp.get("/needs")
@require(Permission.NEED_READ)
@traced(Exported)
def show_needs() -> ResponseReturnValue:
    listing = Listing.read(rules.RESULT_SORTS, descending=True, filters=FILTERS)
    selection = select_group(caller.scope_for(Permission.NEED_READ), listing.query)
    if selection is None:
        return _before_any_round()
    if request.args.get("view") == "matrix":
        return _heat_map(selection, listing)
    result = queries.ranking(selection, listing.query)
    if listing.format:
        columns = pages.result_columns(selection)
        return lists.file_of("needs", listing, gettext("Training needs"), columns, result.rows, by=caller)
    shown = {"result": result, "crosswise": False, "by_title": False, **_around(selection)}
    return render("needs/results/results.html", fragment="list", listing=listing, selection=selection, **shown)


def _heat_map(selection: Selection, listing: Listing) -> ResponseReturnValue:
    titles, themes = request.args.get("rows") == "title", listing.filter("columns") == "theme"
    result, heat = queries.heat_map(selection, listing.query, titles=titles, themes=themes)
    if listing.format:
        columns = pages.heat_columns(selection, heat)
        return lists.file_of("needs", listing, gettext("Training needs"), columns, heat.rows, by=caller)
    shown = {
        "result": result,
        "heat": heat,
        "taken_part": queries.participation(selection),
        "crosswise": True,
        "by_title": heat.of == "title",
        "short": pages.short_classes(),
        "written": cache(format_number),  # thousands of cells, hundreds of numbers
        "pattern": pages.pattern(heat),
        **_around(selection),
    }
    return render("needs/results/results.html", fragment="list", listing=listing, selection=selection, **shown)


def _before_any_round(competency: Competency | None = None, sections: Sequence[Section] = ()) -> ResponseReturnValue:
    return render("needs/results/none.html", competency=competency, sections=sections)


def _around(selection: Selection) -> dict[str, Any]:
    """What both pages of the room need beside their figures."""
    group = selection.group_filters | ({"round": str(selection.round.id)} if "round" in request.args else {})
    return {
        "classes": list(PriorityClass),
        "kinds": sorted({one.kind for one in selection.organisations}),
        "title_groups": list(TitleLevel),
        "sexes": list(Sex),
        "group": group,
        "of_group": group,
        "may_import": caller.may(Permission.NEED_IMPORT),
        "may_plan": caller.may(Permission.SESSION_WRITE),
        "session_url": partial(_session_url, selection),
        "may_draft": caller.may(Permission.PLAN_WRITE),
        "plan_url": partial(_plan_url, selection),
        "eligible_url": partial(_eligible_url, selection),
    }


def _session_url(selection: Selection, course_id: int, competency_id: int) -> str:
    """A new course session with the need filled in."""
    return url_for(
        "planning.make_session",
        course=course_id,
        province=selection.province_id or None,
        organisation=selection.organisation.id if selection.organisation else None,
        competency=competency_id,
    )


def _plan_url(selection: Selection, course_id: int) -> str:
    """A row of a plan for a course, for the chosen group."""
    if selection.organisation is not None:
        place = f"o{selection.organisation.id}"
    else:
        place = f"p{selection.province_id}" if selection.province_id else "all"
    return url_for("drafting.choose_plan", course=course_id, place=place)


def _eligible_url(selection: Selection, competency_id: int) -> str:
    kept = ("province", "organisation")
    group: dict[str, Any] = {name: key for name, key in selection.group_filters.items() if name in kept}
    return url_for("proposal.show_eligible", competency_id=competency_id, round=selection.round.id, **group)


@bp.get("/me/needs")
@signed_in
def show_own() -> ResponseReturnValue:
    return render("needs/results/own.html", person=None, **pages.result_of(own_employee(caller.id), caller))


@bp.get("/needs/team/results")
@signed_in
def show_team_results() -> ResponseReturnValue:
    return render("needs/results/team.html", team=queries.results_of_team(caller.id))


@bp.get("/needs/team/results/<int:respondent_id>")
@signed_in
@traced(TeamResultViewed)
def show_team_result(respondent_id: int) -> ResponseReturnValue:
    found = queries.result_of_member(caller.id, respondent_id)
    journal.trace(TeamResultViewed(found.employee.id, found.round.id), by=caller, required=True)
    return render("needs/results/own.html", person=found.employee, **pages.result_of(found.employee, caller))


@bp.get("/needs/<int:competency_id>")
@require(Permission.NEED_READ)
@traced(RatingsViewed, Exported)
def show_competency(competency_id: int) -> ResponseReturnValue:
    competency, courses = queries.competency_with_courses(competency_id)
    listing = lists.asked(PEOPLE)
    selection = select_group(caller.scope_for(Permission.NEED_READ), listing.query)
    if selection is None:
        # what asked for it without an analysis is there all the same
        return _before_any_round(competency, slots.collect("competency.sections", caller, competency))
    if listing.format:
        return lists.file(PEOPLE, listing, by=caller, whole=competency_id)
    listing.query = replace(listing.query, filters=selection.group_filters)
    parts = queries.parts(selection, competency_id)
    listing.page = _people(listing, selection, competency_id, parts.needs) if selection.lists_people else None
    shown = {"competency": competency, "courses": courses, "parts": parts, **_around(selection)}
    shown["sections"] = slots.collect("competency.sections", caller, competency)
    return render("needs/results/competency.html", fragment="list", listing=listing, selection=selection, **shown)


@bp.get("/needs/<int:competency_id>/ratings")
@require(Permission.NEED_READ)
def show_ratings(competency_id: int) -> ResponseReturnValue:
    """How a competency was rated, by whom, and from round to round; what can be done about it."""
    competency, courses = queries.competency_with_courses(competency_id)
    listing = Listing.read(filters=FILTERS)
    selection = select_group(caller.scope_for(Permission.NEED_READ), listing.query)
    if selection is None:
        return _before_any_round()
    selection = replace(selection, title=None)
    offers = {one.course_id: one for one in slots.collect("courses.offers", caller, {course.id for course in courses})}
    shown = {
        "competency": competency,
        "courses": [(course, offers.get(course.id)) for course in courses],
        "trend": queries.trend(selection, competency_id),
        "spread": queries.spread(selection, competency_id),
        **_around(selection),
    }
    return render("needs/results/ratings.html", selection=selection, **shown)


def _people(listing: Listing, selection: Selection, competency_id: int, total: int) -> Page[PersonNeed]:
    """A page of the names, which leaves a trace."""
    found = queries.people_in_need(
        selection.scope, selection.round.id, competency_id, listing.query, total=total
    ).page()
    journal.trace(RatingsViewed(selection.round.id, competency_id, len(found.rows)), by=caller, required=True)
    return found


def _in_need(scope: Scope, query: ListQuery, competency: Competency) -> Rows[PersonNeed]:
    selection = select_group(scope, query)
    if selection is None or not selection.lists_people:
        raise Missing
    narrowed = replace(query, filters=selection.group_filters)
    return queries.people_in_need(selection.scope, selection.round.id, competency.id, narrowed)


PEOPLE = ListOf(
    name="needs_people",
    access=Permission.NEED_READ,
    title=lambda competency: gettext("Training needs: %(name)s", name=in_language(competency, "name")),
    columns=lambda _: pages.people_columns(),
    rows=_in_need,
    sorts=queries.PEOPLE_SORTS,
    descending=True,
    filters=FILTERS,
    of=lambda _, competency_id: queries.competency_with_courses(competency_id)[0],
)
