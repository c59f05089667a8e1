"""A new session: filled in from its address, checked while typed, refused where it must be."""

from __future__ import annotations

import re

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core.db import db
from app.plans.models import PlanStatus, TrainingPlan
from app.training.models import ConflictOverride, CourseSession, SessionStatus
from tests import factories
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
AFTERWARDS = {"start": "21.12.2026"}


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
    day = NEW | {"start": "2026-12-09", "days": "1", "trainer_ids": str(props.trainers["umit"])}
    answer = stage.coordinator.post("/sessions/new", data=day)
    assert answer.status_code == 422
    assert 'id="override_reason-error"' in answer.text
    assert "Deneme Bayramı" in answer.text
    assert stage.coordinator.post("/sessions/new", data=day | {"override_reason": "Valilik istedi"}).status_code == 303
    kept = db.session.scalars(EVERYWHERE.select(ConflictOverride)).one()
    assert (kept.kind, kept.reason, kept.by_id) == ("holiday", "Valilik istedi", cast.users["coordinator"])
    assert "Valilik istedi" in stage.coordinator.page(f"/sessions/{kept.course_session_id}").text
    again = stage.coordinator.page(f"/sessions/{kept.course_session_id}/open").text
    assert "gerekçesi daha önce yazıldı" in again and "Gerekçe yazılarak" not in again


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


# --- the row of the plan ----------------------------------------------------------------------------------


def rows(*quarters: int, groups: int = 1, province: int | None = 1, year: int = 2026) -> list[int]:
    """Rows of an approved plan for the course, one for each quarter; their ids."""
    plan = db.session.scalar(sa.select(TrainingPlan).where(TrainingPlan.year == year))
    plan = plan or factories.plan(year, status=PlanStatus.APPROVED)
    row = {"plan_id": plan.id, "province_id": province, "groups": groups}
    return [factories.plan_item(1, quarter=each, **row).id for each in quarters]


def chosen(html: str) -> list[str]:
    """What is preselected in the list of plan rows; nothing where it is not shown."""
    found = re.search(r'<select[^>]* name="plan_item_id".*?</select>', html, re.DOTALL)
    return re.findall(r'<option selected value="(\d*)"', found.group(0)) if found else []


def latest() -> CourseSession:
    db.session.expire_all()
    return sessions()[-1]


def test_the_only_open_row_is_taken_and_shown(stage: Stage, props: Props) -> None:
    """From a need, from a course, from anywhere: nobody has to come from the plan."""
    page = "/sessions/new?course=1&province=1"
    assert chosen(stage.coordinator.get(page).text) == [], "there is no plan"
    (row,) = rows(4)
    rows(4, province=2)
    assert chosen(stage.coordinator.get(f"{page}&competency=1").text) == [str(row)]
    assert stage.coordinator.post("/sessions/new", data=NEW).status_code == 303
    assert latest().plan_item_id == row
    shown = stage.coordinator.page(f"/sessions/{latest().id}").text
    assert "Plan satırı 2026, 4. çeyrek · Gaziantep" in shown
    assert stage.coordinator.post("/sessions/new", data=NEW | AFTERWARDS | {"plan_item_id": "0"}).status_code == 303
    assert latest().plan_item_id is None, "said not to be from the plan"
    sessions()[0].status = SessionStatus.OPEN
    db.session.commit()
    assert chosen(stage.coordinator.get(page).text) == [], "the row has its group"
    assert chosen(stage.coordinator.get(f"{page}&plan_item={row}").text) == [str(row)], "asked for all the same"


def test_of_several_rows_one_is_chosen(stage: Stage, props: Props) -> None:
    _, second = rows(3, 4)
    (everywhere,) = rows(1, province=None)
    assert chosen(stage.coordinator.get("/sessions/new?course=1&province=1").text) == [""]
    answer = stage.coordinator.post("/sessions/new", data=NEW)
    assert answer.status_code == 422 and 'id="plan_item_id-error"' in answer.text
    foreign = rows(2, province=2)[0]
    assert stage.coordinator.post("/sessions/new", data=NEW | {"plan_item_id": str(foreign)}).status_code == 422
    assert stage.coordinator.post("/sessions/new", data=NEW | {"plan_item_id": str(second)}).status_code == 303
    made = latest()
    assert made.plan_item_id == second
    path = f"/sessions/{made.id}/edit"
    assert chosen(stage.coordinator.get(path).text) == [str(second)]
    kept = {"capacity": "20", "minimum": "5", "acceptance": "automatic", "provinces": "1", "version": str(made.version)}
    assert stage.coordinator.post(path, data=kept | {"plan_item_id": str(everywhere)}).status_code == 303
    assert latest().plan_item_id == everywhere
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None and entry.facts["fields"] == ["plan_item_id"]


def test_a_copy_takes_the_row_of_where_it_is_held(stage: Stage, open_one: int) -> None:
    path = f"/sessions/{open_one}/copy"
    here, there = rows(4)[0], rows(2, 3, province=2)
    assert chosen(stage.coordinator.get(path).text) == [str(here)]
    assert stage.coordinator.post(path, data={"province_id": "1"}).status_code == 303
    assert latest().plan_item_id == here
    answer = stage.admin.post(path, data={"province_id": "2", "plan_item_id": str(here)})
    assert answer.status_code == 422 and 'id="plan_item_id-error"' in answer.text, "a row of elsewhere; there are two"
    data = {"province_id": "2", "plan_item_id": str(there[1])}
    assert stage.admin.post(path, data=data).status_code == 303
    assert (latest().province_id, latest().plan_item_id) == (2, there[1])
