"""The steps of a plan: each is somebody's decision on what stands in it at that moment."""

from __future__ import annotations

from collections.abc import Sequence

from app.access.caller import Caller
from app.audit import journal
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused, Stale
from app.language import in_language, lazy_gettext
from app.plans.drafting.models import DraftRow
from app.plans.events import PlanMoved
from app.plans.models import PlanChange, PlanStatus, PlanVersion, TrainingPlan

S = PlanStatus


def _move(plan: TrainingPlan, status: PlanStatus, *, by: Caller, reason: str = "") -> None:
    """Two who decide at once take turns: the second finds it done. What is decided are the rows that were loaded."""
    loaded = plan.version
    db.session.refresh(plan, ["status", "edition", "submitted_by", "version"], with_for_update=True)
    if plan.version != loaded:
        raise Stale(lazy_gettext("Somebody else changed this plan just now. Look at it again."))
    plan.status = plan.status.to(status)
    if status is S.DRAFT:
        plan.edition += 1
    db.session.add(PlanChange(plan_id=plan.id, edition=plan.edition, status=status, reason=reason, changed_by=by.id))
    journal.record(PlanMoved(plan.id, status.value, plan.edition), by=by)


def submit(plan: TrainingPlan, rows: Sequence[DraftRow], reason: str, *, by: Caller) -> None:
    """`reason`: what changed and why; asked of every version but the first."""
    _move(plan, S.SUBMITTED, by=by, reason=reason)
    if not any(row.now.planned for row in rows):
        raise Refused(lazy_gettext("The plan has no rows yet. Add some first."))
    if plan.edition > 1 and not reason:
        raise Refused(lazy_gettext("Say what changed and why."), field="reason")
    retired = [row for row in rows if row.retired and row.now.planned > (row.item.groups if row.item.approved else 0)]
    if retired:
        names = ", ".join(in_language(row.item.course, "name") for row in retired)
        raise Refused(lazy_gettext("These courses are not given any more, drop their rows: %(names)s", names=names))
    plan.reason, plan.submitted_by, plan.submitted_at = reason, by.id, now()


def _decide(plan: TrainingPlan, status: PlanStatus, *, by: Caller, reason: str = "") -> None:
    """Nobody decides what they submitted."""
    _move(plan, status, by=by, reason=reason)
    if plan.submitted_by == by.id:
        raise Refused(lazy_gettext("You submitted this plan: somebody else decides it."))


def return_plan(plan: TrainingPlan, remarks: str, *, by: Caller) -> None:
    _decide(plan, S.RETURNED, by=by, reason=remarks)


def approve(plan: TrainingPlan, rows: Sequence[DraftRow], *, by: Caller) -> PlanVersion:
    """It is in force from now on: what was pending holds, and the version is kept as it is."""
    _decide(plan, S.APPROVED, by=by)
    plan.approved_at = now()
    made = PlanVersion(
        plan_id=plan.id,
        edition=plan.edition,
        approved_at=plan.approved_at,
        approved_by=by.id,
        submitted_by=plan.submitted_by,
        reason=plan.reason,
        limit_hours=plan.limit_hours,
        limit_cost=plan.limit_cost,
        rows=[row.now.written() for row in rows],
    )
    for row in rows:
        _put_in_force(row)
    db.session.add(made)
    return made


def _put_in_force(row: DraftRow) -> None:
    """A dropped row stays, without groups, for the sessions that were opened from it."""
    item = row.item
    for name, value in item.pending.items():
        setattr(item, name, value)
    item.pending, item.approved = {}, True
    if item.dropped:
        item.groups = 0


def revise(plan: TrainingPlan, *, by: Caller) -> None:
    """Draft the next version; the one in force counts until that is approved."""
    _move(plan, S.DRAFT, by=by)
    plan.reason, plan.submitted_by, plan.submitted_at = "", None, None
