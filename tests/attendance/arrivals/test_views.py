"""What a browser's queue sends: each once, the refused beside the others, the late ones for the coordinator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.access.scope import EVERYWHERE
from app.attendance.models import LateMark, MarkChange
from app.attendance.sheets import queries as sheets
from app.core.db import db
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.training.models import CourseSession, SessionStatus
from tests.attendance.conftest import MUCH_LATER, cells
from tests.cast import DURING, Group, crowd, mark, mark_all
from tests.conftest import Browser, Stage
from tests.counting import statements


def tap(stands: Group, name: str, word: str, *, was: str = "", key: str = "", position: int = 0) -> dict[str, Any]:
    enrolment = stands.enrolments[name]
    key = key or f"key-{position}-{enrolment}-{word}-{was}".replace(":", "_")
    return {
        "key": key,
        "sitting": str(stands.sittings[position]),
        "enrolment": str(enrolment),
        "was": was,
        "word": word,
    }


def close(stands: Group) -> dict[str, Any]:
    return {"key": "close-it-now", "sitting": str(stands.sittings[0]), "enrolment": "", "was": "open", "word": ""}


def send(browser: Browser, user: int, *items: dict[str, Any]) -> list[dict[str, str]]:
    answer = browser.post("/roll/queue", json={"user": user, "items": list(items)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = answer.get_json()["answers"]
    return found


def became(answers: list[dict[str, str]]) -> list[str]:
    return [each["became"] for each in answers]


def history() -> list[str]:
    return list(db.session.scalars(EVERYWHERE.restrict(sa.select(MarkChange.new), MarkChange).order_by(MarkChange.id)))


def trainer(stage: Stage, *items: dict[str, Any]) -> list[dict[str, str]]:
    return send(stage.trainer, stage.cast.users["trainer"], *items)


def test_marks_are_taken_and_a_tap_sent_twice_is_one(stage: Stage, stands: Group) -> None:
    first, second = tap(stands, "elif", "present"), tap(stands, "isik", "late:20")
    assert became(trainer(stage, first, second)) == ["saved", "saved"]
    assert became(trainer(stage, first)) == ["saved"], "its answer was lost on the way"
    assert cells(stands, 0) == {"elif": "present", "isik": "late:20"}
    assert history() == ["present", "late:20"]


def test_a_lost_answer_is_no_conflict_although_somebody_else_was_there_since(stage: Stage, stands: Group) -> None:
    mine = tap(stands, "elif", "present")
    trainer(stage, mine)
    theirs = tap(stands, "elif", "absent", was="present")
    assert became(send(stage.coordinator, stage.cast.users["coordinator"], theirs)) == ["saved"]
    assert became(trainer(stage, mine)) == ["saved"]
    assert cells(stands, 0) == {"elif": "absent"}, "what was decided since stands"


def test_a_tap_and_its_correction_and_its_clearing(stage: Stage, stands: Group) -> None:
    trainer(stage, tap(stands, "elif", "present"))
    trainer(stage, tap(stands, "elif", "absent", was="present"))
    assert cells(stands, 0) == {"elif": "absent"}
    assert became(trainer(stage, tap(stands, "elif", "", was="absent"))) == ["saved"]
    assert cells(stands, 0) == {}


def test_one_that_is_refused_does_not_stop_the_others(stage: Stage, stands: Group) -> None:
    answers = trainer(
        stage, tap(stands, "elif", "present"), tap(stands, "isik", "late:999"), tap(stands, "sukru", "absent")
    )
    assert became(answers) == ["saved", "refused", "saved"]
    assert "90 dakika" in answers[1]["why"]
    assert cells(stands, 0) == {"elif": "present", "sukru": "absent"}


def test_who_lost_their_seat_is_refused_alone(stage: Stage, stands: Group) -> None:
    EVERYWHERE.get(Enrolment, stands.enrolments["isik"]).status = EnrolmentStatus.REMOVED
    db.session.commit()
    answers = trainer(stage, tap(stands, "elif", "present"), tap(stands, "isik", "present"))
    assert became(answers) == ["saved", "refused"]
    assert "yeri yok" in answers[1]["why"]


def test_somebody_elses_mark_is_a_conflict_that_names_both(stage: Stage, stands: Group) -> None:
    send(stage.coordinator, stage.cast.users["coordinator"], tap(stands, "isik", "late:20"))
    answers = trainer(stage, tap(stands, "isik", "present"), tap(stands, "elif", "present"))
    assert became(answers) == ["conflict", "saved"]
    assert (answers[0]["stands"], answers[0]["by"]) == ("late:20", "Ayşe Çelik")
    assert cells(stands, 0) == {"isik": "late:20", "elif": "present"}
    assert became(trainer(stage, tap(stands, "isik", "present", was="late:20", key="a-new-key"))) == ["saved"]


def test_it_is_the_queue_of_one_user(stage: Stage, stands: Group) -> None:
    sent = {"user": stage.cast.users["coordinator"], "items": [tap(stands, "elif", "present")]}
    assert stage.trainer.post("/roll/queue", json=sent).status_code == 409
    assert cells(stands, 0) == {}
    found = stage.trainer.get("/roll/queue").get_json()
    assert found["user"] == stage.cast.users["trainer"]
    assert found["token"]


@pytest.mark.parametrize("sent", [None, [], "x", {"items": 7}, {"items": [{}] * 101}])
def test_what_no_script_of_ours_sends_is_refused(stage: Stage, stands: Group, sent: object) -> None:
    assert stage.trainer.post("/roll/queue", json=sent).status_code == 422


def test_an_item_nobody_can_read_does_not_stop_the_others(stage: Stage, stands: Group) -> None:
    bad = [{}, 7, tap(stands, "isik", "late:x"), tap(stands, "isik", "sleeping"), {"key": "short"}]
    answers = send(stage.trainer, stage.cast.users["trainer"], *bad, tap(stands, "elif", "present"))  # type: ignore[arg-type]  # on purpose
    assert became(answers) == ["saved"]
    assert cells(stands, 0) == {"elif": "present"}


def test_a_sitting_of_somebody_else_is_refused_like_one_there_is_not(stage: Stage, stands: Group) -> None:
    foreign = tap(stands, "elif", "present")
    answers = send(stage.coordinator_elsewhere, stage.cast.users["coordinator_elsewhere"], foreign)
    assert became(answers) == ["refused"]
    nowhere = tap(stands, "elif", "present") | {"sitting": "99999", "key": "nowhere-key"}
    again = send(stage.coordinator_elsewhere, stage.cast.users["coordinator_elsewhere"], nowhere)
    assert answers[0]["why"] == again[0]["why"]
    assert cells(stands, 0) == {}


def test_a_roll_is_closed_once(stage: Stage, stands: Group) -> None:
    assert became(trainer(stage, close(stands))) == ["refused"], "somebody is unmarked"
    mark_all(stands)
    db.session.commit()
    assert became(trainer(stage, close(stands))) == ["saved"]
    assert became(trainer(stage, close(stands))) == ["saved"]
    assert sheets.closed([stands.sittings[0]]) == {stands.sittings[0]}


def test_a_sitting_that_moved_says_so(stage: Stage, stands: Group) -> None:
    with time_machine.travel(DURING - timedelta(days=3), tick=False):
        assert became(trainer(stage, tap(stands, "elif", "present"))) == ["refused"]


def test_a_session_that_was_cancelled_says_so(stage: Stage, stands: Group) -> None:
    EVERYWHERE.get(CourseSession, stands.session).status = SessionStatus.CANCELLED
    db.session.commit()
    assert became(trainer(stage, tap(stands, "elif", "present"))) == ["refused"]


def test_thirty_marks_cost_hardly_more_than_one(stage: Stage, stands: Group) -> None:
    crowd(stands, 30)
    trainer(stage, tap(stands, "elif", "present"))
    with statements() as one:
        trainer(stage, tap(stands, "isik", "present"))
    with statements() as many:
        assert set(became(trainer(stage, *(tap(stands, f"k{n}", "present") for n in range(30))))) == {"saved"}
    assert len(one) == len(many) <= 9, one


# --- too late ------------------------------------------------------------------------------------------


def late() -> list[LateMark]:
    return list(db.session.scalars(EVERYWHERE.select(LateMark).order_by(LateMark.id)))


def test_after_the_lock_a_mark_is_kept_for_the_coordinator(stage: Stage, stands: Group) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        items = tap(stands, "elif", "present"), tap(stands, "isik", "late:20")
        assert became(trainer(stage, *items)) == ["late", "late"]
        assert became(trainer(stage, *items)) == ["late", "late"], "sent again"
        assert cells(stands, 0) == {}
        assert [each.word for each in late()] == ["present", "late:20"]
        home = stage.coordinator.page("/")
        assert "2 işaret geç geldi" in home.text
        page = stage.coordinator.page("/late-marks")
        assert "Elif Ağaoğlu" in page.text and "Ümit Güneş" in page.text
        assert stage.trainer.get("/late-marks").status_code == 403
        elsewhere = stage.coordinator_elsewhere.page("/late-marks")
        assert "Ağaoğlu" not in elsewhere.text


def decide(stage: Stage, stands: Group, verb: str, reason: str, stands_now: str = "") -> int:
    ids = [each.id for each in late()]
    sent: dict[str, Any] = {"late": ids, "reason": reason} | {f"stands-{key}": stands_now for key in ids}
    db.session.commit()
    return stage.coordinator.post(f"/late-marks/{stands.sittings[0]}/{verb}", data=sent).status_code


def test_the_coordinator_accepts_them_with_one_reason(stage: Stage, stands: Group) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        trainer(stage, tap(stands, "elif", "present"), tap(stands, "isik", "late:20"))
        assert decide(stage, stands, "accept", "") == 422
        assert decide(stage, stands, "accept", "Salonda bağlantı yoktu") == 303
        assert cells(stands, 0) == {"elif": "present", "isik": "late:20"}
        assert [(each.accepted, each.decided_by) for each in late()] == [(True, stage.cast.users["coordinator"])] * 2
        assert "geç geldi" not in stage.coordinator.page("/").text
        assert decide(stage, stands, "accept", "Bir daha") == 422, "there are none any more"


def test_or_sets_them_aside(stage: Stage, stands: Group) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        trainer(stage, tap(stands, "elif", "present"))
        assert decide(stage, stands, "dismiss", "") == 303
        assert cells(stands, 0) == {}
        assert [each.accepted for each in late()] == [False]


def test_a_cell_that_changed_since_the_page_was_drawn_is_not_overwritten(stage: Stage, stands: Group) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        trainer(stage, tap(stands, "elif", "present"))
        mark(stands, 0, "elif", "absent")
        db.session.commit()
        assert decide(stage, stands, "accept", "Salonda bağlantı yoktu") == 409
        assert cells(stands, 0) == {"elif": "absent"}
        assert decide(stage, stands, "accept", "Salonda bağlantı yoktu", "absent") == 303
        assert cells(stands, 0) == {"elif": "present"}


def test_of_two_from_one_hand_the_later_counts(stage: Stage, stands: Group) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        trainer(stage, tap(stands, "elif", "present"))
        trainer(stage, tap(stands, "elif", "absent"))
        assert [(each.word, each.accepted) for each in late()] == [("present", False), ("absent", None)]


def test_a_closed_roll_keeps_what_comes_afterwards_too(stage: Stage, stands: Group) -> None:
    mark_all(stands)
    db.session.commit()
    trainer(stage, close(stands))
    assert became(trainer(stage, tap(stands, "elif", "absent", was="present"))) == ["late"]
    assert became(trainer(stage, tap(stands, "isik", "present"))) == ["saved"], "it says so already"
