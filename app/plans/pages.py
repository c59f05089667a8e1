"""The plan in the menu; where a row of it applies; what stands in which column of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask import request, url_for
from markupsafe import Markup

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.core import slots
from app.language import gettext, in_language, spoken
from app.lists.models import Columns
from app.plans.models import TrainingPlan
from app.plans.queries import ItemRow, OriginLink
from app.plans.snapshot import FrozenRow
from app.web.parts import NavItem

ASKED = ("course", "place", "asked")
"""What the way to a new row may say of it."""


def wanted() -> dict[str, Any]:
    """What an address, or the form it led to, says of the row somebody is on the way to."""
    return {name: request.values[name] for name in ASKED if request.values.get(name)}


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.PLAN_READ):
        yield NavItem(gettext("Training plan"), url_for("plans.show_plans"), "clipboard-list", 35)


def plan_name(plan: TrainingPlan, named: Callable[[Any, str], str] = in_language) -> str:
    """A plan by its year and, where it is a province's, by that; its province is loaded."""
    if plan.province is None:
        return named(plan, "name")
    return Markup("{} · {}").format(named(plan, "name"), named(plan.province, "name"))


def plan_spoken(plan: TrainingPlan) -> str:
    """The same as content of an element."""
    return plan_name(plan, spoken)


def place_of(row: ItemRow) -> str:
    place = row.item.organisation or row.item.province
    return in_language(place, "name") if place is not None else gettext("Whole programme")


def frozen_place(row: FrozenRow) -> str:
    return in_language(row, "place") if row.place_tr else gettext("Whole programme")


def origins_of(caller: Caller, item_ids: Sequence[int]) -> Mapping[int, Sequence[OriginLink]]:
    """What asked for each of these rows, as far as upper rooms know and the caller may see it."""
    found: dict[int, list[OriginLink]] = {}
    for each in slots.collect("plan.origins", caller, item_ids) if item_ids else ():
        found.setdefault(each.item_id, []).append(each)
    return found


def columns() -> Columns:
    return [
        (gettext("Code"), lambda row: row.code),
        (gettext("Course"), lambda row: in_language(row, "course")),
        (gettext("Place"), frozen_place),
        (gettext("Quarter"), lambda row: row.quarter),
        (gettext("Groups"), lambda row: row.planned),
        (gettext("Hours"), lambda row: row.all_hours),
        (gettext("Lira"), lambda row: row.all_cost),
        (gettext("Priority score"), lambda row: row.score),
        (gettext("Class"), lambda row: row.priority_class.label if row.priority_class else None),
        (gettext("People eligible"), lambda row: row.eligible),
        (gettext("Gap points"), lambda row: row.gap_points),
        (gettext("Value"), lambda row: None if row.value is None else round(row.value, 2)),
        (gettext("Origin"), lambda row: row.origin_label),
        (gettext("Where it comes from"), lambda row: row.origin_text),
        (gettext("Reason"), lambda row: row.reason),
    ]


def seen(scope: Scope, row: FrozenRow) -> bool:
    """Whether somebody sees this row of a plan they may read, as `queries.items` has it of the version in force."""
    if scope.everything or (row.province_id is None and row.organisation_id is None):
        return True
    return row.province_id in scope.audience_provinces | scope.provinces or row.organisation_id in scope.organisations
