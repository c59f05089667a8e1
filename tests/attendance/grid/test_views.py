"""Cells typed into the grid: what is saved, what is told, who may, and what it costs."""

from __future__ import annotations

from typing import Any

import time_machine

from tests.attendance.conftest import MUCH_LATER, cells
from tests.cast import DURING, EVENING, Group, crowd, group, mark
from tests.conftest import HX, Stage
from tests.counting import statements


def slug(stands: Group, position: int, name: str) -> str:
    return f"{stands.sittings[position]}-{stands.enrolments[name]}"


def sent(
    stands: Group, marks: dict[tuple[int, str], str], seen: dict[tuple[int, str], str] | None = None
) -> dict[str, str]:
    found = {}
    for (position, name), text in marks.items():
        key = slug(stands, position, name)
        found |= {f"m-{key}": text, f"w-{key}": (seen or {}).get((position, name), "")}
    return found


def post(
    browser: Any, stands: Group, marks: dict[tuple[int, str], str], status: int = 200, **more: Any
) -> dict[str, Any]:
    seen = more.pop("seen", None)
    answer = browser.post(
        f"/sessions/{stands.session}/attendance/cells", data=sent(stands, marks, seen) | more, headers=HX
    )
    assert answer.status_code == status, answer.text
    return dict(answer.get_json() or {})


def test_each_cell_is_saved_or_told_for_itself_with_both_values(stage: Stage, stands: Group) -> None:
    mark(stands, 0, "elif", "absent")
    told = post(stage.coordinator, stands, {(0, "elif"): "v", (0, "isik"): "G 20", (0, "sukru"): "belki"})
    assert cells(stands, 0) == {"elif": "absent", "isik": "late:20"}
    assert told["cells"][slug(stands, 0, "isik")] == "late:20"
    theirs = told["wrong"][slug(stands, 0, "elif")]
    assert theirs["theirs"] and "Katılmadı" in theirs["why"] and "Sizin seçiminiz: Katıldı" in theirs["why"]
    assert told["cells"][slug(stands, 0, "elif")] == "absent"
    assert "belki" in told["wrong"][slug(stands, 0, "sukru")]["why"]
    assert told["sums"][str(stands.enrolments["isik"])][:2] == ["%77,7", "52 dk"]


def test_choosing_again_with_theirs_before_ones_eyes_is_a_decision(stage: Stage, stands: Group) -> None:
    mark(stands, 0, "elif", "absent")
    post(stage.coordinator, stands, {(0, "elif"): "v"}, seen={(0, "elif"): "absent"})
    assert cells(stands, 0) == {"elif": "present"}


def test_a_block_is_read_before_it_is_saved(stage: Stage, stands: Group) -> None:
    told = post(stage.coordinator, stands, {(0, "elif"): "Var", (0, "isik"): "15 dk", (0, "sukru"): "?x"}, preview="1")
    assert told["cells"][slug(stands, 0, "isik")] == "late:15"
    assert cells(stands, 0) == {}


def test_after_the_lock_one_reason_serves_all_of_them(stage: Stage) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        stands = group(stage.cast)
        typed = {(n, name): "present" for n in range(4) for name in stands.enrolments}
        told = post(stage.coordinator, stands, typed)
        assert len(told["wrong"]) == 12 and "Yoklama kilitli" in str(told["wrong"])
        told = post(stage.coordinator, stands, typed, reason="Kâğıt pazartesi geldi")
        assert not told["wrong"]
        assert all(len(cells(stands, n)) == 3 for n in range(4))
        assert len(post(stage.trainer, stands, typed, reason="x", seen={(0, "elif"): "absent"})["wrong"]) == 12


def test_somebody_elses_sitting_or_seat_holds_up_nobody(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast, trainer_gives=(1,))
        other = group(stage.cast, people=("elif",), ordinal=4, trainer_gives=())
        stands.enrolments["other"] = other.enrolments["elif"]
        mark(stands, 0, "elif", "absent")
        told = post(stage.trainer, stands, {(0, "elif"): "v", (1, "elif"): "v", (1, "other"): "v"})
        assert "absent" not in str(told), "nothing is told of what is not theirs"
        assert set(told["wrong"]) == {slug(stands, 0, "elif"), slug(stands, 1, "other")}
        assert told["sums"] == {}, "a trainer of some sittings sees no sums"
        assert (cells(stands, 0), cells(stands, 1)) == ({"elif": "absent"}, {"elif": "present"})
        post(stage.coordinator_elsewhere, stands, {(1, "isik"): "v"}, status=404)
        post(stage.viewer, stands, {(1, "isik"): "v"}, status=403)


def test_a_cell_costs_few_statements_however_many_people(stage: Stage, stands: Group) -> None:
    crowd(stands, 30)
    post(stage.coordinator, stands, {(0, "elif"): "v"})
    with statements() as seen:
        post(stage.coordinator, stands, {(0, "isik"): "v"})
    assert len(seen) <= 14, seen


def test_the_grid_says_which_columns_may_be_marked(stage: Stage) -> None:
    with time_machine.travel(DURING, tick=False):
        stands = group(stage.cast)
        html = stage.coordinator.get(f"/sessions/{stands.session}/attendance").text
        assert 'data-marks="cells"' in html
        assert html.count('data-shut="Henüz başlamadı"') == 3
        assert "data-locked" not in html


def test_after_the_lock_the_coordinator_says_why_and_the_trainer_types_nothing(stage: Stage) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        stands = group(stage.cast)
        assert "data-locked" in stage.coordinator.get(f"/sessions/{stands.session}/attendance").text
        assert "data-marks" not in stage.trainer.get(f"/sessions/{stands.session}/attendance").text
