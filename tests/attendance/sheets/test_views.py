"""A sheet closed and opened again."""

from __future__ import annotations

from app.attendance.sheets import queries as sheets
from tests.cast import Group, mark_all
from tests.conftest import Stage


def test_closing_and_reopening(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    assert stage.trainer.post(f"/sittings/{sitting}/close").status_code == 422
    mark_all(stands)
    assert stage.trainer.post(f"/sittings/{sitting}/close").status_code == 303
    assert "Yoklama kapatıldı" in stage.trainer.page(f"/sittings/{sitting}").text
    assert stage.trainer.post(f"/sittings/{sitting}/reopen").status_code == 403
    assert stage.coordinator.post(f"/sittings/{sitting}/reopen").status_code == 303
    assert sheets.closed([sitting]) == set()
