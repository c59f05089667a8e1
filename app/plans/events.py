from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext
from app.plans.models import PlanStatus


class PlanDrafted(Event):
    name = "plan.drafted"
    said = lazy_pgettext("event", "Training plan begun")
    words = {"plan_id": lazy_pgettext("fact", "Training plan")}
    plan_id: int


class PlanChanged(Event):
    """Its limits or the order of its rows."""

    name = "plan.changed"
    said = lazy_pgettext("event", "Training plan changed")
    words = {
        "limit_hours": lazy_pgettext("fact", "Limit in hours"),
        "limit_cost": lazy_pgettext("fact", "Limit in lira"),
    }
    plan_id: int
    fields: tuple[str, ...]


class PlanRowAdded(Event):
    """`asked`: what asked for it (`drafting.models.Wish.key`), or nothing."""

    name = "plan.row_added"
    said = lazy_pgettext("event", "Row added to a training plan")
    words = {"asked": lazy_pgettext("fact", "Asked for by")}
    plan_id: int
    plan_item_id: int
    asked: str = ""


class PlanRowChanged(Event):
    """Also dropped, and taken in again."""

    name = "plan.row_changed"
    said = lazy_pgettext("event", "Row of a training plan changed")
    words = {
        "groups": lazy_pgettext("fact", "Groups"),
        "quarter": lazy_pgettext("fact", "Quarter"),
        "cost": lazy_pgettext("fact", "Cost of a group"),
        "origin_text": lazy_pgettext("fact", "Where it comes from"),
    }
    plan_id: int
    plan_item_id: int
    fields: tuple[str, ...]


class PlanRowRemoved(Event):
    """Of a row that no version ever had."""

    name = "plan.row_removed"
    said = lazy_pgettext("event", "Row removed from a training plan")
    plan_id: int
    plan_item_id: int


class PlanDeleted(Event):
    name = "plan.deleted"
    said = lazy_pgettext("event", "Draft of a training plan deleted")
    plan_id: int


class PlanMoved(Event):
    """It was submitted, returned, approved, or is being revised."""

    name = "plan.moved"
    said = lazy_pgettext("event", "Training plan submitted, returned, approved or revised")
    words = {"edition": lazy_pgettext("fact", "Version")}
    values = {"status": PlanStatus}
    plan_id: int
    status: str
    edition: int
