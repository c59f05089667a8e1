"""One step for those ticked: each by the rules of one, and whoever it cannot be done for is named."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.access.models import User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.catalogue.models import Course
from app.core.clock import now, today
from app.core.db import db
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.enrolment.seats import services as seats
from app.people.leaving import services as leaving
from app.people.models import Employee
from app.post.models import Message
from app.training.models import Acceptance, CourseSession
from tests import factories
from tests.cast import By
from tests.conftest import Browser, Stage
from tests.enrolment.stage import course, course_session, enrolled, statuses
from tests.factories import employee

S = EnrolmentStatus


def send(browser: Browser, session: CourseSession, do: str, keys: list[int], **typed: str) -> TestResponse:
    address = f"/sessions/{session.id}/enrolments/several"
    hidden = browser.page(f"/sessions/{session.id}/enrolments").hidden(address)
    return browser.post(address, data=hidden | {"do": do, "enrolment_ids": keys} | typed)


def crowd(session: CourseSession, number: int) -> list[Enrolment]:
    people = [employee("Kişi", f"{one:03}", f"K-{one}", 1 + one % 2).id for one in range(number)]
    return enrolled(session, *people)


def messages(kind: str) -> list[str]:
    found = db.session.scalars(sa.select(Message).where(Message.occasion.startswith(f"{kind}:")))
    return sorted(one.to_address for one in found)


def confirmed(stage: Stage) -> tuple[CourseSession, list[int]]:
    """A confirmed session with Elif and Işık, the second without an address."""
    session = course_session()
    found = enrolled(session, stage.cast.employees["elif"], stage.cast.employees["isik"])
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).email = ""
    seats.confirm(session, by=By())
    db.session.commit()
    return session, [one.id for one in found]


def test_those_who_have_not_answered_are_reminded_and_whom_no_letter_reaches_is_named(stage: Stage) -> None:
    session, keys = confirmed(stage)
    assert send(stage.coordinator, session, "remind", keys).status_code == 303
    page = stage.coordinator.page(f"/sessions/{session.id}/enrolments").text
    assert "1 kişiye hatırlatma gönderildi" in page and "Işık Çınar: " in page
    assert len(messages("ask")) == 1
    send(stage.coordinator, session, "remind", keys)
    assert len(messages("ask")) == 1, "once a day"


@pytest.mark.parametrize("who", ["coordinator", "focal_point"])
def test_an_answer_is_recorded_for_several(stage: Stage, who: str) -> None:
    session, keys = confirmed(stage)
    assert send(getattr(stage, who), session, "yes", keys).status_code == 303
    db.session.expire_all()
    found = [EVERYWHERE.get(Enrolment, key) for key in keys]
    assert [(one.answer, one.answered_by_id) for one in found] == [(Answer.YES, stage.cast.users[who])] * 2


def test_a_no_asks_for_a_reason_first(stage: Stage) -> None:
    session, keys = confirmed(stage)
    asked = send(stage.coordinator, session, "no", keys)
    assert asked.status_code == 200 and "Elif Ağaoğlu" in asked.text
    refused = send(stage.coordinator, session, "no", keys, sure="1")
    assert refused.status_code == 422
    assert set(statuses(session.id).values()) == {S.ENROLLED}
    assert send(stage.coordinator, session, "no", keys, sure="1", why="leave").status_code == 303
    assert set(statuses(session.id).values()) == {S.DECLINED}


def test_of_a_hundred_three_have_left_and_are_named(stage: Stage) -> None:
    same = course()
    session = course_session(same, capacity=100)
    other = course_session(same, ordinal=2, capacity=100)
    found = crowd(session, 100)
    by = caller_of(EVERYWHERE.get(User, stage.cast.users["coordinator"]))
    for one in found[:3]:
        leaving.leave(one.employee, by=by)
    db.session.commit()
    keys = [one.id for one in found]
    answer = send(stage.coordinator, session, "move", keys, sure="1", target_id=str(other.id))
    assert answer.status_code == 303
    assert sum(status is S.ENROLLED for status in statuses(other.id).values()) == 97
    page = stage.coordinator.page(f"/sessions/{session.id}/enrolments").text
    assert "97 kişi" in page
    assert all(f"Kişi {number:03}" in page for number in range(3))


def test_nobody_gives_up_a_seat_for_a_waiting_list(stage: Stage) -> None:
    same = course()
    session = course_session(same)
    full = course_session(same, ordinal=2, capacity=1)
    enrolled(full, stage.cast.employees["sukru"])
    (here,) = enrolled(session, stage.cast.employees["elif"])
    answer = send(stage.coordinator, session, "move", [here.id], sure="1", target_id=str(full.id))
    assert answer.status_code == 422 and "boş yer yok" in answer.text
    assert statuses(session.id)[stage.cast.employees["elif"]] is S.ENROLLED
    assert statuses(full.id) == {stage.cast.employees["sukru"]: S.ENROLLED}


def test_the_seat_that_is_left_goes_to_the_next(stage: Stage) -> None:
    same = course()
    session = course_session(same, capacity=1)
    other = course_session(same, ordinal=2)
    here, _ = enrolled(session, stage.cast.employees["elif"], stage.cast.employees["isik"])
    send(stage.coordinator, session, "move", [here.id], sure="1", target_id=str(other.id))
    assert statuses(session.id)[stage.cast.employees["isik"]] is S.ENROLLED
    assert statuses(other.id) == {stage.cast.employees["elif"]: S.ENROLLED}


def test_a_session_of_another_course_is_no_place_to_move_to(stage: Stage) -> None:
    session, another = course_session(), course_session(course("BK-03", "Mülteci hukuku"))
    (here,) = enrolled(session, stage.cast.employees["elif"])
    answer = send(stage.coordinator, session, "move", [here.id], sure="1", target_id=str(another.id))
    assert answer.status_code == 422
    assert statuses(another.id) == {}


def test_seats_are_taken_back_with_one_reason(stage: Stage) -> None:
    session = course_session()
    keys = [one.id for one in enrolled(session, stage.cast.employees["elif"], stage.cast.employees["isik"])]
    assert send(stage.coordinator, session, "remove", keys, sure="1", reason="Kurum kararı").status_code == 303
    assert set(statuses(session.id).values()) == {S.REMOVED}


def test_those_ticked_are_printed_with_their_phone(stage: Stage) -> None:
    session = course_session()
    keys = [one.id for one in enrolled(session, stage.cast.employees["elif"])]
    EVERYWHERE.get(Employee, stage.cast.employees["elif"]).phone = "0532 000 00 01"
    db.session.commit()
    assert "0532 000 00 01" in send(stage.coordinator, session, "print", keys).text


@pytest.mark.parametrize("do", ["remind", "yes", "support", "accept", "reject"])
def test_what_can_be_done_for_nobody_says_why(stage: Stage, do: str) -> None:
    session = course_session()
    here, _ = enrolled(session, stage.cast.employees["elif"], stage.cast.employees["isik"])
    seats.remove(here, by=By(), reason="Görev")
    db.session.commit()
    answer = send(stage.coordinator, session, do, [here.id], sure="1", reason="Neden")
    assert answer.status_code == 422
    assert "Elif Ağaoğlu: " in answer.text


def test_nobody_ticked_leads_back(stage: Stage) -> None:
    session, _ = confirmed(stage)
    assert send(stage.coordinator, session, "remind", []).status_code == 303


def test_a_focal_point_does_it_for_their_own_people_only(stage: Stage) -> None:
    session = course_session()
    keys = [one.id for one in enrolled(session, stage.cast.employees["elif"], stage.cast.employees["sukru"])]
    seats.confirm(session, by=By())
    send(stage.focal_point, session, "yes", keys)
    db.session.expire_all()
    assert [EVERYWHERE.get(Enrolment, key).answer for key in keys] == [Answer.YES, Answer.NONE]
    assert send(stage.focal_point, session, "remove", keys, sure="1", reason="x").status_code == 404


def test_an_outsider_finds_nothing(stage: Stage) -> None:
    session, keys = confirmed(stage)
    own = course_session(course("BK-03", "Hukuk"), province_id=2)
    address = f"/sessions/{own.id}/enrolments/several"
    hidden = stage.coordinator_elsewhere.page(f"/sessions/{own.id}/enrolments/add").hidden(
        f"/sessions/{own.id}/enrolments/add"
    )
    away = address.replace(str(own.id), str(session.id))
    answer = stage.coordinator_elsewhere.post(away, data=hidden | {"do": "remind", "enrolment_ids": keys})
    assert answer.status_code == 404


def test_the_list_says_what_each_waits_for(stage: Stage) -> None:
    session, _ = confirmed(stage)
    page = stage.coordinator.page(f"/sessions/{session.id}/enrolments").text
    assert "davete yanıt vermedi" in page


def test_where_others_are_waited_for_they_are_reminded(stage: Stage) -> None:
    """A coordinator reminds the institution of an application, a focal point whoever decides on a nomination."""
    session = course_session(acceptance=Acceptance.BY_HAND)
    asks = factories.enrolment(session.id, stage.cast.employees["elif"], S.APPLIED).id
    named = factories.enrolment(session.id, stage.cast.employees["isik"], S.NOMINATED).id
    db.session.commit()
    send(stage.coordinator, session, "remind", [asks, named])
    page = stage.coordinator.page(f"/sessions/{session.id}/enrolments").text
    assert "1 başvuru için karar verecek kişilere hatırlatma gönderildi" in page
    assert "Işık Çınar: Bunun için sizin kararınız bekleniyor" in page
    assert messages("support_wanted") == ["ik.nizip@yetkin.example"] and messages("ask") == []
    send(stage.focal_point, session, "remind", [asks, named])
    page = stage.focal_point.page(f"/sessions/{session.id}/enrolments").text
    assert "1 başvuru için karar" in page and "Elif Ağaoğlu: Bunun için sizin" in page
    assert messages("decision_wanted") == ["koordinator@yetkin.example"]
    send(stage.coordinator, session, "remind", [asks])
    assert len(messages("support_wanted")) == 1, "once a day"


def test_an_application_that_came_to_nobody_is_whose_who_coordinates(stage: Stage) -> None:
    session = course_session()
    asks = factories.enrolment(session.id, stage.cast.employees["elif"], S.APPLIED).id
    session.nominations_close_at = now() - timedelta(hours=1)
    db.session.commit()
    send(stage.focal_point, session, "remind", [asks])
    assert (len(messages("decision_wanted")), messages("support_wanted")) == (1, [])


@pytest.mark.parametrize("certain", [True, False])
def test_who_goes_to_another_group_gets_one_letter_and_one_entry_in_the_calendar(stage: Stage, certain: bool) -> None:
    session, (here, _) = confirmed(stage)
    other = course_session(EVERYWHERE.get(Course, session.course_id), ordinal=2, day=today() + timedelta(days=50))
    if certain:
        enrolled(other, stage.cast.employees["sukru"])
        seats.confirm(other, by=By())
    db.session.commit()
    first = calendar_of("invite")
    before = db.session.scalar(sa.select(sa.func.max(Message.id))) or 0
    send(stage.coordinator, session, "move", [here], sure="1", target_id=str(other.id))
    assert statuses(other.id)[stage.cast.employees["elif"]] is S.ENROLLED
    (letter,) = db.session.scalars(sa.select(Message).where(Message.id > before)).all()
    assert "Başka grup" in letter.subject and "BK-02/1" in letter.body and "BK-02/2" in letter.body
    after = (letter.calendar or b"").decode()
    uid = re.search(r"UID:\S+", first)
    assert uid is not None and uid[0] in after and "SEQUENCE:1" in after
    assert letter.calendar_method == ("REQUEST" if certain else "CANCEL")
    assert letter.occasion.partition(":")[0] == ("invite" if certain else "seat"), "it counts as the invitation"
    if certain:
        assert f"{other.starts_on:%Y%m%d}" in after and f"{session.starts_on:%Y%m%d}" not in after


def calendar_of(kind: str) -> str:
    found = db.session.scalars(sa.select(Message).where(Message.occasion.startswith(f"{kind}:"))).first()
    assert found is not None and found.calendar is not None
    return found.calendar.decode()


def test_who_waits_and_goes_to_another_group_hears_of_the_seat_alone(stage: Stage) -> None:
    same = course()
    session = course_session(same, capacity=1)
    other = course_session(same, ordinal=2)
    _, waits = enrolled(session, stage.cast.employees["elif"], stage.cast.employees["isik"])
    before = db.session.scalar(sa.select(sa.func.max(Message.id))) or 0
    send(stage.coordinator, session, "move", [waits.id], sure="1", target_id=str(other.id))
    (letter,) = db.session.scalars(sa.select(Message).where(Message.id > before)).all()
    assert letter.occasion.startswith("seat:")


def test_who_has_not_answered_is_two_clicks_away(stage: Stage) -> None:
    session, (elif_, _) = confirmed(stage)
    EVERYWHERE.get(Enrolment, elif_).answer = Answer.YES
    db.session.commit()
    path = f"/sessions/{session.id}/enrolments?status=silent"
    assert "/sessions?concern=answers" in stage.coordinator.page("/").links
    assert path in stage.coordinator.page("/sessions?concern=answers").links
    page = stage.coordinator.page(path).text
    assert "Yanıt vermeyen (1)" in page and "Işık Çınar" in page and "Elif" not in page
    assert path not in stage.coordinator.page("/sessions").links
