"""Sittings on their pages, and the answer of whoever is to give them."""

from __future__ import annotations

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.training import queries
from app.training.models import AssignmentAnswer
from tests.conftest import HX, Stage
from tests.training.stage import Props, sittings


def test_sittings_are_added_changed_and_removed(stage: Stage, draft: int, props: Props) -> None:
    browser = stage.coordinator
    one = {"start": "08.12.2026", "days": "1", "starts": "13.30", "ends": "15:00", "room_id": str(props.spare)}
    checked = browser.post(f"/sessions/{draft}/sittings/check", data=one, headers=HX)
    assert "13:30–15:00" in checked.text
    assert browser.get(f"/sessions/{draft}/sittings/new").status_code == 200
    assert browser.post(f"/sessions/{draft}/sittings/new", data=one).location == f"/sessions/{draft}/sittings"
    added = sittings()[1]
    assert (added.minutes, added.room_id) == (90, props.spare)
    page = browser.page(f"/sittings/{added.id}/edit")
    assert "Oturumu değiştir" in page.title
    fields = {"date": "2026-12-08", "starts": "14:00", "ends": "15:30", "room_id": "3", "version": str(added.version)}
    assert "14:00–15:30" in browser.post(f"/sittings/{added.id}/check", data=fields, headers=HX).text
    assert browser.post(f"/sittings/{added.id}/edit", data=fields).status_code == 303
    assert sittings()[1].sequence == 1
    assert browser.post(f"/sittings/{added.id}/edit", data=fields).status_code == 409
    assert browser.post(f"/sittings/{added.id}/remove").status_code == 303
    assert len(sittings()) == 1
    assert browser.get(f"/sessions/{draft}/sittings").status_code == 200


def test_an_end_before_the_start_is_said_at_its_field(stage: Stage, draft: int) -> None:
    wrong = {"start": "08.12.2026", "days": "1", "starts": "15:00", "ends": "14:00"}
    answer = stage.coordinator.post(f"/sessions/{draft}/sittings/new", data=wrong)
    assert answer.status_code == 422
    assert 'id="ends-error"' in answer.text
    assert "15:00" in answer.text


def test_one_room_and_trainer_for_all(stage: Stage, draft: int, props: Props) -> None:
    browser = stage.coordinator
    assert browser.get(f"/sessions/{draft}/sittings/apply").status_code == 200
    fields = {"room_id": str(props.spare), "set_trainers": "y", "trainer_ids": str(props.trainers["ayla"])}
    assert "Çakışma yok" in browser.post(f"/sessions/{draft}/sittings/apply/check", data=fields, headers=HX).text
    assert browser.post(f"/sessions/{draft}/sittings/apply", data=fields).status_code == 303
    assert sittings()[0].room_id == props.spare
    page = browser.page(f"/sessions/{draft}/sittings")
    assert "Ayla Aydın" in page.text
    assert "Ümit Güneş" not in page.text


# --- a trainer's answer --------------------------------------------------------------------------------------


def test_a_trainer_answers_for_herself(stage: Stage, open_one: int, props: Props) -> None:
    page = stage.trainer.page("/assignments")
    assert "BK-02/1" in page.text
    assert "Yanıt bekliyor" in page.text
    (assignment,) = queries.assignments(queries.course_session(EVERYWHERE, open_one))
    key = assignment.id
    assert stage.coordinator.post(f"/assignments/{key}/accept").status_code == 404
    assert stage.trainer.post(f"/assignments/{key}/accept").location == "/assignments"
    assert "Kabul etti" in stage.trainer.page("/assignments").text
    assert stage.trainer.post(f"/sessions/{open_one}/assignments/decline").status_code == 303
    assert "Kabul etti" in stage.trainer.page("/assignments").text, "only what awaits an answer is answered for all"
    assert stage.trainer.post(f"/assignments/{key}/decline").status_code == 303
    assert stage.trainer.get(f"/sessions/{open_one}").status_code == 404, "it is no longer hers"
    assert "Reddetti" in stage.coordinator.page(f"/sessions/{open_one}/sittings").text
    db.session.rollback()
    (assignment,) = queries.assignments(queries.course_session(EVERYWHERE, open_one))
    assert assignment.answer is AssignmentAnswer.DECLINED
    assert stage.coordinator.page("/assignments").text.count("BK-02/1") == 0
    assert stage.coordinator.post(f"/sessions/{open_one}/assignments/accept").status_code == 404


def test_a_draft_asks_no_trainer_yet(stage: Stage, draft: int) -> None:
    assert "BK-02/1" not in stage.trainer.page("/assignments").text
