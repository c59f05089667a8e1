"""An extra off-day tells what it meets, and postpones it together."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.access.caller import Caller
from app.access.models import User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core import slots
from app.core.db import db
from app.training.days import pages as days
from app.training.models import AssignmentAnswer, SessionStatus, SittingState, TrainerAssignment
from tests import factories
from tests.conftest import Stage
from tests.counting import statements
from tests.training.stage import MONDAY, Props, at, make, sessions, sittings

Status = SessionStatus
TUESDAY = MONDAY + timedelta(days=1)
PAGE = f"/sessions/on/{MONDAY}"
POST = f"{PAGE}/postpone"
WHY = "Valilik kararı"


@pytest.fixture
def two_days(stage: Stage, props: Props) -> int:
    """A confirmed session of two sittings on the day and one on the next."""
    hall, ayla = props.spare, props.trainers["ayla"]
    made = make(
        stage.cast,
        at(MONDAY, "09:00-10:30", hall, ayla),
        at(MONDAY, "10:45-12:15", hall, ayla),
        at(TUESDAY, "09:00-10:30", hall, ayla),
        status=Status.CONFIRMED,
    ).id
    db.session.commit()
    return made


def test_the_day_lists_its_sittings_with_the_form_that_postpones_them(
    stage: Stage, two_days: int, open_one: int
) -> None:
    assert factories.holiday(MONDAY).id == 4
    page = stage.admin.page("/settings/holidays/4")
    assert "Bu gündeki oturumlar" in page.text and "09:00–10:30" in page.text and "Proje Döngüsü" in page.text
    assert {f"/sessions/{two_days}/sittings", f"/sessions/{open_one}/sittings"} <= set(page.links)
    raw = stage.admin.get("/settings/holidays/4").text
    assert f'action="{POST}"' in raw
    assert raw.count(" checked") == 2
    assert re.search(r">\s*İdari izin</textarea>", raw), "the reason to begin with"
    assert "2 oturumun tarihi kaldırılır; eğitim grubu sürer." in page.text
    assert "Başka günü yok: eğitim grubunun tamamı ertelenir." in page.text


def test_the_finished_is_listed_without_a_box_and_the_cancelled_is_not(stage: Stage, props: Props) -> None:
    finished = make(stage.cast, at(MONDAY, "09:00-10:30", props.hall), status=Status.FINALISED).id
    cancelled = make(stage.cast, at(MONDAY, "11:00-12:30", props.hall), status=Status.CANCELLED).id
    db.session.commit()
    key = factories.holiday(MONDAY).id
    page = stage.admin.page(f"/settings/holidays/{key}")
    assert f"/sessions/{finished}/sittings" in page.links
    assert 'type="checkbox"' not in stage.admin.get(f"/settings/holidays/{key}").text
    assert f"/sessions/{cancelled}/sittings" not in page.links


def test_only_sessions_one_runs(stage: Stage, props: Props, open_one: int) -> None:
    def who(name: str) -> Caller:
        return caller_of(EVERYWHERE.get(User, stage.cast.users[name]))

    with stage.app.test_request_context():
        found = days.sessions_on(who("coordinator"), MONDAY)
        assert [each.course_session.id for each in found] == [open_one]
        for name in ("coordinator_elsewhere", "trainer", "staff", "viewer"):
            assert days.section(who(name), MONDAY) is None, name


def test_who_runs_nothing_may_not_and_no_day_is_no_page(stage: Stage, open_one: int) -> None:
    for name in ("trainer", "staff", "focal_point", "viewer"):
        assert getattr(stage, name).get(PAGE).status_code == 403, name
        assert getattr(stage, name).post(POST).status_code == 403, name
    assert stage.coordinator.get("/sessions/on/2026-13-45").status_code == 404
    assert "Bu günde oturum yok" in stage.coordinator_elsewhere.page(PAGE).text


def test_a_day_is_taken_away_and_the_session_goes_on(stage: Stage, two_days: int) -> None:
    for assignment in db.session.scalars(EVERYWHERE.select(TrainerAssignment)):
        assignment.answer = AssignmentAnswer.ACCEPTED
    db.session.commit()
    answer = stage.coordinator.post(POST, data={"sessions": [two_days], "reason": WHY})
    assert answer.location == PAGE
    (session,) = sessions()
    assert (session.status, session.starts_on, session.ends_on) == (Status.CONFIRMED, TUESDAY, TUESDAY)
    assert [each.date for each in sittings()] == [None, None, TUESDAY]
    assert [each.sequence for each in sittings()] == [1, 1, 0]
    answers = [
        each.answer.value
        for each in db.session.scalars(EVERYWHERE.select(TrainerAssignment).order_by(TrainerAssignment.id))
    ]
    assert answers == ["pending", "pending", "accepted"]
    page = stage.coordinator.page(f"/sessions/{two_days}")
    assert "Ertelendi: 2 oturumun tarihi kaldırıldı" in page.text
    assert WHY in page.text and "Ayşe Çelik" in page.text
    assert "Yeni tarih gerekiyor: BK-02/1" in stage.coordinator.page("/").text
    events = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert events == "session.sittings_changed"


def test_a_session_with_no_other_day_is_postponed_itself(stage: Stage, open_one: int) -> None:
    assert stage.coordinator.post(POST, data={"sessions": [open_one], "reason": WHY}).status_code == 303
    (session,) = sessions()
    assert (session.status, session.status_reason, session.starts_on) == (Status.POSTPONED, WHY, None)


def test_marked_and_dropped_sittings_keep_their_date(
    stage: Stage, two_days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = sittings()
    second.state, second.state_reason = SittingState.NOT_HELD, "Elektrik"
    db.session.commit()
    marked = first.id
    monkeypatch.setitem(
        slots.PROVIDERS.here, "training.kept_sittings", [lambda _, keys: [key for key in keys if key == marked]]
    )
    page = stage.coordinator.page(PAGE)
    assert "Olduğu gibi kalır" in page.text
    assert stage.coordinator.post(POST, data={"sessions": [two_days], "reason": WHY}).status_code == 422
    assert [each.date for each in sittings()] == [MONDAY, MONDAY, TUESDAY]


def test_without_a_reason_or_a_tick_nothing_happens_and_what_was_ticked_stays(
    stage: Stage, two_days: int, open_one: int
) -> None:
    bare = stage.coordinator.post(POST, data={"sessions": [open_one]})
    assert bare.status_code == 422
    assert 'id="reason-error"' in bare.text
    assert bare.text.count(" checked") == 1
    none = stage.coordinator.post(POST, data={"reason": WHY})
    assert none.status_code == 422
    assert "En az bir eğitim grubunu işaretleyiniz." in none.text
    assert WHY in none.text
    assert None not in [each.date for each in sittings()]


def test_another_provinces_session_is_not_on_offer(stage: Stage, open_one: int, props: Props) -> None:
    far = make(stage.cast, at(MONDAY, "09:00-10:30", props.far), province=2, status=Status.OPEN).id
    db.session.commit()
    assert stage.coordinator.post(POST, data={"sessions": [open_one, far], "reason": WHY}).status_code == 422
    assert {each.status for each in sessions()} == {Status.OPEN}


def test_a_new_day_off_waits_on_the_first_page_unless_it_was_chosen_on_purpose(
    stage: Stage, open_one: int, props: Props
) -> None:
    words = "Tatil gününe denk geliyor: BK-02/1"
    holiday = date(2026, 12, 9)
    make(stage.cast, at(holiday, "09:00-10:30", props.spare), status=Status.OPEN, reason="Valilik istedi")
    db.session.commit()
    assert "Tatil gününe denk geliyor" not in stage.coordinator.page("/").text
    factories.holiday(MONDAY)
    page = stage.coordinator.page("/")
    assert words in page.text
    assert PAGE in page.links
    assert words not in stage.coordinator_elsewhere.page("/").text


def test_many_sittings_cost_no_more_statements(stage: Stage, props: Props, open_one: int) -> None:
    key = factories.holiday(MONDAY).id

    def count(browser: object, path: str) -> int:
        browser.page(path)  # type: ignore[attr-defined]  # a browser of the stage
        with statements() as seen:
            browser.page(path)  # type: ignore[attr-defined]  # the same
        return len(seen)

    before = count(stage.admin, f"/settings/holidays/{key}"), count(stage.coordinator, PAGE)
    for hour in (14, 15, 16):
        make(stage.cast, at(MONDAY, f"{hour}:00-{hour}:30", props.spare), reason="İzin günü", status=Status.OPEN)
    after = count(stage.admin, f"/settings/holidays/{key}"), count(stage.coordinator, PAGE)
    assert before == after
    assert max(after) <= 8, after
