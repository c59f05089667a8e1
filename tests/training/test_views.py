"""Who may look at sessions, who may change them, and what a refusal leaves standing."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.access.models import Grant
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry
from app.core.db import db
from app.training import queries
from app.training.models import AssignmentAnswer, ConflictOverride, CourseSession, SessionStatus, Sitting
from tests.cast import Cast
from tests.conftest import HX, Browser, Stage
from tests.training.stage import MONDAY, Props, at, make

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


def sessions() -> list[CourseSession]:
    db.session.rollback()
    return list(db.session.scalars(EVERYWHERE.select(CourseSession).order_by(CourseSession.id)))


def sittings() -> list[Sitting]:
    db.session.rollback()
    return list(db.session.scalars(EVERYWHERE.select(Sitting).order_by(Sitting.id)))


@pytest.fixture
def draft(cast: Cast, props: Props) -> int:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]))
    db.session.commit()
    return made.id


@pytest.fixture
def open_one(cast: Cast, props: Props) -> int:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall, props.trainers["umit"]), status=SessionStatus.OPEN)
    db.session.commit()
    return made.id


# --- looking -------------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_those_who_run_its_province_alone(stage: Stage, draft: int) -> None:
    assert "Proje Döngüsü" in stage.coordinator.page("/sessions").text
    for name in ("coordinator_elsewhere", "focal_point", "trainer", "staff"):
        browser: Browser = getattr(stage, name)
        assert "Proje Döngüsü BK-02/1" not in browser.page("/sessions").text, name
        assert browser.get(f"/sessions/{draft}").status_code == 404, name
        assert browser.get(f"/sessions/{draft}/sittings").status_code == 404, name
    assert stage.admin.get(f"/sessions/{draft}").status_code == 200


def test_an_open_session_is_seen_by_those_it_is_offered_to(stage: Stage, open_one: int) -> None:
    for name in ("coordinator", "focal_point", "trainer", "staff"):
        browser: Browser = getattr(stage, name)
        assert browser.get(f"/sessions/{open_one}").status_code == 200, name
    for name in ("coordinator_elsewhere", "focal_point_elsewhere"):
        assert getattr(stage, name).get(f"/sessions/{open_one}").status_code == 404, name


def test_who_has_no_such_role_may_not_look(stage: Stage, open_one: int) -> None:
    for name in ("viewer", "nobody_special"):
        for path in ("/sessions", "/sessions/calendar", f"/sessions/{open_one}"):
            assert getattr(stage, name).get(path).status_code == 403, (name, path)
    assert stage.nobody.get("/sessions").status_code == 302


def test_the_buttons_of_a_session_are_there_for_those_who_run_it(stage: Stage, open_one: int) -> None:
    assert "Grubu iptal et" in stage.coordinator.page(f"/sessions/{open_one}").text
    for name in ("focal_point", "trainer", "staff"):
        page = getattr(stage, name).page(f"/sessions/{open_one}")
        assert "Grubu iptal et" not in page.text
        assert not [link for link in page.links if link.endswith("/edit")]


def test_what_is_offered_to_my_province_is_not_mine_to_change(stage: Stage, cast: Cast, props: Props) -> None:
    made = make(cast, at(MONDAY, "09:00-10:30", props.hall), status=SessionStatus.OPEN, provinces=(1, 2))
    sitting = queries.sittings(made)[0].id
    db.session.commit()
    outsider = stage.coordinator_elsewhere
    assert outsider.get(f"/sessions/{made.id}").status_code == 200
    assert "Grubu iptal et" not in outsider.page(f"/sessions/{made.id}").text
    for path in ("open", "cancel", "postpone", "edit", "sittings/new", "sittings/apply", "sittings/redate"):
        assert outsider.post(f"/sessions/{made.id}/{path}").status_code == 404, path
    for path in ("edit", "remove", "check"):
        assert outsider.post(f"/sittings/{sitting}/{path}").status_code == 404, path
    assert len(sittings()) == 1


@pytest.mark.parametrize("name", ["focal_point", "trainer", "staff"])
def test_who_may_look_may_not_change(stage: Stage, open_one: int, name: str) -> None:
    sitting = sittings()[0].id
    browser: Browser = getattr(stage, name)
    assert browser.get("/sessions/new").status_code == 403
    for path in ("open", "cancel", "postpone", "edit", "copy", "sittings/new", "sittings/check", "sittings/apply"):
        assert browser.post(f"/sessions/{open_one}/{path}").status_code == 403, path
    assert browser.post(f"/sittings/{sitting}/remove").status_code == 403
    assert browser.post(f"/sittings/{sitting}/edit").status_code == 403


# --- the list and the month -------------------------------------------------------------------------------


def test_the_list_is_narrowed_sorted_and_found_without_turkish_letters(stage: Stage, cast: Cast, props: Props) -> None:
    make(cast, at(MONDAY, "09:00-10:30", props.hall))
    make(cast, course_id=props.other_course)
    db.session.commit()
    browser = stage.coordinator
    for query, expected in (
        ("", 2),
        ("?q=goc", 1),
        ("?q=bk-02/1", 1),
        ("?q=gaziantep+proje", 1),
        ("?q=bk-02/2", 0),
        ("?status=draft", 2),
        ("?status=open", 0),
        ("?status=in_progress", 0),
        ("?status=ended", 0),
        ("?status=full", 0),
        ("?status=nonsense", 0),
        ("?period=2026-12", 1),
        ("?period=2026-Q4", 1),
        ("?period=2025", 0),
        ("?province=2", 0),
        ("?theme=1", 2),
        (f"?course={props.other_course}", 1),
        (f"?trainer={props.trainers['ayla']}", 0),
        ("?course=x", 0),
        ("?sort=capacity&direction=desc&page=9", 2),
    ):
        page = browser.get(f"/sessions{query}", headers=HX).text
        assert page.count('class="row-link"') == expected, query


def test_the_list_as_a_fragment_is_the_list_alone(stage: Stage, draft: int) -> None:
    answer = stage.coordinator.get("/sessions?sort=code", headers=HX)
    assert answer.text.lstrip().startswith('<div id="list">')
    assert "<html" not in answer.text


def test_the_list_is_a_file_of_exactly_what_is_shown_and_leaves_a_trace(stage: Stage, draft: int) -> None:
    answer = stage.coordinator.get("/sessions?q=proje&format=csv")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["Kod", "BK-02/1"]
    assert stage.coordinator.get("/sessions?format=xlsx").get_data()[:2] == b"PK"
    events = db.session.scalars(sa.select(AccessEntry.event).where(AccessEntry.event == "access.exported")).all()
    assert len(events) == 2


def statements(browser: Browser, path: str) -> int:
    """How many statements one request takes, sign-in and shell included."""
    browser.get(path)  # last seen is written once a minute
    said: list[str] = []

    def note(*args: object) -> None:
        said.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([line for line in said if line.lstrip().upper().startswith(("SELECT", "WITH"))])


def test_pages_take_a_fixed_number_of_statements(stage: Stage, cast: Cast, props: Props) -> None:
    def many(first: int, count: int) -> None:
        for n in range(first, first + count):
            make(cast, at(MONDAY, f"{8 + n:02}:00-{8 + n:02}:30", props.hall, props.trainers["umit"]))
        db.session.commit()

    many(0, 1)
    before = {path: statements(stage.coordinator, path) for path in ("/sessions", "/sessions/calendar?month=2026-12")}
    many(1, 8)
    after = {path: statements(stage.coordinator, path) for path in before}
    assert before == after
    assert after["/sessions"] <= 10, after


def test_the_month_shows_sessions_and_holidays(stage: Stage, open_one: int) -> None:
    page = stage.coordinator.page("/sessions/calendar?month=2026-12")
    assert "Aralık 2026" in page.text
    assert "BK-02/1 Proje Döngüsü" in page.text
    assert "Deneme Bayramı" in page.text
    assert "BK-02/1" not in stage.coordinator.page("/sessions/calendar?month=2026-12&province=2").text
    assert "Kasım 2026" in stage.coordinator.page("/sessions/calendar?month=nonsense").text


def test_the_search_finds_sessions_by_code(stage: Stage, draft: int) -> None:
    from app.training.shown import hits
    from app.web import slots

    assert hits in slots._providers["search.results"]


# --- planning ----------------------------------------------------------------------------------------------


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


# --- moving ------------------------------------------------------------------------------------------------


def test_open_postpone_redate_open_cancel(stage: Stage, draft: int) -> None:
    browser = stage.coordinator
    assert browser.post(f"/sessions/{draft}/open").location == f"/sessions/{draft}"
    assert "%80" in browser.page(f"/sessions/{draft}").text, "the threshold is copied from the course"
    assert browser.post(f"/sessions/{draft}/postpone").status_code == 422
    assert "oturumun tarihi silinir" in browser.page(f"/sessions/{draft}/postpone").text
    assert browser.post(f"/sessions/{draft}/postpone", data={"reason": "Kar yağışı"}).status_code == 303
    assert "Kar yağışı" in browser.page(f"/sessions/{draft}").text
    refused = browser.post(f"/sessions/{draft}/open")
    assert refused.status_code == 422
    assert "1 oturumun tarihi yok" in refused.text
    redated = {"start": "14.12.2026", "weekdays": ["0", "1"]}
    checked = browser.post(f"/sessions/{draft}/sittings/redate/check", data=redated, headers=HX)
    assert "14 Aralık 2026" in checked.text
    assert browser.post(f"/sessions/{draft}/sittings/redate", data=redated).status_code == 303
    assert browser.post(f"/sessions/{draft}/open").status_code == 303
    assert "geri alınamaz" in browser.page(f"/sessions/{draft}/cancel").text
    assert browser.post(f"/sessions/{draft}/cancel", data={"reason": "Bütçe"}).status_code == 303
    assert sessions()[0].status is SessionStatus.CANCELLED
    assert browser.get(f"/sessions/{draft}/cancel").status_code == 422


def test_a_draft_without_sittings_cannot_be_opened(stage: Stage, cast: Cast, props: Props) -> None:
    made = make(cast)
    db.session.commit()
    answer = stage.coordinator.post(f"/sessions/{made.id}/open")
    assert answer.status_code == 422
    assert "Henüz oturum yok" in answer.text


def test_numbers_are_changed_and_somebody_elses_change_is_not_overwritten(stage: Stage, draft: int) -> None:
    fields = {"capacity": "22", "minimum": "5", "acceptance": "by_hand", "provinces": "1", "version": "1"}
    version = str(sessions()[0].version)
    assert stage.coordinator.get(f"/sessions/{draft}/edit").status_code == 200
    assert stage.coordinator.post(f"/sessions/{draft}/edit", data=fields | {"version": version}).status_code == 303
    assert sessions()[0].capacity == 22
    stale = stage.admin.post(f"/sessions/{draft}/edit", data=fields | {"capacity": "30", "version": version})
    assert stale.status_code == 409
    assert "30" in stale.text
    assert "22" in stale.text
    low = stage.coordinator.post(
        f"/sessions/{draft}/edit", data=fields | {"minimum": "23", "version": str(sessions()[0].version)}
    )
    assert low.status_code == 422
    assert 'id="minimum-error"' in low.text


def test_a_session_is_copied_to_a_province_of_ones_own(stage: Stage, open_one: int) -> None:
    assert stage.coordinator.get(f"/sessions/{open_one}/copy").status_code == 200
    answer = stage.coordinator.post(f"/sessions/{open_one}/copy", data={"province_id": "1"})
    made = sessions()[1]
    assert answer.location == f"/sessions/{made.id}/sittings/new"
    assert (made.ordinal, made.status, made.capacity, made.starts_on) == (2, SessionStatus.DRAFT, 25, None)
    assert stage.coordinator.get(answer.location).status_code == 200
    assert stage.coordinator.post(f"/sessions/{open_one}/copy", data={"province_id": "2"}).status_code == 422
    assert stage.admin.post(f"/sessions/{open_one}/copy", data={"province_id": "2"}).status_code == 303
    assert sessions()[2].province_id == 2


# --- sittings ----------------------------------------------------------------------------------------------


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


def test_everything_reads_in_english_too(stage: Stage, open_one: int) -> None:
    sitting = sittings()[0].id
    for path in (
        "/sessions",
        "/sessions/calendar",
        "/sessions/new?course=1",
        f"/sessions/{open_one}",
        f"/sessions/{open_one}/sittings",
        f"/sessions/{open_one}/sittings/new",
        f"/sittings/{sitting}/edit",
        f"/sessions/{open_one}/cancel",
    ):
        assert "Eğitim grupları" not in stage.coordinator.page(f"{path}{'&' if '?' in path else '?'}lang=en").text, path


def test_two_roles_see_the_union(stage: Stage, cast: Cast, open_one: int) -> None:
    db.session.add(Grant(user_id=cast.users["coordinator_elsewhere"], role=Role.FOCAL_POINT, organisation_id=1))
    db.session.commit()
    assert stage.coordinator_elsewhere.get(f"/sessions/{open_one}").status_code == 200
    assert stage.coordinator_elsewhere.post(f"/sessions/{open_one}/cancel").status_code == 404
