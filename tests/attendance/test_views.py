"""Who may see which page of attendance, what a page costs, and what is shown on pages of lower rooms."""

from __future__ import annotations

import pytest
import time_machine

from app.training.models import SessionStatus
from tests.attendance.conftest import MUCH_LATER, cells, fields
from tests.cast import EVENING, Group, crowd, group, mark, mark_all
from tests.conftest import Stage
from tests.counting import statements


def addresses(stands: Group) -> list[str]:
    session, sitting = stands.session, stands.sittings[0]
    return [
        f"/sessions/{session}/attendance",
        f"/sessions/{session}/attendance/{stands.enrolments['elif']}",
        f"/sessions/{session}/sheet.pdf",
        f"/sessions/{session}/signed-sheets",
        f"/sittings/{sitting}",
        f"/sittings/{sitting}/walk-in",
    ]


@pytest.mark.parametrize("who", ["admin", "coordinator", "trainer"])
def test_those_who_run_it_see_every_page(stage: Stage, stands: Group, who: str) -> None:
    for address in addresses(stands):
        assert getattr(stage, who).get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["viewer", "staff", "focal_point", "nobody_special"])
def test_others_may_not(stage: Stage, stands: Group, who: str) -> None:
    for address in addresses(stands):
        assert getattr(stage, who).get(address).status_code == 403, address
    assert getattr(stage, who).post(f"/sittings/{stands.sittings[0]}/save").status_code == 403


def test_an_officer_elsewhere_finds_nothing(stage: Stage, stands: Group) -> None:
    for address in addresses(stands):
        assert stage.coordinator_elsewhere.get(address).status_code == 404, address
    for verb in ("mark", "save", "mark-all-present", "close", "reopen", "state"):
        assert stage.coordinator_elsewhere.post(f"/sittings/{stands.sittings[0]}/{verb}").status_code == 404, verb
    assert cells(stands, 0) == {}


def test_a_trainer_calls_the_roll_of_her_own_sittings_only(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast, trainer_gives=(1,))
        mark(stands, 0, "elif", "absent")
        foreign, own = stands.sittings[0], stands.sittings[1]
        assert stage.trainer.get(f"/sittings/{foreign}").status_code == 404
        sent = fields(stands, 0, {"isik": "present"})
        for verb in ("mark", "save"):
            assert stage.trainer.post(f"/sittings/{foreign}/{verb}", data=sent).status_code == 404
        assert (
            stage.trainer.post(f"/sittings/{own}/save", data=fields(stands, 1, {"isik": "present"})).status_code == 303
        )
        page = stage.trainer.page(f"/sessions/{stands.session}/attendance")
        assert f"/sittings/{own}" in page.links
        assert f"/sittings/{foreign}" not in page.links
        assert "Yok" not in page.text.split("Katılımcı")[-1].split()
        assert cells(stands, 0) == {"elif": "absent"}


@pytest.mark.parametrize("status", [SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.FINALISED])
@pytest.mark.parametrize("who", ["admin", "coordinator", "trainer"])
def test_no_page_costs_more_than_eight_statements(stage: Stage, who: str, status: SessionStatus) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        stands = group(stage.cast, status=status)
        crowd(stands, 10)
        mark_all(stands, but=((0, "elif"),))
        browser = getattr(stage, who)
        browser.get("/devices")
        base = f"/sessions/{stands.session}"
        for address in (*addresses(stands), f"{base}/scores", f"{base}/checklist", f"{base}/sheet.pdf?day=2026-11-23"):
            with statements() as seen:
                answer = browser.get(address)
            assert answer.status_code == (403 if who == "trainer" and "checklist" in address else 200), address
            assert len(seen) <= 8, (address, len(seen), seen)


def test_the_tab_and_the_waiting_sheets_are_shown_where_they_belong(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        assert f"/sessions/{stands.session}/attendance" in stage.coordinator.page(f"/sessions/{stands.session}").links
        for who in (stage.coordinator, stage.trainer):
            assert f"/sittings/{stands.sittings[0]}" in who.page("/").links
        assert f"/sittings/{stands.sittings[0]}" not in stage.coordinator_elsewhere.page("/").links
