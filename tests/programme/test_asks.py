"""From what asks for a competency to a row of a plan, and back."""

from __future__ import annotations

from app.plans.models import Origin
from tests.conftest import Stage
from tests.plans.stage import add, begun, needs, row_now


def test_nobody_adds_a_row_for_what_is_not_there(stage: Stage) -> None:
    plan_id = begun(stage.coordinator)
    for key in ("finding-99", "finding-", "nothing-1", "1", "finding-1-2"):
        assert stage.coordinator.get(f"/plans/add?asked={key}").status_code == 404, key
        assert stage.coordinator.get(f"/plans/{plan_id}/rows/new?asked={key}").status_code == 404, key


def test_a_row_may_come_from_a_pilot(stage: Stage) -> None:
    needs()
    plan_id = begun(stage.coordinator)
    item_id = add(stage.coordinator, plan_id, origin="pilot", origin_text="PP-27-01")
    assert row_now(item_id).origin is Origin.PILOT
    assert "Pilot proje: PP-27-01" in stage.coordinator.page(f"/plans/{plan_id}/draft").text
