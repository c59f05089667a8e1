"""What becomes of a draft: every change is made under the lock of its plan, and only while it may be changed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from app.access.caller import Caller
from app.access.scope import Scope
from app.audit import journal
from app.catalogue.models import Course
from app.core import slots
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Refused, Stale
from app.language import lazy_gettext
from app.plans.drafting.models import Details, Draft, DraftRow, Limits, NewRow, Place
from app.plans.events import PlanChanged, PlanDeleted, PlanDrafted, PlanRowAdded, PlanRowChanged, PlanRowRemoved
from app.plans.figures.models import Frozen
from app.plans.models import Origin, PlanChange, PlanItem, PlanStatus, TrainingPlan
from app.plans.queries import Asked
from app.plans.snapshot import FrozenRow

YEARS_AHEAD = 5


def create_plan(year: int, province_id: int | None, limits: Limits, *, scope: Scope, by: Caller) -> TrainingPlan:
    """The draft of a province's plan, or of the programme's; there is one of each a year."""
    if not scope.covers_province(province_id):
        raise Refused(lazy_gettext("This choice is not available."), field="province")
    if not today().year - 1 <= year <= today().year + YEARS_AHEAD:
        raise Refused(lazy_gettext("Choose a year from last year on, at most five years ahead."), field="year")
    same = TrainingPlan.province_id == province_id if province_id else TrainingPlan.province_id.is_(None)
    if db.session.scalar(sa.select(TrainingPlan.id).where(TrainingPlan.year == year, same)) is not None:
        raise Refused(lazy_gettext("There is a plan for this year already. Open that one."), field="year")
    made = TrainingPlan(
        year=year,
        province_id=province_id,
        name_tr=f"{year} yılı eğitim planı",
        name_en=f"Training plan {year}",
        limit_hours=limits.hours,
        limit_cost=limits.cost,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(PlanChange(plan_id=made.id, edition=1, status=PlanStatus.DRAFT, changed_by=by.id))
    journal.record(PlanDrafted(made.id), by=by)
    return made


def hold(plan: TrainingPlan) -> None:
    """Lock a plan whose rows are about to change; whatever changes in it, its version counts it."""
    db.session.refresh(plan, ["status", "edition", "version"], with_for_update=True)
    if not plan.editable:
        now = plan.status.label
        raise Stale(lazy_gettext("The state of this plan is “%(now)s” by now: its rows cannot be changed.", now=now))
    flag_modified(plan, "edition")


def change_limits(plan: TrainingPlan, limits: Limits, *, by: Caller) -> None:
    hold(plan)
    changed = set_changed(plan, {"limit_hours": limits.hours, "limit_cost": limits.cost})
    if changed:
        journal.record(PlanChanged(plan.id, changed), by=by)


def add_row(
    plan: TrainingPlan, course: Course, new: NewRow, frozen: Frozen, *, by: Caller, asked: str = ""
) -> PlanItem:
    """A row at the end, with the figures of the moment. The place was chosen among those the plan may be for.

    `asked`: the key of a wish the caller may see; whoever keeps it listens.
    """
    hold(plan)
    _check(new.origin, new.details)
    if not course.active:
        raise Refused(lazy_gettext("This course is not given any more. Choose another."), field="course")
    _only_once(plan, course.id, new.place, new.details.quarter)
    made = PlanItem(
        plan_id=plan.id,
        course_id=course.id,
        province_id=new.place.province_id,
        organisation_id=new.place.organisation_id,
        position=1 + (db.session.scalar(sa.select(sa.func.max(PlanItem.position)).where(_of(plan))) or 0),
        hours=course.hours,
        origin=new.origin,
        **new.details.values(),
        **frozen.__dict__,
    )
    db.session.add(made)
    db.session.flush()
    journal.record(PlanRowAdded(plan.id, made.id, asked), by=by)
    return made


def _of(plan: TrainingPlan) -> sa.ColumnElement[bool]:
    return PlanItem.plan_id == plan.id


def _check(origin: Origin, details: Details) -> None:
    if origin is not Origin.NEEDS and not details.origin_text:
        raise Refused(lazy_gettext("Say in a few words which one it is."), field="origin_text")
    if not details.reason:
        raise Refused(lazy_gettext("Please give a reason."), field="reason")


def _only_once(plan: TrainingPlan, course_id: int, place: Place, quarter: int, besides: int = 0) -> None:
    rows = db.session.scalars(
        sa.select(PlanItem).where(_of(plan), PlanItem.course_id == course_id, PlanItem.id != besides)
    )
    for row in rows:
        there = (row.province_id, row.organisation_id) == (place.province_id, place.organisation_id)
        quarters, dropped = row.pending.get("quarter", row.quarter), row.pending.get("dropped", row.dropped)
        if there and quarters == quarter and not dropped:
            raise Refused(
                lazy_gettext("The plan has a row of this course there in this quarter. Change its groups instead."),
                field="quarter",
            )


def change_row(plan: TrainingPlan, row: DraftRow, details: Details, *, by: Caller) -> None:
    """What is in force stays as it is until the revision is approved."""
    hold(plan)
    item = row.item
    _check(item.origin, details)
    _only_once(plan, item.course_id, Place(item.province_id, item.organisation_id), details.quarter, item.id)
    _set(plan, row.item, row.now, details.values(), by=by)


def drop_row(plan: TrainingPlan, row: DraftRow, *, by: Caller) -> None:
    """A row some version had stays, without groups; another one is gone."""
    hold(plan)
    if row.item.approved:
        _set(plan, row.item, row.now, {"dropped": True}, by=by)
        return
    (opened,) = slots.collect("plan.sessions", by, Asked([row.item.id], 1)) or [None]
    if opened is not None and opened.seen:
        raise Refused(lazy_gettext("Course sessions were made from this row. Give them another row first."))
    journal.record(PlanRowRemoved(plan.id, row.item.id), by=by)
    db.session.delete(row.item)


def restore_row(plan: TrainingPlan, row: DraftRow, *, by: Caller) -> None:
    """Take a row in again that was dropped, now or in an earlier version."""
    hold(plan)
    item = row.item
    _only_once(plan, item.course_id, Place(item.province_id, item.organisation_id), row.now.quarter, item.id)
    _set(plan, item, row.now, {"dropped": False}, by=by)


def _set(plan: TrainingPlan, item: PlanItem, now: FrozenRow, values: dict[str, Any], *, by: Caller) -> None:
    changed = tuple(name for name, value in values.items() if getattr(now, name) != value)
    if not item.approved:
        set_changed(item, values)
    else:
        wanted = item.pending | values
        item.pending = {name: value for name, value in wanted.items() if getattr(item, name) != value}
    if changed:
        journal.record(PlanRowChanged(plan.id, item.id, changed), by=by)


def move_row(drafted: Draft, row: DraftRow, step: int, *, by: Caller) -> None:
    """One place up (−1) or down (1); where there is none it stays."""
    plan, items = drafted.plan, [one.item for one in drafted.rows]
    hold(plan)
    at = items.index(row.item)
    other = at + step
    if not 0 <= other < len(items):
        return
    items[at], items[other] = items[other], items[at]
    for place, item in enumerate(items, 1):
        if item.position != place:
            item.position = place
    journal.record(PlanChanged(plan.id, ("position",)), by=by)


def delete_plan(plan: TrainingPlan, rows: list[DraftRow], *, by: Caller) -> None:
    """A draft of which no version was ever approved."""
    hold(plan)
    if plan.in_force:
        raise Refused(lazy_gettext("A version of this plan was approved: it cannot be deleted."))
    for row in rows:
        drop_row(plan, row, by=by)
    db.session.execute(sa.delete(PlanChange).where(PlanChange.plan_id == plan.id))
    journal.record(PlanDeleted(plan.id), by=by)
    db.session.flush()
    db.session.delete(plan)
