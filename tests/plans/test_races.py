"""Two at once: one decision, and none on rows that were not seen."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.plans.deciding import services as deciding
from app.plans.drafting import queries, services
from app.plans.drafting.models import Details
from app.plans.models import PlanChange, PlanStatus, PlanVersion
from tests.cast import By
from tests.conftest import Stage
from tests.enrolment.stage import race
from tests.plans.stage import add, begun, decide, needs, plan_now, row_now


def test_two_approve_at_once(stage: Stage) -> None:
    needs()
    plan_id = begun(stage.coordinator)
    add(stage.coordinator, plan_id)
    decide(stage.coordinator, plan_id, "submit")
    administrator = stage.cast.users["admin"]

    def approve() -> None:
        draft = queries.draft(EVERYWHERE, plan_id)
        deciding.approve(draft.plan, draft.rows, by=By(administrator))  # type: ignore[arg-type]  # somebody

    assert race(stage.app, approve, approve, approve) == []
    assert db.session.scalar(sa.select(sa.func.count(PlanVersion.id))) == 1
    approved = sa.select(sa.func.count(PlanChange.id)).where(PlanChange.status == PlanStatus.APPROVED)
    assert db.session.scalar(approved) == 1


def test_a_row_changes_while_its_plan_is_submitted(stage: Stage) -> None:
    """Either it changed before, and whoever submits looks again; or it was submitted, and nothing changes."""
    needs()
    plan_id = begun(stage.coordinator)
    item_id = add(stage.coordinator, plan_id)
    somebody = By(stage.cast.users["coordinator"])

    def submit() -> None:
        draft = queries.draft(EVERYWHERE, plan_id)
        deciding.submit(draft.plan, draft.rows, "", by=somebody)  # type: ignore[arg-type]  # somebody

    def change() -> None:
        draft = queries.draft(EVERYWHERE, plan_id)
        details = Details(7, 1, None, "", "Daha çok kişi")
        services.change_row(draft.plan, queries.row_of(draft, item_id), details, by=somebody)  # type: ignore[arg-type]  # somebody

    assert race(stage.app, submit, change) == []
    if plan_now(plan_id).status is PlanStatus.SUBMITTED and row_now(item_id).groups == 7:
        steps = db.session.scalars(sa.select(PlanChange.status).order_by(PlanChange.id)).all()
        assert steps[-1] is PlanStatus.SUBMITTED, "one after the other, each with what stood there"
