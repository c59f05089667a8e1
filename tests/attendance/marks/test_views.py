"""Calling the roll: what a tap answers, what is refused, and how light the grid is."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from app.access.scope import EVERYWHERE
from app.attendance.models import MarkChange
from app.core.db import db
from app.training.models import Sitting, SittingState
from tests.attendance.conftest import MUCH_LATER, cells, fields
from tests.cast import DURING, EVENING, MONDAY, Group, crowd, group, mark, mark_all
from tests.conftest import Stage
from tests.counting import statements

# --- a sheet -------------------------------------------------------------------------------------------


def test_without_javascript_one_button_saves_the_sheet(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    sent = fields(stands, 0, {"elif": "present", "isik": "late:20", "sukru": "excused"})
    answer = stage.trainer.post(f"/sittings/{sitting}/save", data=sent)
    assert (answer.status_code, answer.location) == (303, f"/sittings/{sitting}")
    assert cells(stands, 0) == {"elif": "present", "isik": "late:20", "sukru": "excused"}
    assert "3/3 işaretlendi" in stage.trainer.page(f"/sittings/{sitting}").text


def test_somebody_late_right_now_needs_no_minutes_typed(stage: Stage, stands: Group) -> None:
    answer = stage.trainer.post(f"/sittings/{stands.sittings[0]}/save", data=fields(stands, 0, {"isik": "late"}))
    assert answer.status_code == 303
    assert cells(stands, 0) == {"isik": "late:10"}, "it is ten past nine"


def test_late_without_minutes_afterwards_is_asked_for_and_keeps_what_was_typed(stage: Stage, stands: Group) -> None:
    with time_machine.travel(EVENING, tick=False):
        sent = fields(stands, 0, {"isik": "late", "elif": "present"})
        answer = stage.coordinator.post(f"/sittings/{stands.sittings[0]}/save", data=sent)
        assert answer.status_code == 422
        assert "Kaç dakika geç geldi?" in answer.text
        for name, kind in (("isik", "late"), ("elif", "present")):
            slug = f"{stands.sittings[0]}-{stands.enrolments[name]}"
            assert f'id="m-{slug}-{kind}" value="{kind}" checked' in answer.text
        assert cells(stands, 0) == {}


def test_a_stale_cell_is_told_with_both_values(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    late = fields(stands, 0, {"isik": "late:20"})
    assert stage.coordinator.post(f"/sittings/{sitting}/save", data=late).status_code == 303
    sent = fields(stands, 0, {"isik": "present", "elif": "present"})
    answer = stage.trainer.post(f"/sittings/{sitting}/save", data=sent)
    assert answer.status_code == 409
    assert "Ayşe Çelik işaretledi: Geç geldi, 20 dk. Sizin seçiminiz: Katıldı." in answer.text
    assert cells(stands, 0) == {"isik": "late:20"}
    again = fields(stands, 0, {"isik": "present"}, seen={"isik": "late:20"})
    assert stage.trainer.post(f"/sittings/{sitting}/save", data=again).status_code == 303
    assert cells(stands, 0) == {"isik": "present"}, "a decision, with the other value seen"


def test_a_different_cell_saved_meanwhile_survives(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    stage.coordinator.post(f"/sittings/{sitting}/save", data=fields(stands, 0, {"isik": "late:20"}))
    everyone = fields(stands, 0, {"elif": "present"})
    assert stage.trainer.post(f"/sittings/{sitting}/save", data=everyone).status_code == 303
    assert cells(stands, 0) == {"isik": "late:20", "elif": "present"}


def test_everyone_present_in_one_step(stage: Stage, stands: Group) -> None:
    assert stage.trainer.post(f"/sittings/{stands.sittings[0]}/mark-all-present").status_code == 303
    assert set(cells(stands, 0).values()) == {"present"}


def test_after_the_lock_the_trainer_is_refused_and_the_coordinator_gives_a_reason(stage: Stage, stands: Group) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        sitting = stands.sittings[0]
        sent = fields(stands, 0, {"isik": "present"})
        assert 'type="radio"' not in stage.trainer.get(f"/sittings/{sitting}").text, "nothing that would be refused"
        answer = stage.trainer.post(f"/sittings/{sitting}/save", data=sent)
        assert answer.status_code == 422
        assert "işaretleme süresi doldu" in answer.text
        assert cells(stands, 0) == {}
        answer = stage.coordinator.post(f"/sittings/{sitting}/save", data=sent)
        assert answer.status_code == 422
        assert "Yoklama kilitli. Neden şimdi değiştirildiğini yazın" in answer.text
        answer = stage.coordinator.post(f"/sittings/{sitting}/save", data=sent | {"reason": "İmzası var"})
        assert answer.status_code == 303
        change = db.session.scalars(EVERYWHERE.select(MarkChange)).one()
        assert (change.new, change.reason, change.by_id) == ("present", "İmzası var", stage.cast.users["coordinator"])
        page = stage.coordinator.page(f"/sessions/{stands.session}/attendance/{stands.enrolments['isik']}")
        assert "Gerekçe: İmzası var" in page.text


def test_before_it_opens_the_page_says_when(stage: Stage, stands: Group) -> None:
    with time_machine.travel(DURING - timedelta(hours=2), tick=False):
        assert "23.11.2026 08:30" in stage.trainer.page(f"/sittings/{stands.sittings[0]}").text


def test_a_sitting_is_shortened_or_called_off_with_a_reason(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    assert (
        stage.trainer.post(f"/sittings/{sitting}/state", data={"state": "not_held", "version": "1"}).status_code == 422
    )
    sent = {"state": "shortened", "effective_minutes": "60", "reason": "Elektrik kesildi", "version": "1"}
    assert stage.trainer.post(f"/sittings/{sitting}/state", data=sent).status_code == 303
    row = EVERYWHERE.get(Sitting, sitting)
    assert (row.state, row.effective_minutes) == (SittingState.SHORTENED, 60)
    assert stage.trainer.post(f"/sittings/{sitting}/state", data=sent | {"version": "0"}).status_code == 409


def test_a_person_is_marked_across_her_sittings(stage: Stage, stands: Group) -> None:
    with time_machine.travel(EVENING, tick=False):
        base = f"/sessions/{stands.session}/attendance/{stands.enrolments['isik']}"
        sent = fields(stands, 0, {"isik": "present"}) | fields(stands, 3, {"isik": "left_early:45"})
        assert stage.coordinator.post(f"{base}/save", data=sent).status_code == 303
        page = stage.coordinator.page(base)
        assert "2/4 işaretlendi" in page.text
        assert "135 dk" in page.text
        assert "Ayşe Çelik" in page.text, "the history says who"
        other = group(stage.cast, ordinal=4)
        assert (
            stage.coordinator.get(f"/sessions/{other.session}/attendance/{stands.enrolments['isik']}").status_code
            == 404
        )


# --- the grid ------------------------------------------------------------------------------------------


def test_forty_people_in_ten_sittings_stay_light(stage: Stage) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        stands = group(stage.cast, days=3, most=10)
        crowd(stands, 37)
        mark_all(stands)
        address = f"/sessions/{stands.session}/attendance"
        stage.coordinator.get(address)  # signs in
        with statements() as large:
            answer = stage.coordinator.get(address)
        assert len(answer.data) <= 25_000, len(answer.data)
        assert answer.text.count("<td>Var") == 400
        ahead = group(stage.cast, days=3, most=10, ordinal=5, first_day=MONDAY + timedelta(days=700))
        crowd(ahead, 37, of="L")
        answer = stage.coordinator.get(f"/sessions/{ahead.session}/attendance")
        assert answer.text.count(">Sonra") == 400
        assert len(answer.data) <= 27_500, "also before anything happened"
        small = group(stage.cast, ordinal=4)
        with statements() as few:
            stage.coordinator.get(f"/sessions/{small.session}/attendance")
        assert len(large) == len(few) <= 8, large


def test_the_grid_says_where_people_stand(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        mark_all(stands, but=((3, "elif"), (0, "isik"), (1, "isik")))
        mark(stands, 0, "isik", "absent")
        mark(stands, 1, "isik", "late", 20)
        text = stage.coordinator.page(f"/sessions/{stands.session}/attendance").text
        assert "%100 72 dk Var Var Var Boş" in text
        assert "%69,4 Artık geçemez Yok Geç Var Var" in text


def test_an_empty_session_says_what_to_do_next(stage: Stage) -> None:
    stands = group(stage.cast, people=())
    assert "Henüz kayıtlı kimse yok" in stage.coordinator.page(f"/sessions/{stands.session}/attendance").text
