"""Whom no letter reaches is named, and somebody is asked to tell them; an answer by phone is recorded."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time, timedelta

import pytest

from app.access.scope import EVERYWHERE
from app.core.clock import at, now, today
from app.core.db import db
from app.enrolment import services
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.seats import services as seats
from app.training import services as training_services
from app.training.assignments import untold
from app.training.conflicts.models import Planned
from app.training.models import Acceptance, CourseSession, SessionStatus, Sitting, UntoldTrainer
from app.training.sessions import services as sessions
from app.training.sittings import services as sittings
from tests.cast import By, Cast
from tests.conftest import Stage
from tests.enrolment.stage import course_session, enrolled, person, statuses, trainer

S = EnrolmentStatus


@pytest.fixture
def session(cast: Cast) -> CourseSession:
    """Elif has an address, Işık has none but a phone."""
    isik = person(cast.employees["isik"])
    isik.email, isik.phone = "", "0342 555 10 20"
    return course_session()


def seat(cast: Cast, session: CourseSession, name: str = "isik") -> Enrolment:
    (made,) = enrolled(session, cast.employees[name])
    services.told(made, by=By())  # that there is a seat; what follows is what is looked at
    db.session.commit()
    return made


def again(enrolment_id: int) -> Enrolment:
    db.session.expire_all()
    return EVERYWHERE.get(Enrolment, enrolment_id)


def test_confirming_names_whom_no_invitation_reaches(stage: Stage, session: CourseSession) -> None:
    enrolled(session, *(stage.cast.employees[name] for name in ("elif", "isik")))
    path = f"/sessions/{session.id}"
    before = stage.coordinator.get(f"{path}/enrolments").text
    assert "E-postası yok: 1 kişi. Işık Çınar" in before
    assert re.search(r'data-confirm="[^"]* davet edilecek\. E-postası yok: 1 kişi\."', before), "asked knowing it"
    answer = stage.coordinator.post(f"{path}/confirm", data={})
    page = stage.coordinator.page(answer.location)
    assert page.text.count("E-postası yok: 1 kişi. Işık Çınar") == 2, "once as the result, once where it stays"
    sheet = stage.coordinator.page(f"{path}/enrolments/untold").text
    assert "0342 555 10 20" in sheet and "Sosyal Yardım İşleri" in sheet and "Nizip Belediyesi" in sheet
    assert "09:00–10:30, 10:45–12:15" in sheet and "Elif" not in sheet
    assert "E-postası yok" in stage.focal_point.page(f"{path}/enrolments").text, "the institution knows how to reach"
    assert stage.focal_point.get(f"{path}/enrolments/untold").status_code == 200
    assert stage.coordinator_elsewhere.get(f"{path}/enrolments/untold").status_code == 404
    assert stage.staff.get(f"{path}/enrolments/untold").status_code == 403


@pytest.mark.parametrize("who", ["coordinator", "focal_point"])
def test_her_answer_by_phone_ends_the_task(stage: Stage, session: CourseSession, who: str) -> None:
    made = seat(stage.cast, session)
    seats.confirm(session, by=By())
    assert "Telefonla bildirilecek: 1 kişi, BK-02/1" in stage.coordinator.page("/").text
    data = {"answer": "yes", "back": "phone"}
    answer = getattr(stage, who).post(f"/enrolments/{made.id}/answer", data=data)
    assert answer.location == f"/sessions/{session.id}/enrolments/untold"
    assert "Telefonla bildirilecek" not in stage.coordinator.page("/").text
    row = again(made.id)
    assert (row.answer, row.answered_by_id) == (Answer.YES, stage.cast.users[who])
    shown = stage.coordinator.page(f"/enrolments/{made.id}").text
    assert "telefonla, kaydeden: " in shown


def test_no_by_phone_asks_why_and_gives_the_seat_away(stage: Stage, session: CourseSession) -> None:
    made = seat(stage.cast, session)
    seats.confirm(session, by=By())
    path = f"/enrolments/{made.id}/withdraw"
    assert "Aynı tarihte başka görev" in stage.coordinator.page(path).text
    assert stage.coordinator.post(path, data={}).status_code == 422
    assert again(made.id).status is S.ENROLLED
    assert stage.coordinator.post(path, data={"why": "duty", "reason": "Deprem tatbikatı"}).status_code == 303
    row = again(made.id)
    assert (row.status, row.untold_since) == (S.DECLINED, None)
    assert "Aynı tarihte başka görev: Deprem tatbikatı" in stage.coordinator.page(f"/enrolments/{made.id}").text


def test_told_without_an_answer_ends_the_task_too(stage: Stage, session: CourseSession) -> None:
    made = seat(stage.cast, session)
    seats.confirm(session, by=By())
    for name, status in (("staff", 403), ("coordinator_elsewhere", 404), ("focal_point_elsewhere", 404)):
        assert getattr(stage, name).post(f"/enrolments/{made.id}/told").status_code == status, name
    assert stage.coordinator.post(f"/enrolments/{made.id}/told", data={"back": "phone"}).status_code == 303
    assert again(made.id).untold_since is None
    assert "Telefonla bildirilecek" not in stage.coordinator.page("/").text


def test_the_task_ends_when_the_session_begins(stage: Stage, session: CourseSession) -> None:
    seat(stage.cast, session)
    seats.confirm(session, by=By())
    session.starts_on = today()
    db.session.commit()
    assert "Telefonla bildirilecek" not in stage.coordinator.page("/").text


def test_everything_that_could_not_be_written_waits_to_be_told(cast: Cast, session: CourseSession) -> None:
    made = seat(cast, session)

    def waits() -> bool:
        db.session.flush()
        found = made.untold_since is not None
        services.told(made, by=By())
        return found

    seats.confirm(session, by=By())
    assert waits(), "the invitation"
    training_services.move(session, SessionStatus.POSTPONED, by=By(), reason="Kar")
    assert waits(), "the postponement"
    training_services.move(session, SessionStatus.OPEN, by=By())
    assert waits(), "the new dates"
    seats.remove(made, by=By(), reason="Görev yeri değişti")
    assert waits(), "that the seat was taken back"


def test_a_decision_and_the_end_of_it_wait_to_be_told(cast: Cast, stage: Stage, session: CourseSession) -> None:
    session.acceptance = Acceptance.BY_HAND
    made = nominations.nominate(session, person(cast.employees["isik"]), by=By())
    seats.reject(made, by=By(), reason="Grup doldu")
    assert made.untold_since is not None
    services.told(made, by=By())
    again_asked = nominations.nominate(session, person(cast.employees["isik"]), by=By())
    seats.accept(again_asked, by=By())
    sessions.cancel(session, reason="Bütçe", by=By())
    assert made.untold_since is not None
    assert "Telefonla bildirilecek" in stage.coordinator.page("/").text
    assert "Eğitim iptal edildi." in stage.coordinator.page(f"/sessions/{session.id}/enrolments/untold").text


def test_whoever_can_be_written_to_waits_for_nobody(cast: Cast, session: CourseSession) -> None:
    made = seat(cast, session, "elif")
    seats.confirm(session, by=By())
    assert made.untold_since is None


# --- giving a seat up, and taking it back -----------------------------------------------------------------


# --- trainers -------------------------------------------------------------------------------------------


def test_a_trainer_without_an_address_is_told_by_somebody(stage: Stage, session: CourseSession) -> None:
    """Asked when it opens, moved, taken off: each time whoever runs it has a task, until it is done."""
    made = trainer(session)
    made.email, made.institution = "", "Nizip Halk Eğitimi"
    seat(stage.cast, session, "elif")
    session.status = SessionStatus.DRAFT
    db.session.commit()
    page = f"/sessions/{session.id}/enrolments/untold"
    told = f"/sessions/{session.id}/trainers/{made.id}/told"

    def task() -> bool:
        db.session.commit()
        return "Telefonla bildirilecek: 1 kişi, BK-02/1" in stage.coordinator.page("/").text

    def tick() -> None:
        assert stage.coordinator.post(told).location == page
        assert not task()
        db.session.expire_all()

    by = By(stage.cast.users["coordinator"])
    assert not task(), "a draft asks nobody"
    sessions.open_(session, by=by, reason="Tek eğitmen")
    assert task(), "she is asked"
    sheet = stage.coordinator.page(page).text
    assert "Ümit Güneş" in sheet and "Nizip Halk Eğitimi" in sheet and "1 oturum" in sheet
    assert "E-postası yok: 1 kişi. Ümit Güneş" in stage.coordinator.page(f"/sessions/{session.id}/enrolments").text
    assert "Ümit" not in stage.focal_point.page(page).text, "trainers are not the institution's"
    for name, status in (("staff", 403), ("focal_point", 403), ("coordinator_elsewhere", 404)):
        assert getattr(stage, name).post(told).status_code == status, name
    tick()
    first = EVERYWHERE.select(Sitting).where(Sitting.course_session_id == session.id).order_by(Sitting.id)
    sitting = db.session.scalars(first).first()
    assert sitting is not None and sitting.date is not None
    moved = Planned(sitting.date + timedelta(days=1), sitting.starts, sitting.ends, 1, (made.id,))
    sittings.change(session, [sitting], [moved], by=by, reason="Salon dolu")
    assert task(), "her sitting moved"
    assert "Yanıt bekliyor" in stage.coordinator.page(page).text
    tick()
    gone = replace(moved, trainer_ids=())
    sittings.change(session, [sitting], [gone], by=by, reason="Salon dolu", why="Hastalandı")
    assert task(), "she was taken off"
    assert "Artık oturumu yok" in stage.coordinator.page(page).text
    tick()
    assert stage.coordinator.post(told).status_code == 404, "there is nothing left to tell"


def test_after_the_beginning_only_what_came_up_since_is_told(stage: Stage, session: CourseSession) -> None:
    made = trainer(session)
    made.email = ""
    enrolment = seat(stage.cast, session)
    seats.confirm(session, by=By())
    untold.wait(session, made.id)
    session.starts_on = session.ends_on = today() - timedelta(days=1)
    db.session.commit()
    assert "Telefonla bildirilecek: 2 kişi" in stage.coordinator.page("/").text
    row = db.session.scalars(EVERYWHERE.select(UntoldTrainer)).one()
    row.since = enrolment.untold_since = now() - timedelta(days=3)
    db.session.commit()
    assert "Telefonla bildirilecek" not in stage.coordinator.page("/").text
    assert "Ümit" not in stage.coordinator.page(f"/sessions/{session.id}/enrolments/untold").text


def test_what_came_up_at_night_came_up_on_the_day_it_is_here(stage: Stage, session: CourseSession) -> None:
    """Between midnight and three it is still the day before in the moment that is kept."""
    made = trainer(session)
    made.email = ""
    untold.wait(session, made.id)
    session.status = SessionStatus.CONFIRMED
    begun = session.starts_on = session.ends_on = today() - timedelta(days=2)
    row = db.session.scalars(EVERYWHERE.select(UntoldTrainer)).one()
    for day, wall, due in ((0, time(23, 59), False), (1, time(0, 1), True), (1, time(2, 59), True)):
        row.since = at(begun + timedelta(days=day), wall)
        db.session.commit()
        assert ("Telefonla bildirilecek" in stage.coordinator.page("/").text) is due, (day, wall)


# --- giving up ------------------------------------------------------------------------------------------


def test_giving_a_seat_up_is_a_page_of_its_own_that_asks_why(stage: Stage, session: CourseSession) -> None:
    session.status = SessionStatus.CONFIRMED
    made = seat(stage.cast, session, "elif")
    old = stage.staff.post(f"/enrolments/{made.id}/answer", data={"answer": "no", "back": "me"})
    assert old.location == f"/enrolments/{made.id}/withdraw?back=me"
    page = stage.staff.page(old.location)
    assert "BK-02/1 Vaka yönetimi" in page.text and "09:00–10:30, 10:45–12:15" in page.text
    assert again(made.id).status is S.ENROLLED, "nothing has been given away yet"
    refused = stage.staff.post(f"/enrolments/{made.id}/withdraw", data={"back": "me"})
    assert refused.status_code == 422 and "Lütfen gerekçesini yazınız." in refused.text
    answer = stage.staff.post(f"/enrolments/{made.id}/withdraw", data={"back": "me", "reason": "Nöbetim var"})
    assert answer.location == f"/enrolments/{made.id}", "where the way back stands"
    assert "Vazgeçtim, katılacağım" in stage.staff.page(answer.location).text
    assert again(made.id).status is S.DECLINED
    assert stage.staff.get(f"/enrolments/{made.id}/withdraw").status_code == 303, "there is nothing left to give up"


def test_a_seat_given_up_is_taken_back_while_it_is_free(stage: Stage, session: CourseSession) -> None:
    session.status = SessionStatus.CONFIRMED
    made = seat(stage.cast, session, "elif")
    seats.withdraw(made, by=By(), reason="Görev")
    for path in (f"/enrolments/{made.id}", f"/sessions/{session.id}/enrolments"):
        assert "Vazgeçtim, katılacağım" in stage.staff.page(path).text
    assert stage.focal_point_elsewhere.post(f"/enrolments/{made.id}/take-back").status_code == 404
    assert stage.staff.post(f"/enrolments/{made.id}/take-back", data={"back": "list"}).status_code == 303
    row = again(made.id)
    assert (row.status, row.answer) == (S.ENROLLED, Answer.YES)
    twice = stage.staff.post(f"/enrolments/{made.id}/take-back")
    assert twice.status_code == 422 and "Yalnızca bırakılan bir yer" in twice.text


def test_not_when_somebody_else_has_it_or_it_has_begun(stage: Stage, session: CourseSession) -> None:
    session.capacity = 1
    made = seat(stage.cast, session, "elif")
    enrolled(session, stage.cast.employees["isik"])
    seats.withdraw(made, by=By(), reason="Görev")
    assert statuses(session.id)[stage.cast.employees["isik"]] is S.ENROLLED
    assert "Vazgeçtim" not in stage.staff.page(f"/enrolments/{made.id}").text
    late = stage.staff.post(f"/enrolments/{made.id}/take-back")
    assert late.status_code == 422 and "başkasına verildi" in late.text
    session.capacity, session.starts_on = 2, today() - timedelta(days=1)
    db.session.commit()
    assert "Vazgeçtim" not in stage.staff.page(f"/enrolments/{made.id}").text
    assert stage.staff.post(f"/enrolments/{made.id}/take-back").status_code == 422
