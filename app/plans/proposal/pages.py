"""What the room shows on the pages of others."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.needs.groups.models import Selection
from app.plans.figures import queries
from app.plans.figures.models import Planning


def planning(caller: Caller, asked: tuple[Selection, Collection[int]]) -> Iterator[Planning]:
    """For whoever drafts plans: what each of these courses would take for the chosen group, and the way into a plan."""
    selection, course_ids = asked
    if not caller.may(Permission.PLAN_WRITE) or not course_ids or selection.unit is not None:
        return
    place = f"o{selection.organisation.id}" if selection.organisation else f"p{selection.province_id}"
    if not selection.organisation and not selection.province_id:
        place = "all"
    for found in queries.proposals(selection, course_ids):
        groups = None if found.eligible is None else found.groups
        url = url_for("drafting.choose_plan", course=found.course.id, place=place)
        yield Planning(found.course.id, found.eligible, groups, url)
