"""Somebody in the room without a seat."""

from __future__ import annotations

import time_machine

from app.attendance import queries
from tests.cast import DURING, group
from tests.conftest import Stage


def test_a_walk_in_is_found_added_and_present(stage: Stage) -> None:
    with time_machine.travel(DURING, tick=False):
        stands = group(stage.cast, people=("elif",))
        base = f"/sittings/{stands.sittings[0]}"
        assert "Çınar" not in stage.trainer.page(f"{base}/walk-in?q=ci").text, "three letters at least"
        assert "Işık Çınar" in stage.trainer.page(f"{base}/walk-in?q=cinar").text
        assert "Ağaoğlu" not in stage.trainer.page(f"{base}/walk-in?q=agaoglu").text.split("harf")[-1], "she has a seat"
        assert "Yakut" not in stage.trainer.page(f"{base}/walk-in?q=zeynep").text, "not open to her institution"
        answer = stage.trainer.post(f"{base}/add-walk-in", data={"employee_id": stage.cast.employees["isik"]})
        assert answer.status_code == 303
        assert [m.spelled for m in queries.marks([stands.sittings[0]]).values()] == ["present"]
        foreign = stage.trainer.post(f"{base}/add-walk-in", data={"employee_id": stage.cast.employees["zeynep"]})
        assert foreign.status_code == 404
