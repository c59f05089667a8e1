"""A session's list and one enrolment: who may see what, and what happens when buttons are pressed."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry
from app.completion.models import Result
from app.core.clock import today
from app.core.db import db
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.training import queries as training
from app.training.models import Acceptance, SessionStatus
from tests import factories
from tests.cast import By
from tests.conftest import HX, Stage
from tests.counting import statements
from tests.enrolment.stage import course, course_session, enrolled, finalised, person, statuses, trainer
from tests.factories import employee

S = EnrolmentStatus


# --- the list -------------------------------------------------------------------------------------------


def test_the_coordinator_sees_the_list_with_seats_balance_and_waiting_people(stage: Stage) -> None:
    session = course_session(capacity=2)
    enrolled(session, *(stage.cast.employees[name] for name in ("elif", "isik", "sukru")))
    page = stage.coordinator.page(f"/sessions/{session.id}/enrolments")
    for words in ("Elif Ağaoğlu", "Işık Çınar", "Şükrü İğneci", "2 / 2", "1 kadın, 1 erkek", "%50", "Yedek listede"):
        assert words in page.text, words
    assert "Katılımcılar · BK-02/1" in page.title


def first_of(stage: Stage, path: str) -> list[str]:
    """The buttons above a page that say they come next."""
    head = stage.coordinator.get(path).text.split('class="tabs')[0]
    found = re.findall(r'class="btn btn-primary[^"]*"[^>]*>(.*?)</(?:a|button)>', head, re.S)
    return [re.sub(r"<[^>]+>", "", each).strip() for each in found]


def test_what_comes_next_is_the_first_button_of_both_pages(stage: Stage) -> None:
    """Filling it, then confirming, then, once it is over, finalising; never reopening what is done."""
    session = course_session(capacity=3, minimum=2)
    list_, overview = f"/sessions/{session.id}/enrolments", f"/sessions/{session.id}"
    assert first_of(stage, list_) == first_of(stage, overview) == ["Katılımcı ekle"]
    enrolled(session, *(stage.cast.employees[name] for name in ("elif", "isik")))
    assert first_of(stage, list_) == first_of(stage, overview) == ["Kesinleştir ve davet et"]
    session.status = SessionStatus.CONFIRMED
    db.session.commit()
    assert first_of(stage, overview) == []
    yesterday = today() - timedelta(days=1)
    session.starts_on = session.ends_on = yesterday
    for each in training.sittings(session):
        each.date = yesterday
    db.session.commit()
    assert first_of(stage, overview) == ["Sonuçlandır"]
    session.status = SessionStatus.FINALISED
    db.session.commit()
    text = stage.admin.get(overview).text
    assert re.search(
        r'class="btn btn-secondary[^"]*"[^>]*href="[^"]*/reopen"|href="[^"]*/reopen"[^>]*btn-secondary', text
    )


def test_the_list_filters_sorts_and_searches(stage: Stage) -> None:
    session = course_session(capacity=2)
    enrolled(session, *(stage.cast.employees[name] for name in ("elif", "isik", "sukru")))
    path = f"/sessions/{session.id}/enrolments"
    waiting = stage.coordinator.page(f"{path}?status=waitlisted").text
    assert "Şükrü" in waiting and "Elif" not in waiting
    assert "Işık" in stage.coordinator.page(f"{path}?q=isik").text
    falling = stage.coordinator.page(f"{path}?sort=name&direction=desc").text
    assert falling.index("Şükrü") < falling.index("Işık") < falling.index("Elif")
    assert stage.coordinator.get(f"{path}?sort=../&direction=x&page=9&status=y").status_code == 200


def test_the_list_as_a_fragment_is_the_list_alone(stage: Stage) -> None:
    session = course_session()
    enrolled(session, stage.cast.employees["elif"])
    answer = stage.coordinator.get(f"/sessions/{session.id}/enrolments?q=elif", headers=HX)
    assert answer.text.lstrip().startswith('<div id="list"') and "Elif" in answer.text


def test_the_list_costs_a_fixed_number_of_statements(stage: Stage) -> None:
    session = course_session(capacity=10)
    people = [employee("Çok", f"Kişi{number}", f"K-{number}", 1).id for number in range(9)]
    enrolled(session, people[0])
    path = f"/sessions/{session.id}/enrolments"
    stage.coordinator.get(path)
    with statements() as few:
        stage.coordinator.get(path)
    enrolled(session, *people[1:])
    with statements() as many:
        stage.coordinator.get(path)
    assert len(many) == len(few)
    assert len(many) <= 8, "\n".join(many)


def test_exactly_what_is_shown_goes_into_the_file_and_leaves_a_trace(stage: Stage) -> None:
    session = course_session(capacity=2)
    enrolled(session, *(stage.cast.employees[name] for name in ("elif", "isik", "sukru")))
    answer = stage.coordinator.get(
        f"/sessions/{session.id}/enrolments?status=enrolled&sort=name&direction=desc&format=csv"
    )
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["Adı soyadı", "Işık Çınar", "Elif Ağaoğlu"]
    trace = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.exported")).one()
    assert trace.facts == {"what": "enrolments", "format": "csv", "rows": 2}


def test_a_focal_point_sees_her_own_people_and_a_number(stage: Stage) -> None:
    session = course_session(capacity=5)
    enrolled(session, stage.cast.employees["elif"], stage.cast.employees["sukru"])
    page = stage.focal_point.page(f"/sessions/{session.id}/enrolments")
    assert "Elif Ağaoğlu" in page.text and "Şükrü" not in page.text
    assert "Boş yer 3" in page.text
    exported = stage.focal_point.get(f"/sessions/{session.id}/enrolments?format=csv").get_data().decode("utf-8-sig")
    assert "Elif" in exported and "Şükrü" not in exported


def test_a_trainer_sees_names_and_institutions_only(stage: Stage) -> None:
    session = course_session(status=SessionStatus.CONFIRMED, capacity=2)
    enrolled(session, *(stage.cast.employees[name] for name in ("elif", "isik", "sukru")))
    assert stage.trainer.get(f"/sessions/{session.id}/enrolments").status_code == 404, "not her session"
    trainer(session, user_id=stage.cast.users["trainer"])
    page = stage.trainer.page(f"/sessions/{session.id}/enrolments")
    assert "Elif Ağaoğlu" in page.text and "Nizip Belediyesi" in page.text
    for hidden in ("Şükrü", "N-001", "Uzman", "Yedek"):
        assert hidden not in page.text, hidden
    assert not any("/enrolments/" in link for link in page.links)


def test_a_staff_member_sees_her_own_place_and_nobody_else(stage: Stage) -> None:
    session = course_session()
    enrolled(session, stage.cast.employees["elif"], stage.cast.employees["isik"])
    page = stage.staff.page(f"/sessions/{session.id}/enrolments")
    assert "Katılacağım" in page.text and "Işık" not in page.text


def test_who_may_not_and_who_finds_nothing(stage: Stage) -> None:
    session = course_session()
    (seat,) = enrolled(session, stage.cast.employees["elif"])
    for path in (f"/sessions/{session.id}/enrolments", f"/enrolments/{seat.id}"):
        assert stage.nobody.get(path).status_code == 302
        assert stage.viewer.get(path).status_code == 403
        assert stage.nobody_special.get(path).status_code == 403
        assert stage.coordinator_elsewhere.get(path).status_code == 404
        assert stage.focal_point_elsewhere.get(path).status_code == 404
    assert stage.coordinator.get("/sessions/999/enrolments").status_code == 404
    assert stage.coordinator.get("/enrolments/999").status_code == 404
    assert stage.trainer.get(f"/enrolments/{seat.id}").status_code == 403


def test_the_waiting_list_says_of_nobody_that_there_is_no_need(stage: Stage) -> None:
    """Class 3 holds whoever was never rated as well."""
    session = course_session(capacity=1)
    enrolled(session, stage.cast.employees["isik"], stage.cast.employees["elif"])
    assert "3: bilinen ihtiyacı yok" in stage.coordinator.page(f"/sessions/{session.id}/enrolments").text


# --- one enrolment --------------------------------------------------------------------------------------


def test_accept_reject_and_remove(stage: Stage) -> None:
    session = course_session(acceptance=Acceptance.BY_HAND)
    elif_, isik = stage.cast.employees["elif"], stage.cast.employees["isik"]
    first = factories.enrolment(session.id, elif_, S.NOMINATED).id
    second = factories.enrolment(session.id, isik, S.NOMINATED).id
    answer = stage.coordinator.post(f"/enrolments/{first}/accept", data={"back": "list"})
    assert (answer.status_code, answer.location) == (303, f"/sessions/{session.id}/enrolments")
    refused = stage.coordinator.post(f"/enrolments/{second}/reject", data={"reason": ""})
    assert refused.status_code == 422
    assert stage.coordinator.post(f"/enrolments/{second}/reject", data={"reason": "Koşul"}).status_code == 303
    assert (
        stage.coordinator.post(f"/enrolments/{first}/remove", data={"reason": "Görev değişikliği"}).status_code == 303
    )
    page = stage.coordinator.page(f"/enrolments/{first}")
    assert "Gerekçe: Görev değişikliği" in page.text and "Ayşe Çelik" in page.text
    assert statuses(session.id) == {elif_: S.REMOVED, isik: S.REJECTED}


def test_a_clash_on_the_page_of_an_enrolment(stage: Stage) -> None:
    isik = stage.cast.employees["isik"]
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), isik)
    session = course_session(acceptance=Acceptance.BY_HAND)
    key = factories.enrolment(session.id, isik, S.NOMINATED).id
    assert "Aynı saatte" in stage.coordinator.page(f"/enrolments/{key}").text
    assert stage.coordinator.post(f"/enrolments/{key}/accept", data={"override": ""}).status_code == 422
    assert stage.coordinator.post(f"/enrolments/{key}/accept", data={"override": "Vali onayı"}).status_code == 303


def test_only_those_who_run_the_session_decide(stage: Stage) -> None:
    session = course_session(acceptance=Acceptance.BY_HAND)
    key = factories.enrolment(session.id, stage.cast.employees["elif"], S.NOMINATED).id
    for verb in ("accept", "remove"):
        assert stage.focal_point.post(f"/enrolments/{key}/{verb}", data={"reason": "x"}).status_code == 403
        assert stage.coordinator_elsewhere.post(f"/enrolments/{key}/{verb}", data={"reason": "x"}).status_code == 404
    assert stage.focal_point.post(f"/enrolments/{key}/reject", data={"reason": "x"}).status_code == 404
    assert stage.staff.post(f"/enrolments/{key}/reject", data={"reason": "x"}).status_code == 403
    elsewhere = factories.enrolment(
        course_session(course("BK-05", "Başka"), province_id=2).id, stage.cast.employees["elif"], S.NOMINATED
    ).id
    assert stage.coordinator.get(f"/enrolments/{elsewhere}").status_code == 200, (
        "her own person, in a session run elsewhere"
    )
    assert stage.coordinator.post(f"/enrolments/{elsewhere}/accept").status_code == 404
    assert stage.coordinator.post(f"/enrolments/{elsewhere}/remove", data={"reason": "x"}).status_code == 404
    assert stage.coordinator.post(f"/enrolments/{elsewhere}/reject", data={"reason": "x"}).status_code == 404


def test_a_staff_member_answers_and_withdraws_for_herself_only(stage: Stage) -> None:
    session = course_session(status=SessionStatus.CONFIRMED)
    mine, other = enrolled(session, stage.cast.employees["elif"], stage.cast.employees["isik"])
    assert stage.staff.post(f"/enrolments/{other.id}/answer", data={"answer": "no"}).status_code == 404
    assert stage.staff.post(f"/enrolments/{other.id}/withdraw").status_code == 404
    answer = stage.staff.post(f"/enrolments/{mine.id}/answer", data={"answer": "yes", "back": "me"})
    assert (answer.status_code, answer.location) == (303, "/me")
    db.session.expire_all()
    assert EVERYWHERE.get(Enrolment, mine.id).answer is Answer.YES
    assert stage.staff.post(f"/enrolments/{mine.id}/withdraw", data={"why": "duty"}).status_code == 303
    late = stage.staff.post(f"/enrolments/{mine.id}/answer", data={"answer": "yes"})
    assert late.status_code == 422 and "davet kalmadı" in late.text
    assert statuses(session.id) == {stage.cast.employees["elif"]: S.DECLINED, stage.cast.employees["isik"]: S.ENROLLED}


def test_looking_changes_nothing(stage: Stage) -> None:
    session = course_session(status=SessionStatus.CONFIRMED)
    (mine,) = enrolled(session, stage.cast.employees["elif"])
    assert stage.staff.get(f"/enrolments/{mine.id}/answer?answer=no").status_code == 405
    assert stage.staff.get(f"/sessions/{session.id}/apply").status_code == 405


# --- confirming -----------------------------------------------------------------------------------------


def test_confirming_below_the_minimum_wants_a_reason(stage: Stage) -> None:
    session = course_session(minimum=2)
    enrolled(session, stage.cast.employees["elif"])
    path = f"/sessions/{session.id}/confirm"
    assert "Kesinleştir ve davet et" in stage.coordinator.page(f"/sessions/{session.id}/enrolments").text
    answer = stage.coordinator.post(path, data={"reason": ""})
    assert answer.status_code == 422 and "En az 2 kişi gerekiyor" in answer.text
    assert stage.coordinator_elsewhere.post(path).status_code == 404
    assert stage.focal_point.post(path).status_code == 403
    assert stage.coordinator.post(path, data={"reason": "Valilik istedi"}).status_code == 303
    assert "Kesinleşti" in stage.coordinator.page(f"/sessions/{session.id}/enrolments").text


# --- on other pages -------------------------------------------------------------------------------------


def test_tasks_of_coordinator_and_focal_point(stage: Stage) -> None:
    from app.access.models import User
    from app.access.queries import caller_of
    from app.enrolment.nominations import pages as nominations
    from app.enrolment.seats import pages as seats

    low = course_session(minimum=3, day=today() + timedelta(days=10))
    factories.enrolment(low.id, stage.cast.employees["isik"], S.NOMINATED)
    factories.enrolment(low.id, stage.cast.employees["elif"], S.APPLIED)

    def tasks(name: str) -> list[str]:
        with stage.app.test_request_context("/"):
            caller = caller_of(EVERYWHERE.get(User, stage.cast.users[name]))
            return [task.label for room in (seats, nominations) for task in room.tasks(caller, None)]

    assert tasks("coordinator") == ["Yeterli kayıt yok: BK-02/1 Vaka yönetimi", "Karar bekleyen 1 aday: BK-02/1"]
    assert tasks("focal_point") == ["Onayınızı bekleyen 1 başvuru var"]
    assert tasks("coordinator_elsewhere") == tasks("focal_point_elsewhere") == tasks("staff") == []


def test_the_own_list_offers_to_apply_again_after_a_withdrawal(stage: Stage) -> None:
    session = course_session()
    nominations.apply(session, person(stage.cast.employees["elif"]), by=By())
    db.session.commit()
    key = db.session.scalars(EVERYWHERE.restrict(sa.select(Enrolment.id), Enrolment)).one()
    assert stage.staff.post(f"/enrolments/{key}/withdraw", data={"back": "list"}).status_code == 303
    assert "Eğitime başvur" in stage.staff.page(f"/sessions/{session.id}/enrolments").text


def test_a_focal_points_tab_counts_the_list_behind_it(stage: Stage) -> None:
    session = course_session()
    enrolled(session, *(stage.cast.employees[name] for name in ("elif", "isik", "sukru")))
    for browser, people in ((stage.focal_point, 2), (stage.coordinator, 3)):
        tabs = browser.page(f"/sessions/{session.id}").text
        assert re.search(rf"Katılımcılar\s*{people}\b", tabs)


def test_a_training_stands_once_on_a_persons_page(stage: Stage) -> None:
    session = course_session(day=today() - timedelta(days=20))
    elif_ = stage.cast.employees["elif"]
    finalised(session, {enrolled(session, elif_)[0]: Result.COMPLETED_SUCCESS})
    page = stage.focal_point.page(f"/people/{elif_}").text
    assert page.count("BK-02/1") == 1 and "Kayıtlı" not in page
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), elif_)
    page = stage.focal_point.page(f"/people/{elif_}").text
    assert page.count("BK-02/1") == page.count("BK-03/1") == 1
