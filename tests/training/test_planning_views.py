"""A new session: filled in from its address, checked while typed, refused where it must be."""

from __future__ import annotations

import re

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.training.models import ConflictOverride, SessionStatus
from tests.cast import Cast
from tests.conftest import HX, Stage
from tests.training.stage import MONDAY, Props, sessions, sittings

NEW = {
    "course": "1",
    "province": "1",
    "capacity": "20",
    "minimum": "5",
    "acceptance": "automatic",
    "provinces": "1",
    "start": "07.12.2026",
    "days": "2",
    "weekdays": ["0", "1", "2", "3", "4"],
    "room_id": "1",
}


def test_a_new_session_is_filled_in_from_its_address(stage: Stage, props: Props) -> None:
    page = stage.coordinator.get(f"/sessions/new?course={props.course}&organisation=1").text
    assert re.search(r'<input[^>]* name="capacity"[^>]* value="25"', page)
    assert re.search(r'<input[^>]* name="days"[^>]* value="2"', page)
    assert page.index("Ümit Güneş") < page.index("Diğer eğitmenler") < page.index("Ayla Aydın"), "experts first"
    assert "Erzurum Salonu" not in page


def test_without_a_course_it_is_asked_for_first(stage: Stage, props: Props) -> None:
    assert "Eğitim seçin" in stage.coordinator.page("/sessions/new").text
    assert "İl seçin" in stage.admin.page("/sessions/new?course=1").text
    assert stage.coordinator.post("/sessions/new", data={}).status_code == 422


def test_a_new_session_is_saved_with_the_usual_blocks(stage: Stage, props: Props) -> None:
    answer = stage.coordinator.post("/sessions/new", data=NEW | {"trainer_ids": str(props.trainers["umit"])})
    assert answer.status_code == 303
    (made,) = sessions()
    assert answer.location == f"/sessions/{made.id}"
    assert (made.status, made.ordinal, made.year, made.starts_on) == (SessionStatus.DRAFT, 1, 2026, MONDAY)
    assert len(sittings()) == 8
    assert stage.coordinator.page(answer.location).text.count("Ümit Güneş") >= 2


def test_conflicts_are_found_while_the_form_is_filled_in_and_nothing_is_written(stage: Stage, open_one: int) -> None:
    answer = stage.coordinator.post("/sessions/new/check", data=NEW, headers=HX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="conflicts"')
    assert "Salon 07.12.2026 günü dolu: BK-02/1." in answer.text
    whole = stage.coordinator.post("/sessions/new/check", data=NEW)
    assert "<html" in whole.text
    assert "Salon 07.12.2026 günü dolu" in whole.text
    assert len(sessions()) == 1


def test_a_taken_room_refuses_at_its_field_and_keeps_what_was_typed(stage: Stage, open_one: int) -> None:
    answer = stage.coordinator.post("/sessions/new", data=NEW | {"note": "Projeksiyon gerekli"})
    assert answer.status_code == 422
    assert 'id="room_id-error"' in answer.text
    assert "Projeksiyon gerekli" in answer.text
    assert len(sessions()) == 1


def test_a_warning_asks_for_a_reason_and_keeps_it(stage: Stage, cast: Cast, props: Props) -> None:
    day = NEW | {"start": "2026-12-09", "days": "1"}
    answer = stage.coordinator.post("/sessions/new", data=day)
    assert answer.status_code == 422
    assert 'id="override_reason-error"' in answer.text
    assert "Deneme Bayramı" in answer.text
    assert stage.coordinator.post("/sessions/new", data=day | {"override_reason": "Valilik istedi"}).status_code == 303
    kept = db.session.scalars(EVERYWHERE.select(ConflictOverride)).one()
    assert (kept.kind, kept.reason, kept.by_id) == ("holiday", "Valilik istedi", cast.users["coordinator"])
    assert "Valilik istedi" in stage.coordinator.page(f"/sessions/{kept.course_session_id}").text


def test_another_province_is_not_hers_to_plan_for(stage: Stage, props: Props) -> None:
    answer = stage.coordinator.post("/sessions/new", data=NEW | {"province": "2"})
    assert answer.status_code == 303
    assert sessions()[0].province_id == 1, "she has one province; the other is as good as none"


def test_every_mistake_is_said_at_once(stage: Stage, props: Props) -> None:
    wrong = NEW | {"capacity": "x", "start": "31.02.2026", "starts": "25:00", "room_id": "999", "provinces": "77"}
    answer = stage.coordinator.post("/sessions/new", data=wrong)
    assert answer.status_code == 422
    for field in ("capacity", "start", "starts", "room_id", "provinces"):
        assert f'id="{field}-error"' in answer.text, field
    assert "31.02.2026" in answer.text
