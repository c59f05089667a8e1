"""Sittings on their pages, and the answer of whoever is to give them."""

from __future__ import annotations

import re
from datetime import time, timedelta

import time_machine

from app.access.scope import EVERYWHERE
from app.core.clock import at as moment
from app.core.db import db
from app.training import queries
from app.training.models import AssignmentAnswer, SessionStatus, SittingState
from tests.cast import Cast
from tests.conftest import HX, Stage
from tests.counting import as_if_full, plans
from tests.training.stage import MONDAY, Props, at, make, sittings

WHY = {"reason": "Raporluyum"}


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
    assert stage.trainer.post(f"/sessions/{open_one}/assignments/decline", data=WHY).status_code == 303
    assert "Kabul etti" in stage.trainer.page("/assignments").text, "only what awaits an answer is answered for all"
    assert "7 Aralık 2026 Pazartesi, 09:00–10:30" in stage.trainer.page(f"/assignments/{key}/decline").text
    bare = stage.trainer.post(f"/assignments/{key}/decline")
    assert bare.status_code == 422
    assert 'id="reason-error"' in bare.text
    assert stage.trainer.post(f"/assignments/{key}/decline", data=WHY).status_code == 303
    assert stage.trainer.get(f"/sessions/{open_one}").status_code == 404, "it is no longer hers"
    seen = stage.coordinator.page(f"/sessions/{open_one}/sittings").text
    assert "Reddetti" in seen
    assert "Raporluyum" in seen, "whoever runs the session reads why"
    db.session.rollback()
    (assignment,) = queries.assignments(queries.course_session(EVERYWHERE, open_one))
    assert assignment.answer is AssignmentAnswer.DECLINED
    assert stage.coordinator.page("/assignments").text.count("BK-02/1") == 0
    assert stage.coordinator.post(f"/sessions/{open_one}/assignments/accept").status_code == 404


def test_home_asks_her_and_one_click_answers(stage: Stage, open_one: int) -> None:
    page = stage.trainer.page("/")
    assert page.text.count("Görevlendirme teklifi: Proje Döngüsü") >= 1
    assert f"/sessions/{open_one}/assignments/decline" in page.links
    assert "Görevlendirme teklifi" not in stage.coordinator.page("/").text
    answer = stage.trainer.post(f"/sessions/{open_one}/assignments/accept", data={"back": "home"})
    assert answer.location == "/"
    assert "Görevlendirme teklifi" not in stage.trainer.page("/").text


def test_a_declined_sitting_waits_for_the_coordinator_until_somebody_gives_it(
    stage: Stage, open_one: int, props: Props
) -> None:
    words = "Eğitmen reddetti: BK-02/1"
    assert words not in stage.coordinator.page("/").text
    assert stage.trainer.post(f"/sessions/{open_one}/assignments/decline", data=WHY).status_code == 303
    page = stage.coordinator.page("/")
    assert words in page.text
    assert f"/sessions/{open_one}/sittings" in page.links
    for name in ("coordinator_elsewhere", "trainer", "focal_point"):
        assert words not in getattr(stage, name).page("/").text, name
    fields = {"trainer_ids": str(props.trainers["ayla"])}
    assert stage.coordinator.post(f"/sessions/{open_one}/sittings/apply", data=fields).status_code == 303
    assert words not in stage.coordinator.page("/").text


def test_what_was_declined_and_is_over_waits_for_nobody(stage: Stage, open_one: int) -> None:
    assert stage.trainer.post(f"/sessions/{open_one}/assignments/decline", data=WHY).status_code == 303
    with time_machine.travel(moment(MONDAY, time(11)), tick=False):
        assert "Eğitmen reddetti" not in stage.coordinator.page("/").text


def test_what_has_begun_is_not_declined_and_keeps_its_sheet(stage: Stage, cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    days = (MONDAY, MONDAY + timedelta(days=1))
    made = make(cast, *(at(day, "09:00-10:30", props.hall, umit) for day in days), status=SessionStatus.OPEN)
    db.session.commit()
    held, coming = (each.id for each in queries.assignments(made))
    with time_machine.travel(moment(MONDAY, time(9)), tick=False):
        trainer = Stage(stage.app, stage.cast).trainer
        links = trainer.page("/assignments").links
        assert f"/assignments/{held}/decline" not in links and f"/assignments/{coming}/decline" in links
        refused = trainer.post(f"/assignments/{held}/decline", data=WHY)
        assert refused.status_code == 422 and "artık reddedilemez" in refused.text
        series = f"/sessions/{made.id}/assignments/decline"
        assert "7 Aralık 2026" not in trainer.page(series).text
        assert trainer.post(series, data=WHY).status_code == 303
        db.session.rollback()
        made = queries.course_session(EVERYWHERE, made.id)
        assert [each.answer.value for each in queries.assignments(made)] == ["pending", "declined"]
        assert trainer.get(f"/sittings/{queries.sittings(made)[0].id}").status_code == 200


def test_the_roll_belongs_to_the_sessions_one_runs_or_to_what_one_gives(stage: Stage, open_one: int) -> None:
    key = sittings()[0].id

    def current(name: str) -> list[str]:
        return re.findall(r'href="([^"]+)"[^>]* aria-current="page"', getattr(stage, name).get(f"/sittings/{key}").text)

    assert set(current("coordinator")) == {"/sessions"}
    assert set(current("trainer")) == {"/assignments"}


def test_how_it_went_is_a_column_only_where_something_went_otherwise(stage: Stage, open_one: int) -> None:
    assert "Yapılma durumu" not in stage.coordinator.page(f"/sessions/{open_one}/sittings").text
    sitting = sittings()[0]
    sitting.state, sitting.state_reason = SittingState.NOT_HELD, "Elektrik"
    db.session.commit()
    assert "Elektrik" in stage.coordinator.page(f"/sessions/{open_one}/sittings").text


def test_a_draft_asks_no_trainer_yet(stage: Stage, draft: int) -> None:
    assert "BK-02/1" not in stage.trainer.page("/assignments").text


def test_what_needs_somebody_is_found_from_the_sessions_that_go_on(stage: Stage) -> None:
    """Course by course it went through the sessions of all years."""
    as_if_full()
    with plans() as found:
        stage.admin.page("/")
    asked = [steps for statement, steps in found.items() if "conflict_overrides" in statement]
    assert asked
    for steps in asked:
        assert not [step for step in steps if step.startswith("SCAN courses")], steps
