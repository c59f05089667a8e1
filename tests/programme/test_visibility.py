"""Strategies, activities, and the checklist of an event."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy.exc import IntegrityError

from app.access.scope import EVERYWHERE, Scope
from app.audit.models import AuditEntry
from app.core.clock import now, today
from app.core.db import db
from app.core.paging import ListQuery
from app.programme.visibility import queries, rules
from app.programme.visibility.models import Activity, ActivityKind, CheckAnswer, CheckItem, EventCheck, Strategy
from app.settings.services import change_settings
from app.training.models import CourseSession, SessionStatus
from tests import factories
from tests.cast import EVENING, By, Cast, group, mark_all
from tests.conftest import Browser, Stage
from tests.counting import statements

BASE = "/programme/visibility"
WRITTEN = {"valid_from": "01.01.2026", "review_on": "01.01.2027", "goals_tr": "Görünür olmak", "messages_tr": "Şehir"}
TOLD = {"kind": "press", "day": "05.01.2026", "title_tr": "Gazete haberi", "province_id": "1", "approval": "not_needed"}


def sent(browser: Browser, path: str, **values: Any) -> Any:
    return browser.post(path, data={**browser.page(path).hidden(path), **values}, content_type="multipart/form-data")


def over(day: date, status: SessionStatus = SessionStatus.FINALISED, **values: Any) -> CourseSession:
    there = db.session.query(CourseSession).execution_options(scoped=frozenset({CourseSession.__table__})).count()
    return factories.course_session(starts_on=day, status=status, ordinal=there + 1, **values)


def answers(event: queries.Event) -> dict[CheckItem, CheckAnswer]:
    return {item: row.answer for item, row in queries.checks(event).items()}


# --- strategies --------------------------------------------------------------------------------------------


def test_a_strategy_from_its_draft_to_a_second_version(stage: Stage) -> None:
    assert sent(stage.coordinator, f"{BASE}/strategies/new", province_id="1", **WRITTEN).status_code == 303
    (made,) = db.session.scalars(EVERYWHERE.select(Strategy)).all()
    page, document = f"{BASE}/strategies/{made.id}", f"/programme/documents/{made.document_id}"
    assert sent(stage.coordinator, f"{document}/submit").status_code == 303
    assert sent(stage.coordinator, f"{page}/edit", **WRITTEN).status_code == 422, "nobody changes what is in review"
    assert sent(stage.admin, f"{document}/approve").status_code == 303
    assert stage.coordinator.post(f"{document}/revise").status_code == 303
    assert sent(stage.coordinator, f"{page}/edit", **{**WRITTEN, "messages_tr": "Şehir hepimizin"}).status_code == 303
    assert sent(stage.coordinator, f"{document}/submit", reason="İleti tamamlandı").status_code == 303
    assert sent(stage.admin, f"{document}/approve").status_code == 303
    assert "hepimizin" in stage.coordinator.page(f"{document}/versions/2/changes").text
    assert "hepimizin" not in stage.coordinator.page(f"{document}/versions/1").text, "an older version stays readable"
    assert stage.coordinator.get(f"{document}/versions/2.pdf").data.startswith(b"%PDF")
    assert "Sürüm 2" in stage.coordinator.page(BASE).text


def test_without_goals_and_messages_it_is_not_submitted(stage: Stage) -> None:
    made = factories.strategy(1, messages_tr="")
    db.session.commit()
    path = f"/programme/documents/{made.document_id}/submit"
    shown = stage.coordinator.page(path)
    assert "Boş bölümler: İletiler" in shown.text and f'action="{path}"' not in shown.html, "it could only fail"
    assert stage.coordinator.post(path, data={}).status_code in {409, 422}


def test_who_decides_has_seen_what_it_says(stage: Stage) -> None:
    made = factories.strategy(1)
    db.session.commit()
    path = f"/programme/documents/{made.document_id}/submit"
    shown = stage.coordinator.page(path).hidden(path)
    assert sent(stage.coordinator, f"{BASE}/strategies/{made.id}/edit", **WRITTEN).status_code == 303
    assert stage.coordinator.post(path, data=shown).status_code == 409


def test_a_province_has_one_and_reviews_it_later_than_it_begins(stage: Stage) -> None:
    early = sent(
        stage.coordinator, f"{BASE}/strategies/new", **{**WRITTEN, "province_id": "1", "review_on": "01.01.2025"}
    )
    assert early.status_code == 422
    factories.strategy(1)
    db.session.commit()
    assert sent(stage.coordinator, f"{BASE}/strategies/new", province_id="1", **WRITTEN).status_code == 422
    assert sent(stage.coordinator, f"{BASE}/strategies/new", province_id="2", **WRITTEN).status_code == 422
    assert "/strategies/new" not in stage.coordinator.get(BASE).text


def test_what_is_past_its_review_is_a_task(stage: Stage) -> None:
    factories.strategy(1, review_on=today() - timedelta(days=1))
    db.session.commit()
    assert f"{BASE}?review=due" in stage.coordinator.get("/").text
    assert f"{BASE}?review=due" not in stage.coordinator_elsewhere.get("/").text


# --- activities --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reach": "12000"}, "Bu sayının kaynağını"),
        ({"reach": "-5", "reach_source": "Sayaç"}, "0 ile"),
        ({"reach": "999999999", "reach_source": "Sayaç"}, "0 ile"),
        ({"approval": "given"}, "Hangi tarihte"),
        ({"day": "01.01.2099"}, "henüz gelmedi"),
        ({"province_id": "2"}, "Bu seçenek"),
    ],
)
def test_what_an_activity_cannot_be_is_said(stage: Stage, values: dict[str, str], field: str) -> None:
    answer = sent(stage.coordinator, f"{BASE}/activities/new", **{**TOLD, **values})
    assert answer.status_code == 422
    assert field in answer.text
    assert "Gazete haberi" in answer.text
    assert not db.session.scalars(EVERYWHERE.select(Activity)).all()


def test_an_activity_with_its_picture(stage: Stage) -> None:
    session = over(date(2026, 1, 5))
    db.session.commit()
    cut = {**TOLD, "file": (BytesIO(b"%PDF-1.4 cut off"), "haber.pdf")}
    said = sent(stage.coordinator, f"{BASE}/activities/new", **cut).text
    assert "Dosya bozuk" in said and "izelge" not in said, "no signature sheet"
    picture = (BytesIO(factories.pdf("haber")), "haber.pdf")
    values = {**TOLD, "reach": "1200", "reach_source": "Tiraj", "course_session_id": str(session.id), "file": picture}
    assert sent(stage.coordinator, f"{BASE}/activities/new", **values).status_code == 303
    (made,) = db.session.scalars(EVERYWHERE.select(Activity)).all()
    page = f"{BASE}/activities/{made.id}"
    assert f"/sessions/{session.id}/visibility" in stage.coordinator.page(page).html
    assert stage.coordinator.get(f"{page}/file").data.startswith(b"%PDF")
    for browser in (stage.coordinator_elsewhere, stage.focal_point):
        assert browser.get(page).status_code == browser.get(f"{page}/file").status_code == 404
    assert "Gazete haberi" in stage.coordinator.get(f"{BASE}/activities?format=csv&q=gazete").text


def test_an_activity_belongs_to_a_pilot_project_and_to_a_meeting(stage: Stage) -> None:
    """Its page leads to them, and theirs to it."""
    pilot = factories.pilot()
    meeting = factories.group_meeting(factories.action_group().id, date(2026, 1, 5))
    db.session.commit()
    values = {"kind": "event", "pilot_id": str(pilot.id), "meeting_id": str(meeting.id)}
    assert sent(stage.coordinator, f"{BASE}/activities/new", **{**TOLD, **values}).status_code == 303
    (made,) = db.session.scalars(EVERYWHERE.select(Activity)).all()
    page, around = (
        f"{BASE}/activities/{made.id}",
        (f"/programme/pilots/{pilot.id}", f"/programme/meetings/{meeting.id}"),
    )
    shown = stage.coordinator.page(page).html
    assert all(f'href="{path}"' in shown for path in around)
    assert f"{page}/checklist" not in shown, "an event of a meeting is on the meeting's list"
    pilots, checklist = f"{around[0]}/sessions", f"{around[1]}/visibility"
    assert all(f'href="{page}"' in stage.coordinator.page(path).html for path in (pilots, checklist))
    assert stage.coordinator.get(f"{BASE}/events").text.count("Gazete haberi") == 0
    assert sent(stage.coordinator, f"{page}/edit", **TOLD, pilot_id="", meeting_id="").status_code == 303
    assert "Gazete haberi" not in stage.coordinator.get(pilots).text


def test_an_activity_goes_on_belonging_to_a_meeting_that_was_cancelled(stage: Stage) -> None:
    meeting = factories.group_meeting(factories.action_group().id, date(2026, 1, 5), cancelled_at=now())
    kept = factories.activity(1, meeting_id=meeting.id)
    db.session.commit()
    offered = [
        stage.coordinator.page(f"{BASE}/activities/{page}").html.split('name="meeting_id"')[1].split("</select>")[0]
        for page in (f"{kept.id}/edit", "new")
    ]
    assert [f'value="{meeting.id}"' in one for one in offered] == [True, False]


def test_an_activity_belongs_to_nothing_of_another_province(stage: Stage) -> None:
    own = {
        "course_session_id": over(date(2026, 1, 5), province_id=2).id,
        "pilot_id": factories.pilot(province_id=2).id,
        "meeting_id": factories.group_meeting(factories.action_group(province_id=2).id, date(2026, 1, 5)).id,
    }
    db.session.commit()
    for name, key in own.items():
        said = sent(stage.admin, f"{BASE}/activities/new", **{**TOLD, name: str(key)})
        assert (said.status_code, "Bağlı olduğu kayıt başka bir ilde." in said.text) == (422, True), name
        said = sent(stage.coordinator, f"{BASE}/activities/new", **{**TOLD, name: str(key)})
        assert (said.status_code, "Bu seçenek" in said.text) == (422, True), name
    assert not db.session.scalars(EVERYWHERE.select(Activity)).all()


def test_a_picture_of_40_mb_is_refused_with_a_sentence(stage: Stage) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = stage.coordinator.post(f"{BASE}/activities/new", data=b"file=" + b"x" * 40_000_000, content_type=kind)
    assert answer.status_code == 413
    assert "12 MB" in answer.text
    assert 'data-most="12582912"' in stage.coordinator.page(f"{BASE}/activities/new").html


# --- the checklist -----------------------------------------------------------------------------------------


def test_a_checklist_is_answered_and_says_by_whom(stage: Stage) -> None:
    session = over(date(2026, 1, 5))
    db.session.commit()
    path = f"/sessions/{session.id}/visibility"
    assert sent(stage.coordinator, path, flags="yes", logos="no").status_code == 303
    assert answers(session) == {CheckItem.FLAGS: CheckAnswer.YES, CheckItem.LOGOS: CheckAnswer.NO}
    assert sent(stage.coordinator, path, flags="yes", logos="not_needed").status_code == 303
    (entry, again) = db.session.query(AuditEntry).filter_by(event="checklist.answered").order_by(AuditEntry.id)
    assert (entry.facts["items"], entry.facts["settled"]) == (["flags", "logos"], 1)
    assert (again.facts["items"], again.facts["settled"]) == (["logos"], 2)
    assert stage.coordinator_elsewhere.get(path).status_code == 404
    assert stage.focal_point.get(path).status_code == stage.trainer.get(path).status_code == 403


def test_two_who_answer_at_once_are_told_of_each_other(stage: Stage) -> None:
    session = over(date(2026, 1, 5))
    db.session.commit()
    path = f"/sessions/{session.id}/visibility"
    shown = stage.admin.page(path).hidden(path)
    assert sent(stage.coordinator, path, flags="yes").status_code == 303
    answer = stage.admin.post(path, data={**shown, "flags": "no", "consent": "yes"})
    assert answer.status_code == 409
    assert answers(session) == {CheckItem.FLAGS: CheckAnswer.YES}


def test_a_cancelled_event_is_not_answered(stage: Stage) -> None:
    session = over(date(2026, 1, 5), SessionStatus.CANCELLED)
    db.session.commit()
    assert sent(stage.coordinator, f"/sessions/{session.id}/visibility", flags="yes").status_code == 422


def test_finalising_asks_for_it_where_the_programme_does(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        mark_all(stands)
        checklist, finalise = f"/sessions/{stands.session}/checklist", f"/sessions/{stands.session}/finalise"
        assert "Görünürlük kontrol listesi tam" not in stage.coordinator.page(checklist).text
        change_settings({"visibility_required": True}, by=By(stage.cast.users["admin"]))
        db.session.commit()
        assert "Görünürlük kontrol listesi tam" in stage.coordinator.page(checklist).text
        assert stage.coordinator.post(finalise).status_code == 422
        factories.checked(course_session_id=stands.session)
        db.session.commit()
        assert stage.coordinator.post(finalise).status_code == 303


def test_what_begins_soon_with_something_open_is_a_task(stage: Stage) -> None:
    soon = over(today() + timedelta(days=3), SessionStatus.CONFIRMED)
    settled = over(today() + timedelta(days=3), SessionStatus.CONFIRMED)
    over(today() + timedelta(days=30), SessionStatus.CONFIRMED)
    factories.checked(*(item for item in CheckItem if item.before), course_session_id=settled.id)
    db.session.commit()
    address = f"{BASE}/events?checklist=ahead"
    assert address in stage.coordinator.get("/").text
    found = queries.events(EVERYWHERE, ListQuery(sort="date", filters={"checklist": "ahead"})).everything()
    assert [(row.kind, row.id) for row in found] == [("session", soon.id)]
    assert address not in stage.coordinator_elsewhere.get("/").text


def test_a_meeting_has_a_checklist_of_its_own(stage: Stage) -> None:
    held = factories.group_meeting(factories.action_group().id, today() - timedelta(days=1))
    db.session.commit()
    path = f"/programme/meetings/{held.id}/visibility"
    assert path in stage.coordinator.page(f"/programme/meetings/{held.id}").links
    assert sent(stage.coordinator, path, flags="yes", consent="not_needed").status_code == 303
    assert answers(held) == {CheckItem.FLAGS: CheckAnswer.YES, CheckItem.CONSENT: CheckAnswer.NOT_NEEDED}
    (entry,) = db.session.query(AuditEntry).filter_by(event="checklist.answered")
    assert (entry.facts["meeting_id"], entry.facts["course_session_id"]) == (held.id, None)
    assert path in stage.coordinator.page(f"{BASE}/events?kind=meeting").links
    assert stage.coordinator_elsewhere.get(path).status_code == 404
    assert stage.focal_point.get(path).status_code == stage.viewer.get(path).status_code == 403


def test_a_meeting_that_was_called_off_is_not_answered(stage: Stage) -> None:
    off = factories.group_meeting(factories.action_group().id, today(), cancelled_at=now())
    db.session.commit()
    assert sent(stage.coordinator, f"/programme/meetings/{off.id}/visibility", flags="yes").status_code == 422
    assert f"/programme/meetings/{off.id}/visibility" not in stage.coordinator.page(f"{BASE}/events").links


def test_an_event_is_planned_with_its_checklist(stage: Stage) -> None:
    day = f"{today() + timedelta(days=2):%d.%m.%Y}"
    values = {**TOLD, "kind": "event", "title_tr": "Açık kapı günü", "day": day}
    assert sent(stage.coordinator, f"{BASE}/activities/new", **values).status_code == 303
    (made,) = db.session.scalars(EVERYWHERE.select(Activity)).all()
    path = f"{BASE}/activities/{made.id}/checklist"
    assert path in stage.coordinator.page(f"{BASE}/activities/{made.id}").links
    assert f"{BASE}/events?checklist=ahead" in stage.coordinator.get("/").text, "it begins soon with something open"
    before = {item.value: "yes" for item in CheckItem if item.before}
    assert sent(stage.coordinator, path, **before).status_code == 303
    assert f"{BASE}/events?checklist=ahead" not in stage.coordinator.get("/").text
    assert stage.coordinator_elsewhere.get(path).status_code == 404


def test_what_is_no_event_of_its_own_has_no_checklist(stage: Stage) -> None:
    """A press report has none; of an event of a course session or a meeting it is that one's."""
    session = over(date(2026, 1, 5))
    meeting = factories.group_meeting(factories.action_group().id, date(2026, 1, 5))
    several = [
        factories.activity(1),
        factories.activity(1, kind=ActivityKind.EVENT, course_session_id=session.id),
        factories.activity(1, kind=ActivityKind.EVENT, meeting_id=meeting.id),
    ]
    db.session.commit()
    for one in several:
        assert stage.coordinator.get(f"{BASE}/activities/{one.id}/checklist").status_code == 404
        assert f"{one.id}/checklist" not in stage.coordinator.get(f"{BASE}/activities/{one.id}").text


@pytest.mark.parametrize("owners", [{}, {"course_session_id": 1, "meeting_id": 1}])
def test_a_checklist_is_of_exactly_one_event(cast: Cast, owners: dict[str, int]) -> None:
    over(date(2026, 1, 5))
    factories.group_meeting(factories.action_group().id, today())
    with pytest.raises(IntegrityError, match=r"(?i)check"):
        factories.checked(CheckItem.FLAGS, **owners)
    db.session.rollback()


# each example begins with no row
ROWS = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
PLACES = {"session": "course_session_id", "meeting": "meeting_id", "activity": "activity_id"}
HELD = some.tuples(
    some.sampled_from(list(PLACES)),
    some.sampled_from([1, 2, None]),
    some.sampled_from(list(SessionStatus)),
    some.sampled_from([-400, -30, -1, 0, 3]),
    some.integers(0, len(CheckItem)),
    some.sampled_from(list(CheckAnswer)),
)


def held(kind: str, province: int | None, status: SessionStatus, day: date, number: int) -> queries.Event:
    if kind == "meeting":
        off = now() if status is SessionStatus.CANCELLED else None
        return factories.group_meeting(factories.action_group(province_id=province or 1).id, day, cancelled_at=off)
    if kind == "activity":
        what = ActivityKind.PRESS if status is SessionStatus.CANCELLED else ActivityKind.EVENT
        return factories.activity(province or 1, day=day, kind=what)
    return factories.course_session(starts_on=day, status=status, province_id=province, ordinal=number + 1)


@ROWS
@given(rows=some.lists(HELD, max_size=6))
def test_g15_is_the_length_of_the_list_it_opens(cast: Cast, rows: list[Any]) -> None:
    try:
        for number, (kind, province, status, days, many, answer) in enumerate(rows):
            day = today() + timedelta(days=days)
            made = held(kind, province, status, day, number)
            if many:
                factories.checked(*list(CheckItem)[:many], answer=answer, **{PLACES[kind]: made.id})
        for year in (today().year, today().year - 1):
            for province, done, of, _ in db.session.execute(queries.by_province(year)):
                asked = {"year": str(year)}
                scope = EVERYWHERE if province is None else Scope(provinces=frozenset({province}))
                events = queries.events(scope, ListQuery(sort="date", filters=asked)).everything()
                complete = queries.events(scope, ListQuery(sort="date", filters={**asked, "checklist": "complete"}))
                if province is not None:
                    assert (done, of) == (len(complete.everything()), len(events))
                    assert done == sum(row.settled == len(CheckItem) for row in events)
    finally:
        db.session.rollback()


def test_no_is_never_settled() -> None:
    assert rules.open_items(dict.fromkeys(CheckItem, CheckAnswer.NOT_NEEDED)) == []
    assert rules.open_items({CheckItem.FLAGS: CheckAnswer.NO}, before=True)[0] is CheckItem.FLAGS


def test_pages_ask_a_fixed_number_of_questions(stage: Stage) -> None:
    factories.strategy(1)
    group = factories.action_group()
    for number in range(6):
        session = over(date(2026, 1, 5 + number))
        meeting = factories.group_meeting(group.id, today() - timedelta(days=number))
        pilot = factories.pilot(f"PP-27-0{number}")
        factories.activity(1, course_session_id=session.id, pilot_id=pilot.id, meeting_id=meeting.id)
        factories.activity(1, kind=ActivityKind.EVENT)
    db.session.commit()
    stage.coordinator.get("/")
    for path in (
        "",
        "/strategies/1",
        "/strategies/1/edit",
        "/activities",
        "/activities/1",
        "/activities/new",
        "/events",
    ):
        with statements() as seen:
            assert stage.coordinator.get(f"{BASE}{path}").status_code == 200
        assert len(seen) <= 8, (path, seen)
    for path in ("/sessions/1/visibility", "/programme/meetings/1/visibility", f"{BASE}/activities/2/checklist"):
        with statements() as seen:
            assert stage.coordinator.get(path).status_code == 200
        assert len(seen) <= 8, (path, seen)


def test_an_answer_is_kept_once(cast: Cast) -> None:
    session = over(date(2026, 1, 5))
    factories.checked(CheckItem.FLAGS, course_session_id=session.id)
    with pytest.raises(IntegrityError):
        factories.checked(CheckItem.FLAGS, course_session_id=session.id)
    db.session.rollback()
    assert not db.session.scalars(EVERYWHERE.select(EventCheck)).all()


def test_an_approval_is_not_given_in_the_future(stage: Stage) -> None:
    sent = {"kind": "press", "day": today().isoformat(), "title_tr": "Haber", "province_id": "1"}
    sent |= {"approval": "given", "approval_day": (today() + timedelta(days=40)).isoformat()}
    answer = stage.coordinator.post("/programme/visibility/activities/new", data=sent)
    assert answer.status_code == 422 and "approval_day-error" in answer.text
    sent |= {"approval_day": today().isoformat()}
    assert stage.coordinator.post("/programme/visibility/activities/new", data=sent).status_code == 303
