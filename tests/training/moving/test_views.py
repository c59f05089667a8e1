"""A confirmed session moved on one page: it stays confirmed, everybody is asked anew and told once."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.access.scope import EVERYWHERE
from app.core.clock import at as moment
from app.core.db import db
from app.enrolment import queries as enrolments
from app.enrolment.models import Answer, Enrolment
from app.enrolment.seats import services as seats
from app.post.calendars import ics
from app.post.models import Message, MessageStatus
from app.training import history
from app.training import queries as training
from app.training.models import AssignmentAnswer, ChangeKind, CourseSession, SessionChange, SessionStatus
from tests import factories
from tests.cast import By, Cast
from tests.conftest import HX, Stage
from tests.counting import statements
from tests.enrolment.stage import course_session, enrolled, person
from tests.training.stage import MONDAY, Props, at, make, sittings

LATER = date(2026, 12, 14)
PLAIN: dict[str, Any] = {"count": "1", "unit": "weeks_later"}


@pytest.fixture
def session(cast: Cast) -> int:
    """Confirmed: Elif and Işık said yes, Şükrü waits, Ümit gives the first of two sittings and has accepted."""
    person(cast.employees["sukru"]).email = "sukru@ornek.example"
    made = course_session(capacity=2, day=MONDAY, province_id=1)
    first = training.sittings(made)[0]
    factories.assignment(first.id, factories.trainer(user_id=cast.users["trainer"], province_id=1).id)
    for row in enrolled(made, *(cast.employees[name] for name in ("elif", "isik", "sukru"))):
        row.answer = Answer.YES
    factories.holiday(date(2027, 5, 1))
    seats.confirm(made, by=By())
    for row in db.session.scalars(EVERYWHERE.select(Enrolment)):
        row.answer = Answer.YES
    forget()
    return made.id


def forget() -> None:
    db.session.execute(sa.update(Message).values(status=MessageStatus.SENT))
    db.session.commit()


def told() -> list[Message]:
    db.session.rollback()
    waiting = sa.select(Message).where(Message.status == MessageStatus.QUEUED).order_by(Message.id)
    return list(db.session.scalars(waiting))


def typed(stage: Stage, key: int, **more: Any) -> dict[str, Any]:
    """What the page sends as it stands, with the warnings of these days answered."""
    query = {name: more[name] for name in ("day", "sitting") if name in more}
    page = stage.coordinator.get(f"/sessions/{key}/move", query_string=query).text
    version = re.search(r'name="version" value="([^"]*)"', page)
    assert version is not None
    return PLAIN | {"version": version[1], "override_reason": "Takvim böyle"} | more


def now_(key: int) -> CourseSession:
    db.session.rollback()
    return training.course_session(EVERYWHERE, key)


def answers(key: int) -> list[Answer]:
    held = EVERYWHERE.select(Enrolment).where(Enrolment.course_session_id == key).order_by(Enrolment.id)
    return [row.answer for row in db.session.scalars(held)]


def test_a_week_later_it_is_still_confirmed_and_each_is_told_once(stage: Stage, session: int) -> None:
    answer = stage.coordinator.post(f"/sessions/{session}/move", data=typed(stage, session))
    assert answer.location == f"/sessions/{session}"
    moved = now_(session)
    assert (moved.status, moved.starts_on, moved.ends_on) == (SessionStatus.CONFIRMED, LATER, LATER)
    assert [each.starts for each in training.sittings(moved)] == [time(9), time(10, 45)]
    letters = told()
    assert sorted(each.to_address for each in letters) == [
        "egitmen@yetkin.example",
        "isik.N-002@ornek.example",
        "personel@yetkin.example",
    ], "one each, nobody of the waiting list"
    for letter in letters:
        (event,) = ics.read(letter.calendar or b"")
        assert event.start.date() == LATER
    assert answers(session) == [Answer.NONE, Answer.NONE, Answer.YES], "who holds a seat is asked again"
    assert [each.answer for each in training.assignments(moved)] == [AssignmentAnswer.PENDING]
    assert "Günü, saati veya salonu değişti: 2 oturum" in [step.text for step in history.of(moved)]


def test_who_and_what_is_hit_is_seen_before(stage: Stage, session: int) -> None:
    page = stage.coordinator.get(f"/sessions/{session}/move").text
    assert 'hx-trigger="load, change delay:150ms"' in page, "asked for as soon as the page stands"
    before = now_(session).version
    person(stage.cast.employees["isik"]).email = ""
    db.session.commit()
    seen = stage.coordinator.post(f"/sessions/{session}/move/check", data=PLAIN, headers=HX).text
    assert "7 Aralık 2026 Pazartesi" in seen and "14 Aralık 2026 Pazartesi" in seen
    assert "2 katılımcıya birer ileti gider." in seen
    assert "2 kişi “evet” demişti: yeniden sorulur." in seen
    assert "Işık" in seen and "Eğitmenler: Ümit Güneş" in seen
    assert now_(session).version == before and told() == []


def test_each_day_or_one_sitting_to_a_date_of_its_own(stage: Stage, cast: Cast, props: Props) -> None:
    days = [at(MONDAY + timedelta(days=n), "09:00-10:30", props.hall, props.trainers["umit"]) for n in range(2)]
    made = make(cast, *days, status=SessionStatus.OPEN)
    db.session.commit()
    key = made.id
    one = typed(stage, key, **{"dates-0": "2026-12-11", "dates-1": ""}, count="0")
    assert stage.coordinator.post(f"/sessions/{key}/move", data=one).status_code == 303
    found = [(each.date, each.starts) for each in sittings()]
    assert found == [(date(2026, 12, 11), time(8, 30)), (MONDAY + timedelta(days=1), time(9))], "at Friday's hours"
    alone = sittings()[1].id
    later = {"starts": "11:00", "ends": "12:00", "count": "0"}
    data = typed(stage, key, sitting=str(alone), **later)
    assert stage.coordinator.post(f"/sessions/{key}/move", data=data).status_code == 303
    assert [(each.starts, each.ends) for each in sittings()] == [(time(8, 30), time(10)), (time(11), time(12))]
    day = typed(stage, key, day="2026-12-11", unit="days_later")
    assert stage.coordinator.post(f"/sessions/{key}/move", data=day).status_code == 303
    assert [each.date for each in sittings()] == [LATER, date(2026, 12, 8)]
    assert stage.coordinator.get(f"/sessions/{key}/move?day=2026-12-30").status_code == 404
    assert stage.coordinator.get(f"/sessions/{key}/move?sitting=999").status_code == 404


def test_what_was_marked_keeps_its_date(stage: Stage, session: int) -> None:
    first, second = training.sittings(now_(session))
    seat = enrolments.enrolment_of(now_(session), person(stage.cast.employees["elif"]))
    assert seat is not None
    factories.mark(second.id, seat.id)
    db.session.commit()
    key = second.id
    assert "1 oturum tarihinde kalır" in stage.coordinator.page(f"/sessions/{session}/move").text
    data = typed(stage, session, **{"dates-0": "2026-12-15"})
    assert stage.coordinator.post(f"/sessions/{session}/move", data=data).status_code == 303
    stands = {each.id: each.date for each in sittings()}
    assert stands[key] == MONDAY and stands[first.id] == date(2026, 12, 15)
    refused = stage.coordinator.post(f"/sessions/{session}/move", data=typed(stage, session, sitting=str(key)))
    assert refused.status_code == 422 and "taşınamaz" in refused.text


def test_what_has_begun_stays_unless_it_is_named(stage: Stage, session: int) -> None:
    with time_machine.travel(moment(MONDAY, time(9, 5)), tick=False):
        here = Stage(stage.app, stage.cast)
        assert here.coordinator.post(f"/sessions/{session}/move", data=typed(here, session)).status_code == 303
        assert sorted(each.date or date.min for each in sittings()) == [MONDAY, LATER]
        page = here.coordinator.page(f"/sessions/{session}/move?day={MONDAY}")
        assert "1 oturum taşınır." in page.text


def test_nothing_is_moved_that_would_stay(stage: Stage, session: int) -> None:
    answer = stage.coordinator.post(f"/sessions/{session}/move", data=typed(stage, session, count="0"))
    assert answer.status_code == 422 and "Hiçbir şey değişmezdi" in answer.text
    assert told() == []


def test_another_session_that_took_the_room_meanwhile_is_named(stage: Stage, cast: Cast, props: Props) -> None:
    mine = make(cast, at(MONDAY, "09:00-10:30", props.hall), status=SessionStatus.CONFIRMED).id
    db.session.commit()
    data = typed(stage, mine)
    make(cast, at(LATER, "10:00-11:00", props.hall), course_id=2, status=SessionStatus.OPEN)
    db.session.commit()
    answer = stage.coordinator.post(f"/sessions/{mine}/move", data=data)
    assert answer.status_code == 422
    assert "Salon 14.12.2026 günü dolu: GY-01/1." in answer.text and "Aynı saatte boş" in answer.text
    assert [each.date for each in sittings()] == [MONDAY, LATER]
    free = data | {"room_id": str(props.spare)}
    assert stage.coordinator.post(f"/sessions/{mine}/move", data=free).status_code == 303
    assert sittings()[0].room_id == props.spare


def test_whoever_looks_at_an_older_state_is_told_so(stage: Stage, session: int) -> None:
    old = typed(stage, session)
    assert stage.admin.post(f"/sessions/{session}/move", data=typed(stage, session, count="2")).status_code == 303
    assert stage.coordinator.post(f"/sessions/{session}/move", data=old).status_code == 409
    assert now_(session).starts_on == date(2026, 12, 21)


def test_two_days_never_come_to_stand_on_one(stage: Stage, cast: Cast, props: Props) -> None:
    key = make(cast, *(at(MONDAY + timedelta(days=n), "09:00-10:30", props.hall) for n in range(2))).id
    db.session.commit()
    wrong = typed(stage, key, **{"dates-0": "2026-12-14", "dates-1": "2026-12-14"})
    answer = stage.coordinator.post(f"/sessions/{key}/move", data=wrong)
    assert answer.status_code == 422 and "aynı tarihe" in answer.text
    bad = stage.coordinator.post(f"/sessions/{key}/move", data=typed(stage, key, **{"dates-0": "yarın"}))
    assert bad.status_code == 422 and "yarın" in bad.text, "what was typed is not lost"


def test_a_trainer_is_replaced_with_a_reason_that_is_kept(stage: Stage, session: int) -> None:
    other = factories.trainer("Ayla", "Aydın", province_id=1).id
    db.session.commit()
    data = typed(stage, session, count="0", trainer_ids=str(other))
    assert stage.coordinator.get(f"/sessions/{session}/move").status_code == 200
    refused = stage.coordinator.post(f"/sessions/{session}/move", data=data)
    assert refused.status_code == 422 and 'id="replace_reason-error"' in refused.text
    why = data | {"replace_reason": "Raporlu"}
    assert stage.coordinator.post(f"/sessions/{session}/move", data=why).status_code == 303
    kept = db.session.scalars(
        EVERYWHERE.restrict(sa.select(SessionChange), SessionChange).where(SessionChange.kind == ChangeKind.TRAINERS)
    ).one()
    assert (kept.reason, kept.sittings) == ("Raporlu", 1)
    addresses = [each.to_address for each in told()]
    assert "egitmen@yetkin.example" in addresses and not any("Raporlu" in each.body for each in told())
    assert "Raporlu" in stage.coordinator.page(f"/sessions/{session}").text
    assert "Raporlu" not in stage.staff.page(f"/sessions/{session}").text


@pytest.mark.parametrize(
    ("who", "status"),
    [("trainer", 403), ("staff", 403), ("focal_point", 403), ("viewer", 403), ("coordinator_elsewhere", 404)],
)
def test_who_may_not(stage: Stage, session: int, who: str, status: int) -> None:
    for path in (f"/sessions/{session}/move", f"/sessions/{session}/move/check"):
        assert getattr(stage, who).post(path, data=PLAIN).status_code == status, path
    assert now_(session).starts_on == MONDAY


def test_a_finished_one_is_not_moved(stage: Stage, session: int) -> None:
    now_(session).status = SessionStatus.CANCELLED
    db.session.commit()
    assert stage.coordinator.get(f"/sessions/{session}/move").status_code == 422
    assert stage.coordinator.post(f"/sessions/{session}/move", data=PLAIN).status_code == 422
    assert f"/sessions/{session}/move" not in stage.coordinator.page(f"/sessions/{session}").links


def test_what_the_page_costs(stage: Stage, session: int) -> None:
    browser = stage.coordinator
    browser.page(f"/sessions/{session}")
    with statements() as seen:
        browser.page(f"/sessions/{session}/move")
    assert len(seen) <= 8
